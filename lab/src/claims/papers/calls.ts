// Two papers on single cores and their calls: what each says of itself, and what published data and this machine say to it.
import { measure, provenance } from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import { threadGrowth } from "../article/trends.js";
import type { Claim, Finding } from "../claim.js";
import type { Examiner } from "../examiner.js";

function turn(): Finding {
  const { before, after } = threadGrowth();
  return {
    verdict: after > 0 && after < before / 2 ? "supports" : "contradicts",
    because: `His own points: ${before.toFixed(0)} % a year until the end of 2006, ${after.toFixed(0)} % a year since. The article made "stagnated" of it (C01).`,
    results: [],
    sources: ["datasets/figures/single-thread.json"],
  };
}

/** Both halves: the exceptions go away, and with them what they did to the program's own work. */
async function spared(examiner: Examiner): Promise<Finding> {
  const counted = await examiner.ask(measure.exceptionLessCalls, "calls", {}, ({ ways }) => {
    const polled = ways.filter(({ way }) => way === "polled");
    const left = polled.reduce((sum, { calls }) => sum + calls, 0);
    return {
      verdict: polled.length === 0 ? "not testable here" : left === 0 ? "supports" : "contradicts",
      because:
        polled.length === 0
          ? "With one CPU no thread can take calls beside the program."
          : `${polled.length} times ${polled[0]!.reads} reads through an io_uring with a polling thread took ${left} system calls.`,
    };
  });
  if (counted.verdict !== "supports") return counted;
  const timed = await examiner.ask(measure.exceptionLessCosts, "ns", {}, ({ work, bills }, result) => {
    const { undisturbed, plain, polled } = work;
    const slower = ({ ns }: { readonly ns: number }): string =>
      `${(100 * (ns / undisturbed.ns - 1)).toFixed(0)} %`;
    return {
      verdict:
        polled!.high < plain.low
          ? "supports"
          : polled!.low > plain.high
            ? "contradicts"
            : "inconclusive here",
      because: `The program's own work is slower by ${slower(plain)} after calls and by ${slower(polled!)} after polled ones. The other core pays ${bills.polled!.poller.toFixed(0)} ns a read; the gains of whole servers are not tested.`,
      figure: barFigure({
        title: "The program's own work, by how the reads before it were made",
        provenance: provenance(result),
        axis: { label: "time of one memory access", unit: "ns", scale: "linear" },
        bars: (["undisturbed", "plain", "oneCall", "polled"] as const).map((way) => {
          const { ns, low, high } = work[way]!;
          return { name: way, value: ns, low, high };
        }),
      }),
    };
  });
  return {
    ...timed,
    because: `${counted.because} ${timed.because}`,
    results: [...counted.results, ...timed.results],
  };
}

export const callPapers: readonly Claim[] = [
  {
    id: "Rupp",
    statement: "One thread gains far less each year since 2006 than it did before.",
    examine: turn,
  },
  {
    id: "FlexSC",
    statement:
      "System calls without exceptions, executed on another core, spare the program's caches; Apache gains up to 116 %.",
    examine: spared,
  },
];
