import { JUPYTER_DISPLAY } from "ringside/plot";
import { countPassed, courseCapture, listingTable, tallyByKind, tryXdp, verdictStrip } from "ringside/xdp";
import { expect, test } from "vitest";

const article = (body: string): string => `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
SEC("xdp")
int article(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	${body}
	return XDP_DROP;
}
char LICENSE[] SEC("license") = "GPL";
`;

test("a missing brace is a value that names the brace, and no error", () => {
  const trial = tryXdp(article("if (eth) {"), "unbraced.c");
  expect([trial.status, trial.program]).toEqual(["does not compile", null]);
  expect(trial.compileError?.log).toContain("to match this '{'");
});

test("a refusal of the verifier names the line and what was proven", () => {
  const trial = tryXdp(article("if (eth->h_proto == 8)\n\t\treturn XDP_PASS;"), "unproven.c");
  expect(trial.status).toBe("refused");
  expect(trial.explanation).toMatchObject({ line: 10, access: { offset: 12, provenBytes: 0 } });
});

test("a program that passes IPv4 by its type passes 36 of the course's 68 packets", async () => {
  const trial = tryXdp(
    article(
      "if ((void *)(eth + 1) <= data_end && eth->h_proto == bpf_htons(ETH_P_IP))\n\t\treturn XDP_PASS;",
    ),
  );
  try {
    const packets = await courseCapture("course-mix.pcap");
    expect([packets.length, countPassed(trial, packets)]).toEqual([68, 36]);
  } finally {
    trial.program?.close();
  }
});

const MATCHER =
  "if ((void *)(eth + 1) <= data_end && eth->h_proto == bpf_htons(ETH_P_IP))\n\t\treturn XDP_PASS;";

test("each packet of a capture is drawn with its verdict", async () => {
  const trial = tryXdp(article(MATCHER));
  const here = { machine: "this one", kernel: "6", mode: "live" as const };
  const strip = verdictStrip(trial, await courseCapture("course-mix.pcap"), "the capture", here);
  trial.program?.close();
  const text = strip[JUPYTER_DISPLAY]()["text/plain"];
  expect(text).toContain("PASS 36, DROP 18, not run 14");
  expect(text).toContain("0 ARP DROP; 1 ARP DROP; 2 IPv4 PASS");
});

test("a listing shows what the kernel rewrote, and the size of the machine code", () => {
  const trial = tryXdp(article(MATCHER));
  const { text } = listingTable(trial.bytecode!, trial.program);
  trial.program?.close();
  expect(text).toMatch(/article: \d+ instructions, of which the kernel made \d+ bytes of machine code/);
  expect(text).toMatch(/\*\(u32 \*\)\(r1 \+4\) +r\d = \*\(u64 \*\)\(r1 \+8\)/);
});

test("bytecode is there for what the kernel refuses, and not for what does not compile", () => {
  expect(tryXdp(article("if (eth->h_proto == 8)\n\t\treturn XDP_PASS;")).bytecode?.name).toBe("article");
  expect(tryXdp(article("if (eth) {")).bytecode).toBeNull();
});

test("packets are counted by their type, each under one verdict", () => {
  const ipv4 = new Uint8Array(14).fill(8, 12, 13);
  const tallies = tallyByKind([ipv4, ipv4, new Uint8Array(5)], ["PASS", "DROP", null]);
  expect(tallies).toEqual([
    { kind: "IPv4 (0x0800)", packets: 2, passed: 1, dropped: 1, notRun: 0 },
    { kind: "shorter than a header", packets: 1, passed: 0, dropped: 0, notRun: 1 },
  ]);
});
