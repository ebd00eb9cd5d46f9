import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readCapture } from "ringside/packet";
import { compileXdp, loadXdp, loadXdpText, runOnCapture, runProgram, type XdpProgram } from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";

const HEADER = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
`;
const LICENSE = 'char LICENSE[] SEC("license") = "GPL";\n';
const IPV4_ONLY = `${HEADER}
SEC("xdp") int ipv4_only(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	return eth->h_proto == bpf_htons(ETH_P_IP) ? XDP_PASS : XDP_DROP;
}
${LICENSE}`;

const loaded: XdpProgram[] = [];
const keep = (program: XdpProgram): XdpProgram => {
  loaded.push(program);
  return program;
};
afterEach(() => {
  for (const program of loaded.splice(0)) program.close();
});

describe("a program as a function", () => {
  test("gives its verdict and the bytes it left", () => {
    const frame = new Uint8Array(60).fill(1, 0, 6).fill(2, 6, 12);
    const { verdict, returned, bytes } = runProgram(keep(loadXdp("tx")), frame);
    expect([verdict, returned, bytes.length]).toEqual(["TX", 3, 60]);
    expect([...bytes.subarray(0, 12)]).toEqual([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
    expect(frame[0]).toBe(1);
  });

  test("runs on 14 to 3520 bytes, and is not run on fewer or more", () => {
    const program = keep(loadXdp("pass"));
    for (const length of [14, 3520]) expect(runProgram(program, new Uint8Array(length)).verdict).toBe("PASS");
    expect(() => runProgram(program, new Uint8Array(13))).toThrow(
      "Cannot run pass on 13 bytes: the kernel takes 14 to 3520 -> pass a whole Ethernet header",
    );
    expect(() => runProgram(program, new Uint8Array(3521))).toThrow("-> pass a shorter packet");
    expect(
      runOnCapture(
        program,
        [13, 14, 3521].map((length) => new Uint8Array(length)),
      ),
    ).toEqual([null, "PASS", null]);
  });

  test("takes an answer that has no name for ABORTED", () => {
    const text = `${HEADER}SEC("xdp") int odd(struct xdp_md *ctx) { return 77; }\n${LICENSE}`;
    expect(runProgram(keep(loadXdpText(text)), new Uint8Array(14))).toMatchObject({
      verdict: "ABORTED",
      returned: 77,
    });
  });

  test("passes the IPv4 packets of a capture, and no other", async () => {
    const file = readFileSync(new URL("../../datasets/captures/course-mix.pcap", import.meta.url));
    const { packets } = await readCapture(new Uint8Array(file));
    const bytes = packets.map((packet) => packet.bytes);
    const verdicts = runOnCapture(keep(loadXdpText(IPV4_ONLY, "ipv4_only")), bytes);
    const expected = bytes.map((frame) =>
      frame.length < 14 ? null : frame[12] === 8 && frame[13] === 0 ? "PASS" : "DROP",
    );
    expect(verdicts).toEqual(expected);
    expect(new Set(verdicts).size).toBeGreaterThan(1);
  });
});

describe("C text", () => {
  test("is compiled once", () => {
    expect(compileXdp(IPV4_ONLY)).toBe(compileXdp(IPV4_ONLY));
  });

  test("is refused by clang with its own line", () => {
    const broken = IPV4_ONLY.replace("XDP_PASS", "XDP_PAS");
    expect(() => loadXdpText(broken, "ipv4_only")).toThrow(
      "Cannot compile ipv4_only: line 12: use of undeclared identifier 'XDP_PAS'; did you mean 'XDP_PASS'? -> mend line 12 first",
    );
  });

  test("is refused with a header's complaint when the text itself has none", () => {
    expect(() => loadXdpText('#include "nowhere.h"\n')).toThrow(/line 1: 'nowhere.h' file not found/);
  });

  test("is refused by the verifier with a log that quotes it, and leaves nothing in the kernel", () => {
    const text = `${HEADER}
SEC("xdp") int peek(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return data[12];
}
${LICENSE}`;
    const before = bpfDescriptors();
    try {
      loadXdpText(text, "peek");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "VerifierError", program: "peek" });
      expect((error as Error).message).toMatch(/invalid access to packet/);
      expect((error as { log: string }).log).toMatch(/; return data\[12\];/);
    }
    expect(bpfDescriptors()).toBe(before);
  });

  test("without an XDP function says what is missing", () => {
    expect(() => loadXdpText(`${HEADER}SEC("socket") int f(void *c) { return 0; }\n${LICENSE}`)).toThrow(
      'no function has SEC("xdp") -> put SEC("xdp") before it',
    );
  });

  test("of a program that was not built says how to build it", () => {
    expect(() => loadXdp("nowhere")).toThrow(/nowhere.bpf.o; found no such file -> run `npm run build`/);
  });
});

function bpfDescriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("anon_inode:bpf");
    } catch {
      return false; // the descriptor that listed the folder
    }
  }).length;
}
