import { parsePortStats } from "ringside/dpdk";
import { expect, test } from "vitest";

/** As testpmd of DPDK 22.11 prints it. */
const ANSWER = `
  ######################## NIC statistics for port 0  ########################
  RX-packets: 16455840   RX-missed: 7          RX-bytes:  987350400
  RX-errors: 0
  RX-nombuf:  3         
  TX-packets: 0          TX-errors: 0          TX-bytes:  0

  Throughput (since last show)
  Rx-pps:            0          Rx-bps:            0
  Tx-pps:            0          Tx-bps:            0
  ############################################################################
`;

test("reads every counter of a port from what testpmd prints", () => {
  expect(parsePortStats(ANSWER)).toEqual({
    rxPackets: 16_455_840,
    rxBytes: 987_350_400,
    rxMissed: 7,
    rxErrors: 0,
    rxNoMbuf: 3,
    txPackets: 0,
    txBytes: 0,
    txErrors: 0,
  });
});

test("names the counters that it does not find, and what was there instead", () => {
  expect(() => parsePortStats(ANSWER.replace("RX-nombuf", "RX-nobuffer"))).toThrow(
    /^Cannot read testpmd's port statistics: RX-nombuf not among ".*NIC statistics/s,
  );
});
