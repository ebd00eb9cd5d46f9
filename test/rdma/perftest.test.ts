import { parsePerftest } from "ringside/rdma";
import { expect, test } from "vitest";

const LINE = "-".repeat(87);

test("reads what ib_write_lat prints", () => {
  const text = `${LINE}
 remote address: LID 0000 QPN 0x0011 PSN 0xae708d RKey 0x00025a VAddr 0x0055e406e59000
${LINE}
 #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec] 
 64      200          233.02         46392.33      6288.62  	       9665.17     	9363.55		46309.63 		46392.33
${LINE}
`;
  expect(parsePerftest(text)).toEqual({
    "#bytes": 64,
    "#iterations": 200,
    "t_min[usec]": 233.02,
    "t_max[usec]": 46_392.33,
    "t_typical[usec]": 6288.62,
    "t_avg[usec]": 9665.17,
    "t_stdev[usec]": 9363.55,
    "99% percentile[usec]": 46_309.63,
    "99.9% percentile[usec]": 46_392.33,
  });
});

test("reads what ib_write_bw prints", () => {
  const text = ` #bytes     #iterations    BW peak[MiB/sec]    BW average[MiB/sec]   MsgRate[Mpps]
 64         200              0.22               0.12   		     0.001901
`;
  expect(parsePerftest(text)).toEqual({
    "#bytes": 64,
    "#iterations": 200,
    "BW peak[MiB/sec]": 0.22,
    "BW average[MiB/sec]": 0.12,
    "MsgRate[Mpps]": 0.001901,
  });
});

test("refuses a text without a table, and says what was there", () => {
  expect(() => parsePerftest("Couldn't connect to 10.36.0.57:18515")).toThrow(/Couldn't connect/);
});
