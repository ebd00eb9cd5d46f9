import { countPassed, courseCapture, tallyByKind, tryXdp } from "ringside/xdp";
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

test("packets are counted by their type, each under one verdict", () => {
  const ipv4 = new Uint8Array(14).fill(8, 12, 13);
  const tallies = tallyByKind([ipv4, ipv4, new Uint8Array(5)], ["PASS", "DROP", null]);
  expect(tallies).toEqual([
    { kind: "IPv4 (0x0800)", packets: 2, passed: 1, dropped: 1, notRun: 0 },
    { kind: "shorter than a header", packets: 1, passed: 0, dropped: 0, notRun: 1 },
  ]);
});
