// Three papers and a talk on what stands beside the kernel's sockets, or below them: what each says of itself, and what this machine says to it.
import { MAX_FRAME_BYTES, wireTimeNs } from "../../base/index.js";
import {
  benchmarks,
  measure,
  type Options,
  provenance,
  type Result,
  runExperiment,
} from "../../measure/index.js";
import { barFigure, pairsFigure } from "../../plot/index.js";
import { LISTING } from "../article/c-texts.js";
import { countBars } from "../bars.js";
import type { Claim, Finding } from "../claim.js";
import type { Examiner } from "../examiner.js";

/** So few cache misses count as few. Ours: the article names no figure. */
const FEW = 10;
const BUDGETS = [10, 40, 100].map((gigabits) => ({ gigabits, ns: wireTimeNs(MAX_FRAME_BYTES, gigabits) }));

function fewMisses(examiner: Examiner): Promise<Finding> {
  const isSo = [1230, 307, 120].every((ns, at) => Math.abs(BUDGETS[at]!.ns - ns) / ns < 0.03);
  const fastest = BUDGETS.at(-1)!.ns;
  return examiner.ask(measure.componentCosts, "ns", {}, ({ cacheMiss: { ns, low, high } }, result) => {
    const fit = (miss: number): number => fastest / miss;
    return {
      verdict: !isSo || fit(high) > FEW ? "contradicts" : fit(low) < FEW ? "supports" : "inconclusive here",
      because: `${BUDGETS.map((each) => `${each.ns.toFixed(1)} ns at ${each.gigabits} GbE`).join(", ")}. A cache miss takes ${ns.toFixed(0)} ns here [${low.toFixed(0)}, ${high.toFixed(0)}], so ${fit(ns).toFixed(1)} fit in at 100 GbE; fewer than ${FEW} count as few.`,
      figure: barFigure({
        title: "Time for a full packet, and what one cache miss takes of it",
        provenance: provenance(result),
        axis: { label: "time", unit: "ns", scale: "log" },
        bars: [
          ...BUDGETS.map((each) => ({ name: `${each.gigabits} GbE`, value: each.ns })),
          { name: "a cache miss", value: ns, low, high },
        ],
      }),
    };
  });
}

function tcpRequests(
  options: Options<benchmarks.TcpRequestsParams>,
): Promise<Result<benchmarks.TcpRequestsOutcome>> {
  return runExperiment(benchmarks.tcpRequests, options);
}

/** What the paper says small messages gain over Linux. */
const MTCP_TIMES = 25;

function ownTcp(examiner: Examiner): Promise<Finding> {
  return examiner.ask(tcpRequests, "×", { rounds: 10 }, ({ jobs }, result) => {
    const best = jobs.reduce((one, other) =>
      other.overKernel.medianRatio > one.overKernel.medianRatio ? other : one,
    );
    const { low, high } = best.overKernel;
    const all = jobs.map(({ title, overKernel }) => `${overKernel.medianRatio.toFixed(2)} for ${title}`);
    return {
      verdict: low >= MTCP_TIMES ? "supports" : high < 1 ? "contradicts" : "inconclusive here",
      because: `Direction only: our own TCP in user space works at so many times the rate of Linux's, on one core of a virtual wire: ${all.join(", ")}. The paper says ${MTCP_TIMES}, of mTCP on a card and cores of its own, which are not here.`,
      figure: pairsFigure({
        title: "Our TCP in user space against Linux's, by what is asked",
        label: "times the rate",
        provenance: provenance(result),
        rows: jobs.map(({ title, overKernel }) => ({ name: title, comparison: overKernel })),
      }),
    };
  });
}

/** What the paper says is gone of a server's calls, at most. */
const TRIOS_GONE = 0.99;

function callsGone(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.echoCalls, "calls", {}, ({ runs }, result) => {
    const windows = [...new Set(runs.map(({ window }) => window))];
    const callsOf = (sockets: "kernel" | "library", at: number): number =>
      runs.find((run) => run.sockets === sockets && run.window === at)!.callsPerMessage;
    const gone = windows.map((at) => 1 - callsOf("library", at) / callsOf("kernel", at));
    const most = Math.max(...gone);
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
    return {
      verdict: most >= TRIOS_GONE ? "supports" : most <= 0 ? "contradicts" : "inconclusive here",
      because: `Direction only: of an echo server's calls on Linux's sockets ${gone.map((share, at) => `${percent(share)} are gone with ${windows[at]} on their way`).join(", ")}. The paper's servers and its system are others, and here each batch that is sent is a call.`,
      figure: countBars(
        result,
        "System calls that a library of sockets saves an echo server",
        "%",
        windows.map((window, at) => [`${window} on their way`, Math.max(0, 100 * gone[at]!)]),
      ),
    };
  });
}

function forTheRest(examiner: Examiner): Promise<Finding> {
  return examiner.ask(
    measure.verdictsOnWire,
    "frames",
    { text: LISTING.checked },
    ({ mode, kinds }, result) => {
      const isObeyed = kinds.every(({ name, offered, passed, dropped }) =>
        name === "IPv4" ? passed === offered : dropped === offered,
      );
      return {
        verdict: isObeyed ? "supports" : "contradicts",
        because: `Clang compiled some ten lines of C and this kernel took them as they are, in ${mode} mode: ${kinds.map(({ name, offered, passed }) => `${passed} of ${offered} ${name} frames passed`).join(", ")}, as the program says. Whether that is easy is a question of taste.`,
        figure: countBars(
          result,
          "Frames that ten lines of C passed",
          "frames",
          kinds.map(({ name, passed }) => [name, passed]),
        ),
      };
    },
  );
}

export const systemPapers: readonly Claim[] = [
  {
    id: "Corbet",
    statement: "A full packet leaves 1230 ns at 10 GbE, 307 at 40 and 120 at 100: few cache misses fit in.",
    examine: fewMisses,
  },
  {
    id: "mTCP",
    statement: "A TCP in user space serves small messages up to 25 times as fast as Linux's.",
    examine: ownTcp,
  },
  {
    id: "TRIOS",
    statement: "Sockets as a library take up to 99 % of a server's system calls away under load.",
    examine: callsGone,
  },
  {
    id: "XDP-for-the-Rest-of-Us",
    statement: "Who is no kernel developer can write an XDP program: C, compiled, loaded and attached.",
    examine: forTheRest,
  },
];
