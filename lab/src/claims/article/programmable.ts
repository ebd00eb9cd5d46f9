// C23 to C30: programs that the kernel runs on packets, and what the article concludes.
import { formatPps, wireTimeNs } from "../../base/index.js";
import { AGILIO_CX, breakEvenPps, offloadObstacles } from "../../bpf/index.js";
import { measure, provenance } from "../../measure/index.js";
import { flowFigure, pairsFigure } from "../../plot/index.js";
import { COURSE_PROGRAMS, courseProgram, tryXdp } from "../../xdp/index.js";
import { type Claim, type Finding, verdictOf } from "../claim.js";
import type { Examiner } from "../examiner.js";

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
const LISTING = {
  printed: program(`	if (${MATCH}) {\n		verdict = XDP_PASS;`),
  braced: program(`	if (${MATCH}) {\n		verdict = XDP_PASS;\n	}`),
  checked: program(`	if (data + sizeof(*eth) <= data_end && ${MATCH})\n		verdict = XDP_PASS;`),
};

function listing(): Finding {
  const [printed, braced, checked] = [LISTING.printed, LISTING.braced, LISTING.checked].map((text) =>
    tryXdp(text),
  );
  checked!.program?.close();
  const tried = [printed!, braced!, checked!];
  const unable = tried.find(({ status }) => status === "cannot be tried");
  if (unable !== undefined) return { verdict: "not testable here", because: unable.summary, results: [] };
  const [first, second, third] = tried.map(({ status }) => status);
  const asPrinted = first === "loaded" ? "supports" : "contradicts";
  return {
    verdict: asPrinted,
    because: `As printed: ${first}. With its brace: ${second}. With a comparison against data_end before the match: ${third}. The same shape in our words, not the listing itself.`,
    results: [],
  };
}

function beforeTheStack(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.skbCount, "skbs", { program: "drop" }, ({ frames, arrived, made }, result) => ({
    verdict: arrived === frames && made === 0 ? "supports" : "contradicts",
    because: `${arrived} of ${frames} frames met the program, and ${made} skbs entered the stack.`,
    figure: flowFigure({
      title: "The program answers before the stack has seen the packet",
      provenance: provenance(result),
      stages: [
        { name: "injected", out: frames },
        { name: "XDP program", out: made, drops: [{ count: arrived - made, reason: "XDP_DROP" }] },
        { name: "stack", out: made },
      ],
    }),
  }));
}

/** Processed wholly, passed on, sent to user memory: each with all of its frames accounted for. */
async function threeEnds(examiner: Examiner): Promise<Finding> {
  const kinds = [
    ["drop", 0],
    ["pass", 1],
    ["afXdp", 0],
  ] as const;
  const found: Finding[] = [];
  for (const [end, skbsEach] of kinds) {
    found.push(
      await examiner.ask(measure.skbCount, "skbs", { program: end }, ({ frames, made, received }) => ({
        verdict:
          made === skbsEach * frames && received === (end === "afXdp" ? frames : 0)
            ? "supports"
            : "contradicts",
        because: `${end}: ${frames} frames, ${made} skbs, ${received} in user memory`,
      })),
    );
  }
  const worst = found.find(({ verdict }) => verdict !== "supports");
  return {
    verdict: worst?.verdict ?? "supports",
    because: `${found.map(({ because }) => because).join("; ")}.`,
    results: found.flatMap(({ results }) => results),
  };
}

function unsuited(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.dropBySource, "×", {}, ({ overNative: { frames } }, result) => ({
    verdict: verdictOf(frames.stack.verdict),
    because: `To end a packet in the stack takes ${frames.stack.medianRatio.toFixed(1)} times as long as in a native program, on one core and a virtual wire. That is a price, not an unfitness: at low rates nobody pays it.`,
    figure: pairsFigure({
      title: "The stack's end of a packet against the driver's",
      label: "the stack / native XDP, time for a frame",
      provenance: provenance(result),
      rows: [{ name: "the stack / native XDP_DROP", comparison: frames.stack }],
    }),
  }));
}

/** Part of a server's requests is answered by XDP; and it stays the server that its clients believe it to be. */
async function requestsInXdp(examiner: Examiner): Promise<Finding> {
  const answered = await examiner.ask(measure.requestEvents, "skbs", {}, ({ hits, serverOnly }, result) => ({
    verdict: hits.fromCache === hits.requests && hits.wrong === 0 ? "supports" : "contradicts",
    because: `XDP answered ${hits.fromCache} of ${hits.requests} GETs for ${hits.skbs} skbs; without it they cost ${serverOnly.skbs}`,
    figure: flowFigure({
      title: "GETs that a key-value server's cache in XDP answers",
      provenance: provenance(result),
      stages: [
        { name: "GETs", out: hits.requests },
        {
          name: "XDP program",
          out: hits.requests - hits.fromCache,
          drops: [{ count: hits.fromCache, reason: "answered" }],
        },
        { name: "server", out: hits.fromServer },
      ],
    }),
  }));
  const kept = await examiner.ask(
    measure.cacheCoherence,
    "answers",
    {},
    ({ requests, wrong, lostUpdates }) => ({
      verdict: wrong === 0 && lostUpdates === 0 ? "supports" : "contradicts",
      because: `of ${requests} mixed GETs and PUTs ${wrong} had a stale, torn or otherwise wrong answer, and ${lostUpdates} updates were lost`,
    }),
  );
  const worst = [answered, kept].find(({ verdict }) => verdict !== "supports");
  return {
    ...answered,
    verdict: worst?.verdict ?? "supports",
    because: `${answered.because}; ${kept.because}.`,
    results: [...answered.results, ...kept.results],
  };
}

const NO_CARD = "No card that runs eBPF is in this machine, and none can be had in a VM.";

/** What can be said without a card: which of the course's programs its driver would take. */
function onTheCard(): Finding {
  const free = COURSE_PROGRAMS.filter(
    (name) => offloadObstacles(courseProgram(name), AGILIO_CX).length === 0,
  );
  const refused = COURSE_PROGRAMS.length - free.length;
  return {
    verdict: "not testable here",
    because: `${NO_CARD} By the rules of the Agilio CX's driver ${refused} of ${COURSE_PROGRAMS.length} programs of the course would be refused as they are; it would take ${free.join(" and ") || "none"}.`,
    results: [],
  };
}

/** A model of energy, fed with what a packet costs a core here; notebook 54 has its assumptions. */
function energyOfOffload(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.offloadCosts, "ns", {}, ({ driver, programs }) => {
    const [drop] = programs;
    const card = { cardPps: 1e9 / wireTimeNs(64, 25), coreWatts: 140 / 6, cardExtraWatts: 15, endShare: 1 };
    const rate = breakEvenPps({ ...card, driverNs: driver.ns, programNs: drop!.ns });
    const from = Number.isFinite(rate) ? `from ${formatPps(rate)} on` : "at no rate that it could reach";
    return {
      verdict: "not testable here",
      because: `${NO_CARD} A model with assumed power (a busy core 23 W, the card 15 W more than an ordinary one) says that it would save energy ${from}, if all packets end there.`,
    };
  });
}

export const programmableClaims: readonly Claim[] = [
  {
    id: "C23",
    statement: "XDP runs a user's eBPF program on a packet before the stack sees it.",
    examine: beforeTheStack,
  },
  {
    id: "C24",
    statement: "The program can process the packet wholly, pass it on, or send it to user memory by AF_XDP.",
    examine: threeEnds,
  },
  {
    id: "C25",
    statement: "Some SmartNICs (Netronome Agilio CX) run the eBPF program themselves.",
    examine: onTheCard,
  },
  { id: "C26", statement: "Offload lowers latency and saves energy.", examine: energyOfOffload },
  {
    id: "C27",
    statement: "An application can put part of its request processing into XDP.",
    examine: requestsInXdp,
  },
  {
    id: "C28",
    statement: "The article's program drops by default and passes when the Ethernet header matches.",
    examine: listing,
  },
  {
    id: "C29",
    statement: "Sockets and the in-kernel stack do not suit today's hardware.",
    examine: unsuited,
  },
  {
    id: "C30",
    statement: "Bypass is promising but lacks standards; programmable processing is the exciting part.",
    examine: () => ({
      verdict: "not testable here",
      because:
        "What is promising or exciting is a judgement. Notebook 60 puts both sides under one load, and asks the reader for theirs.",
      results: [],
    }),
  },
];
