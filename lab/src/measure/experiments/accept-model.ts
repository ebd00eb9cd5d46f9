// Does the model of a many-core server say what two cores do? It is fed with what a connection costs on one core, and with what it costs more where
// it is served on the wrong one of two. Everything else on two cores it must foretell: its figures stand beside the measured ones.
import { type RunSpec, type Selection, Stand } from "../../connections/index.js";
import { type AcceptCosts, type AcceptPolicy, runAcceptModel } from "../../model/index.js";
import { type Interval, median, medianInterval, shuffle } from "../../stats/index.js";
import { kernels } from "../../sys/index.js";
import { openTwoCores } from "../connection-stand.js";
import type { Context, Experiment } from "../experiment.js";

/** How much to measure. */
export interface AcceptModelParams {
  /** 10 or more for a steady figure. */
  readonly rounds: number;
  /** Connections of a run. */
  readonly connections: number;
}

/** One way of serving, measured and foretold. */
export interface AcceptCheck extends Interval {
  readonly name: string;
  /** Whether the model was fed with it: then it agrees by construction. */
  readonly fed: boolean;
  /** Connections a second, median; `low` and `high` are its 95 % interval. */
  readonly measured: number;
  readonly foretold: number;
}

/** Costs and checks. The figure that is guessed is how much two cores serve that share nothing, over one. */
export interface AcceptModelCheck {
  readonly costs: AcceptCosts;
  readonly checks: readonly AcceptCheck[];
  readonly twoOverOne: number;
}

type Place = "one" | "two" | "skewed";
interface Way {
  readonly name: string;
  readonly place: Place;
  readonly sharing: RunSpec["sharing"];
  readonly selection: Selection;
  readonly fed?: boolean;
  /** What the model plays; null where it is fed with the figure. */
  readonly policy: AcceptPolicy | null;
}

const WAYS: readonly Way[] = [
  { name: "one core", place: "one", sharing: "shared", selection: "hash", fed: true, policy: "byCore" },
  { name: "two cores, by core", place: "two", sharing: "perCore", selection: "ebpf", policy: "byCore" },
  {
    name: "two cores, always the wrong one",
    place: "two",
    sharing: "perCore",
    selection: "elsewhere",
    fed: true,
    policy: null,
  },
  { name: "two cores, by hash", place: "two", sharing: "perCore", selection: "hash", policy: "hash" },
  {
    name: "two cores, shared listener",
    place: "two",
    sharing: "shared",
    selection: "hash",
    policy: "shared",
  },
  {
    name: "flows on one core, by core",
    place: "skewed",
    sharing: "perCore",
    selection: "ebpf",
    policy: "byCore",
  },
  {
    name: "flows on one core, by hash",
    place: "skewed",
    sharing: "perCore",
    selection: "hash",
    policy: "hash",
  },
];
const WINDOW = 32;

const experiment: Experiment<AcceptModelParams, AcceptModelCheck> = {
  name: "accept-model",
  module: import.meta.url,
  question: "Does the model of a many-core server say what two cores do?",
  needs: ["root", "quiet"],
  unit: "×",
  defaults: { rounds: 12, connections: 1000 },
  unseen: [
    "a third core: beyond two the model is not checked here",
    "the lock of a listener: on two cores and a kernel of today its share is too small to be told from noise, so the model has none here; what passing one on costs is one measured journey of a cache line",
  ],
  headline: ({ twoOverOne }) => twoOverOne,
  async run({ rounds, connections }, context) {
    const { testbed, stand, cpus } = await openTwoCores(context);
    const open = async (servers: readonly number[], clients: readonly number[]): Promise<Stand> => {
      const opened = await Stand.open(testbed, { servers, clients });
      context.onClose(() => opened.close());
      return opened;
    };
    const first = cpus.slice(0, 1);
    const stands = { one: await open(first, first), two: stand, skewed: await open(cpus, first) };
    const journeys: number[] = [];
    const samples = await takeTurns(stands, rounds, connections, context, () =>
      journeys.push(...lineJourneysNs(cpus)),
    );
    const rate = (name: string): number => median(samples.get(name)!.map(({ perSecond }) => perSecond));
    const costs = costsOf(samples.get("one core")!, rate, median(journeys));
    const checks = WAYS.map((way): AcceptCheck => {
      const rates = samples.get(way.name)!.map(({ perSecond }) => perSecond);
      const measured = median(rates);
      const foretold = way.policy === null ? measured : foretell(way, costs, cpus.length);
      return { name: way.name, fed: way.fed === true, measured, ...medianInterval(rates), foretold };
    });
    return { costs, checks, twoOverOne: rate("two cores, by core") / rate("one core") };
  },
};
export default experiment;

interface Sample {
  readonly perSecond: number;
  readonly serverNs: number;
}

async function takeTurns(
  stands: Readonly<Record<Place, Stand>>,
  rounds: number,
  connections: number,
  context: Context,
  eachRound: () => void,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(WAYS.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, place, sharing, selection } of shuffle(WAYS, context.random)) {
      const each = Math.round(connections / (place === "two" ? 2 : 1));
      const load = { connections: each, requests: 1, ratePerSecond: null, window: WINDOW };
      const { signal } = context;
      const tally = await stands[place].run({ design: "epoll", sharing, selection, ...load, signal });
      await context.breathe();
      const serverNs = tally.servers.reduce((sum, { cpuNs }) => sum + cpuNs, 0) / tally.completed;
      if (round >= 0)
        samples.get(name)!.push({ perSecond: (tally.completed / tally.elapsedNs) * 1e9, serverNs });
    }
    eachRound();
    context.progress((round + 2) / (rounds + 1), `round ${round + 1} of ${rounds}`);
  }
  return samples;
}

/** Short batches and many of them: one in which a core is taken away for a time slice must not weigh more than the others. */
const BATCHES = 20;
const ROUND_TRIPS = 1000;

/** How long a cache line takes from one core to the other, in ns, by batch: what a lock's next holder must wait for at least. */
function lineJourneysNs([here, there]: readonly number[]): number[] {
  return Array.from(
    { length: BATCHES },
    () => kernels.lineTransfer(ROUND_TRIPS, here!, there!) / (2 * ROUND_TRIPS),
  );
}

/** What the model is fed with: one core, the wrong one of two, and a line that travels between them. */
function costsOf(
  oneCore: readonly Sample[],
  rate: (name: string) => number,
  handoverNs: number,
): AcceptCosts {
  const serverNs = median(oneCore.map((sample) => sample.serverNs));
  const flowNs = Math.max(0, 1e9 / rate("one core") - serverNs);
  const cores = 2;
  const [right, wrong] = ["two cores, by core", "two cores, always the wrong one"].map(rate);
  const remoteNs = Math.max(0, (cores * 1e9) / wrong! - (cores * 1e9) / right!);
  return { flowNs, serverNs, remoteNs, lockNs: 0, handoverNs };
}

function foretell({ place, policy }: Way, costs: AcceptCosts, cores: number): number {
  const flows = { one: [WINDOW], two: Array.from({ length: cores }, () => WINDOW), skewed: [WINDOW, 0] }[
    place
  ];
  return runAcceptModel({ policy: policy!, costs, flows, connections: 20_000, seed: 1 }).connectionsPerSecond;
}
