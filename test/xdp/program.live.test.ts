import { Injector, Testbed, twoHosts } from "ringside/net";
import { attachXdp, loadXdp, loadXdpText, runOnCapture, runProgram, verdictCounts } from "ringside/xdp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const HEADER = "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n";
const LICENSE = '\nchar _license[] SEC("license") = "GPL";\n';

describe("an XDP program on a wire", () => {
  let testbed: Testbed;
  beforeAll(() => {
    testbed = Testbed.create(twoHosts());
  });
  afterAll(() => testbed.close());

  test.each(["native", "generic"] as const)("counts every injected frame in %s mode", async (mode) => {
    const program = loadXdp("count");
    const link = attachXdp(testbed, "b", program, mode);
    const injector = new Injector(testbed, "a");
    expect(testbed.facts("b").xdp).toBe(mode);
    await injector.inject(65_536);
    expect(verdictCounts(program).DROP).toEqual({ packets: 65_536, bytes: 65_536 * 60 });
    injector.close();
    link.close();
    program.close();
    expect(testbed.facts("b").xdp).toBe("none");
  });

  test("is refused where another one is attached", () => {
    const program = loadXdp("drop");
    const link = attachXdp(testbed, "b", program);
    expect(() => attachXdp(testbed, "b", program)).toThrow(/EBUSY/);
    link.close();
    program.close();
  });
});

describe("a program as a function", () => {
  test("gives its verdict and the bytes it left", () => {
    const program = loadXdp("tx");
    const frame = new Uint8Array(60).fill(1, 0, 6).fill(2, 6, 12);
    const { verdict, bytes } = runProgram(program, frame);
    expect(verdict).toBe("TX");
    expect([bytes[0], bytes[6]]).toEqual([2, 1]);
    program.close();
  });

  test("has no verdict on less than an Ethernet header", () => {
    const program = loadXdp("pass");
    expect(() => runProgram(program, new Uint8Array(13))).toThrow(/wants 14 or more/);
    expect(runOnCapture(program, [new Uint8Array(13), new Uint8Array(14)])).toEqual([null, "PASS"]);
    program.close();
  });

  test("names the line that clang refused", () => {
    expect(() => loadXdpText(`${HEADER}SEC("xdp") int f(struct xdp_md *c)\n{ return XDP_PAS; }`)).toThrow(
      /line 4/,
    );
  });

  test("brings the verifier's log when the kernel refused", () => {
    const text = `${HEADER}SEC("xdp") int f(struct xdp_md *c)\n{ char *d = (void *)(long)c->data; return d[12]; }${LICENSE}`;
    expect(() => loadXdpText(text, "peek")).toThrow(/instruction 1.*invalid access to packet/s);
  });

  test("says what is missing when no function is an XDP program", () => {
    expect(() => loadXdpText(`${HEADER}SEC("socket") int f(void *c) { return 0; }${LICENSE}`)).toThrow(
      /SEC\("xdp"\)/,
    );
  });
});
