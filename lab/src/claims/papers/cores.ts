// Three papers on servers of many cores: what each says of itself, and what two cores and a model of more say to it.
import { measure, provenance } from "../../measure/index.js";
import { ACCEPT_PAPERS, type AcceptCosts, type AcceptPolicy, speedUp } from "../../model/index.js";
import { barFigure, pairsFigure } from "../../plot/index.js";
import { type Claim, type Finding, verdictOf } from "../claim.js";

/** A model is no measurement: whatever it says, the verdict on a paper's figure is not more than this. */
const MODELLED: Finding["verdict"] = "inconclusive here";

function published(paper: string): (typeof ACCEPT_PAPERS)[number] {
  return ACCEPT_PAPERS.find((each) => each.paper === paper)!;
}

/** How many times more a machine of so many cores serves by core than by another policy, in the model. */
function overPolicy(policy: AcceptPolicy, costs: AcceptCosts, cores: number): number {
  const options = { connections: 400 };
  return speedUp("byCore", costs, cores, options) / speedUp(policy, costs, cores, options);
}

export const corePapers: readonly Claim[] = [
  {
    id: "MegaPipe",
    statement:
      "Batching, partitioned listeners and light sockets gain 29 % (long connections) to 582 % (short).",
    examine: (examiner) =>
      examiner.ask(measure.connectionLengths, "×", {}, ({ points }, result) => {
        const [short, long] = [points[0]!, points.at(-1)!];
        const gain = (ratio: number): string => `${((ratio - 1) * 100).toFixed(0)} %`;
        return {
          verdict: verdictOf(short.serverComparison.verdict),
          because: `Direction only: io_uring without descriptors and with a listener for each core spares the servers ${gain(short.serverComparison.medianRatio)} of CPU over epoll for connections of one question, ${gain(long.serverComparison.medianRatio)} for those of ${long.requests}. On two cores and a kernel of today 582 % is out of reach.`,
          figure: pairsFigure({
            title: "CPU time of the servers: epoll over io_uring, by questions on a connection",
            label: "times dearer",
            provenance: provenance(result),
            rows: points.map(({ requests, serverComparison }) => ({
              name: `${requests} question${requests > 1 ? "s" : ""}`,
              comparison: serverComparison,
            })),
          }),
        };
      }),
  },
  {
    id: "Affinity-Accept",
    statement:
      "Serving a connection on the core of its packets improves Apache's throughput by 24 % on 48 cores.",
    examine: (examiner) =>
      examiner.ask(measure.acceptModel, "×", {}, ({ costs, checks }, result) => {
        const { cores, ratio } = published("Affinity-Accept");
        const rate = (name: string): number => checks.find((check) => check.name === name)!.measured;
        const here = rate("two cores, by core") / rate("two cores, by hash");
        const model = overPolicy("hash", costs, cores);
        return {
          verdict: MODELLED,
          because: `On two cores connections served by core came at ${here.toFixed(2)} times the rate of those by hash. A model fed with these costs says ${model.toFixed(2)} for ${cores} cores; the paper measured ${ratio}.`,
          figure: barFigure({
            title: "Connections a second on one core and two: measured, and foretold by a model",
            provenance: provenance(result),
            axis: { label: "connections a second", unit: "/s", scale: "linear" },
            bars: checks.map(({ name, fed, measured, low, high, foretold }) => ({
              name,
              value: measured,
              low,
              high,
              published: fed ? [] : [{ source: "model", value: Math.round(foretold) }],
            })),
          }),
        };
      }),
  },
  {
    id: "Fastsocket",
    statement:
      "Tables of its own for each core serve short connections 20.4 times as fast on 24 cores as on one.",
    examine: (examiner) =>
      examiner.ask(measure.acceptModel, "×", {}, ({ costs, twoOverOne }) => {
        const { cores, ratio } = published("Fastsocket");
        const model = speedUp("byCore", costs, cores, { connections: 400 });
        return {
          verdict: MODELLED,
          because: `Two cores that share no listener serve ${twoOverOne.toFixed(2)} times what one does. A model in which cores share nothing says ${model.toFixed(1)} for ${cores}; the paper measured ${ratio}.`,
        };
      }),
  },
];
