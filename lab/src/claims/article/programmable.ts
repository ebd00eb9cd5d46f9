// C23 to C30: programs that the kernel runs on packets, and what the article concludes.
import { formatPps, wireTimeNs } from "../../base/index.js";
import { AGILIO_CX, breakEvenPps, offloadObstacles } from "../../bpf/index.js";
import { environmentProvenance, measure, provenance, recordEnvironment } from "../../measure/index.js";
import { flowFigure, pairsFigure, verdictsFigure } from "../../plot/index.js";
import { COURSE_PROGRAMS, courseProgram } from "../../xdp/index.js";
import { countBars } from "../bars.js";
import type { Claim, Finding } from "../claim.js";
import type { Examiner } from "../examiner.js";
import { judgeListing, STAMPING, stampsAndPasses } from "./c-texts.js";
import { AT_10G, AT_200G } from "./trends.js";

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

/** Processed wholly, preprocessed and passed on, sent to user memory: each with all of its frames accounted for. */
async function threeEnds(examiner: Examiner): Promise<Finding> {
  const found: Finding[] = [];
  for (const [end, skbsEach] of [
    ["drop", 0],
    ["pass", 1],
    ["afXdp", 0],
  ] as const) {
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
  found.push(await preprocessed(examiner));
  const worst = found.find(({ verdict }) => verdict !== "supports");
  return {
    ...found.at(-1)!,
    verdict: worst?.verdict ?? "supports",
    because: `${found.map(({ because }) => because).join("; ")}.`,
    results: found.flatMap(({ results }) => results),
  };
}

/** A program that writes into the frame: as a function its bytes are seen, on the wire its frames reach the stack. */
function preprocessed(examiner: Examiner): Promise<Finding> {
  const isStamped = stampsAndPasses();
  return examiner.ask(measure.verdictsOnWire, "frames", { text: STAMPING }, ({ kinds }, result) => {
    const sum = (of: "offered" | "passed"): number => kinds.reduce((all, kind) => all + kind[of], 0);
    const [offered, passed] = [sum("offered"), sum("passed")];
    return {
      verdict: isStamped && passed === offered ? "supports" : "contradicts",
      because: `preprocess: a program that writes into the source address ${isStamped ? "left its stamp and" : "did not leave its stamp; it"} passed ${passed} of ${offered} frames on to the stack`,
      figure: countBars(result, "Frames that a program wrote into and passed on", "frames", [
        ["offered", offered],
        ["passed on to the stack", passed],
      ]),
    };
  });
}

/** Unsuited would be a stack that cannot keep pace with one commodity link; suited, one that can with the fastest of the article's day. */
function unsuited(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.dropBySource, "×", {}, ({ costs, overNative: { frames } }, result) => {
    const { stack, native } = costs.frames;
    const [low, high] = [stack.low - native.high, stack.high - native.low];
    return {
      verdict: low > AT_10G ? "supports" : high < AT_200G ? "contradicts" : "inconclusive here",
      because: `One core's stack adds between ${low.toFixed(0)} and ${high.toFixed(0)} ns a packet, before any socket: full frames leave ${AT_10G.toFixed(0)} ns at 10 GbE and ${AT_200G.toFixed(1)} at 200. Unsuited would be more than the first, suited less than the second. It is ${frames.stack.medianRatio.toFixed(1)} times the time of a native program, which is a price, not an unfitness.`,
      figure: pairsFigure({
        title: "The stack's end of a packet against the driver's",
        label: "the stack / native XDP, time for a frame",
        provenance: provenance(result),
        rows: [{ name: "the stack / native XDP_DROP", comparison: frames.stack }],
      }),
    };
  });
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
  const judged = COURSE_PROGRAMS.map((name) => {
    const obstacles = offloadObstacles(courseProgram(name), AGILIO_CX);
    return { name, isFree: obstacles.length === 0 };
  });
  const free = judged.filter(({ isFree }) => isFree).map(({ name }) => name);
  const refused = judged.length - free.length;
  return {
    verdict: "not testable here",
    because: `${NO_CARD} By the rules of the Agilio CX's driver ${refused} of ${judged.length} programs of the course would be refused as they are; it would take ${free.join(" and ") || "none"}.`,
    results: [],
    sources: ["drivers/net/ethernet/netronome/nfp/bpf of Linux", "kernels/bpf"],
    figure: verdictsFigure({
      title: "The course's programs by the rules of the Agilio CX's driver",
      note: "read from their bytecode; no card was asked",
      provenance: environmentProvenance(recordEnvironment()),
      rows: judged.map(({ name, isFree }, at) => ({
        id: `${at + 1}`,
        text: name,
        verdict: isFree ? "taken" : "refused",
      })),
    }),
  };
}

/** A model of energy, fed with what a packet costs a core here; notebook 54 has its assumptions. */
function energyOfOffload(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.offloadCosts, "ns", {}, ({ driver, programs }, result) => {
    const [drop] = programs;
    const card = { cardPps: 1e9 / wireTimeNs(64, 25), coreWatts: 140 / 6, cardExtraWatts: 15, endShare: 1 };
    const rate = breakEvenPps({ ...card, driverNs: driver.ns, programNs: drop!.ns });
    const from = Number.isFinite(rate) ? `from ${formatPps(rate)} on` : "at no rate that it could reach";
    return {
      verdict: "not testable here",
      because: `${NO_CARD} A model with assumed power (a busy core 23 W, the card 15 W more than an ordinary one) says that it would save energy ${from}, if all packets end there.`,
      figure: countBars(result, "What a packet costs a core here: the model's input, not its outcome", "ns", [
        ["driver", driver.ns],
        ...programs.map(({ name, ns }) => [name, ns] as const),
      ]),
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
    statement:
      "The program can process the packet wholly, preprocess it and pass it on, or send it to user memory by AF_XDP.",
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
    examine: judgeListing,
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
