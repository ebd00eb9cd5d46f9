// The C of two claims: the shape of the article's listing (C28), and a program that works on a packet before it passes it on (C24).

import { environmentProvenance, recordEnvironment } from "../../measure/index.js";
import { buildFrame } from "../../packet/index.js";
import { verdictsFigure } from "../../plot/index.js";
import { runProgram, tryXdp } from "../../xdp/index.js";
import type { Finding } from "../claim.js";

function program(body: string): string {
  return `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
SEC("xdp") int article(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	int verdict = XDP_DROP;
${body}
	return verdict;
}
`;
}

const MATCH = "eth->h_proto == bpf_htons(ETH_P_IP)";
/** The listing's shape: as printed, with its brace, and with the check that the verifier asks for. */
export const LISTING: Readonly<Record<"printed" | "braced" | "checked", string>> = {
  printed: program(`	if (${MATCH}) {\n		verdict = XDP_PASS;`),
  braced: program(`	if (${MATCH}) {\n		verdict = XDP_PASS;\n	}`),
  checked: program(`	if (data + sizeof(*eth) <= data_end && ${MATCH})\n		verdict = XDP_PASS;`),
};

const STAMP = 0x2a;
/** Writes a stamp over the last byte of the source address of every frame, and passes it. */
export const STAMPING: string = program(`	if (data + sizeof(*eth) <= data_end) {
		eth->h_source[5] = ${STAMP};
		verdict = XDP_PASS;
	}`);
const SOURCE_END = 11; // last byte of an Ethernet header's source address

/** C28: what clang and this kernel's verifier say of the listing. */
export function judgeListing(): Finding {
  const [printed, braced, checked] = [LISTING.printed, LISTING.braced, LISTING.checked].map((text) =>
    tryXdp(text),
  );
  checked!.program?.close();
  const tried = [printed!, braced!, checked!];
  const unable = tried.find(({ status }) => status === "cannot be tried");
  if (unable !== undefined) return { verdict: "not testable here", because: unable.summary, results: [] };
  const [first, second, third] = tried.map(({ status }) => status);
  const forms = ["as printed", "with its brace", "with a comparison against data_end before the match"];
  return {
    verdict: first === "loaded" ? "supports" : "contradicts",
    because: `As printed: ${first}. With its brace: ${second}. With a comparison against data_end before the match: ${third}. The same shape in our words, not the listing itself.`,
    results: [],
    sources: ["clang and this kernel's verifier, asked just now"],
    figure: verdictsFigure({
      title: "The article's listing before clang and the verifier",
      provenance: environmentProvenance(recordEnvironment()),
      rows: tried.map(({ status }, at) => ({ id: `${at + 1}`, text: forms[at]!, verdict: status })),
    }),
  };
}

/**
 * Whether a program changes a packet and passes it on: as a function, on one frame.
 *
 * @returns null where the program cannot be loaded here
 */
export function stampsAndPasses(): boolean | null {
  const { program: loaded } = tryXdp(STAMPING, "stamping");
  if (loaded === null) return null;
  const source = "02:00:00:00:00:0a";
  const frame = buildFrame({ ethernet: { source, destination: "02:00:00:00:00:0b" }, padTo: 60 });
  try {
    const { verdict, bytes } = runProgram(loaded, frame);
    return verdict === "PASS" && frame[SOURCE_END] !== STAMP && bytes[SOURCE_END] === STAMP;
  } finally {
    loaded.close();
  }
}
