// Does the cache ever lie? One core reads it while another writes: GETs and PUTs of the same few keys, mixed, as fast as answers
// come. Every value proves itself, every PUT's acknowledgement tells its version, and every GET carries the newest version that
// its client had heard of when it asked; so every answer can be judged alone.
import {
  hotAndColdKeys,
  type KeyValueStage,
  type KvLoadCounts,
  type KvWriteOrder,
  openKeyValue,
} from "../../keyvalue/index.js";
import type { PacketLoss } from "../../xdp/index.js";
import type { Experiment } from "../experiment.js";

/** What to try. */
export interface CacheCoherenceParams {
  readonly requests: number;
  /** Keys that are cached; as many again are not. Fewer keys meet each other more often. */
  readonly cachedKeys: number;
  /** Of the GETs, those for a cached key, 0 to 1. */
  readonly hitShare: number;
  /** Of all requests, PUTs, 0 to 1. */
  readonly putShare: number;
  /** Whether the server tells its cache of a PUT before it acknowledges it, as is right, or after. */
  readonly order: KvWriteOrder;
  /** Whether the program reads a value under its lock. */
  readonly locked: boolean;
}

/** What came of it. The figure that is guessed is `wrong`. */
export interface CacheCoherenceOutcome extends KvLoadCounts {
  /** Answers that no client may get: stale, torn, damaged or not understood. */
  readonly wrong: number;
  /** PUTs that the server carried out, and how far the versions of all keys rose: the same, or an update was lost. */
  readonly puts: number;
  readonly versionsRisen: number;
  /** Keys whose newest acknowledged version is above the server's: none, or an update was lost. */
  readonly lostUpdates: number;
  readonly losses: readonly PacketLoss[];
  /** Requests that neither have an answer nor were counted by a hop that lost them. */
  readonly unaccounted: number;
}

const IN_FLIGHT = 512;
/** Requests between two looks at the stop button. */
const TURN = 50_000;

function add(a: KvLoadCounts, b: KvLoadCounts): KvLoadCounts {
  const sum = (Object.keys(b) as (keyof KvLoadCounts)[]).map((key) => [key, a[key] + b[key]] as const);
  return Object.fromEntries(sum) as unknown as KvLoadCounts;
}

async function judge(stage: KeyValueStage, load: KvLoadCounts): Promise<CacheCoherenceOutcome> {
  const { counts, versions } = await stage.report();
  const losses = (await stage.losses()).filter(({ packets }) => packets > 0);
  const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
  const known = [...versions];
  return {
    ...load,
    wrong: load.stale + load.torn + load.badChecksum + load.malformed + load.missing,
    puts: counts.puts,
    versionsRisen: known.reduce((sum, [, version]) => sum + version - 1, 0),
    lostUpdates: known.filter(([key, version]) => stage.client.acknowledged(key) > version).length,
    losses,
    unaccounted: load.unanswered - lost,
  };
}

const experiment: Experiment<CacheCoherenceParams, CacheCoherenceOutcome> = {
  name: "cache-coherence",
  module: import.meta.url,
  question:
    "Is an answer from the cache ever older than what was acknowledged, or half of one value and half of another?",
  needs: ["root"],
  unit: "answers",
  defaults: {
    requests: 1_000_000,
    cachedKeys: 32,
    hitShare: 0.95,
    putShare: 0.05,
    order: "cache first",
    locked: true,
  },
  unseen: [
    "what two servers that write would do to each other: here one thread writes",
    "an answer that arrived later than another one that was given earlier: the network may always do that",
  ],
  headline: ({ wrong }) => wrong,
  async run({ requests, cachedKeys, hitShare, putShare, order, locked }, context) {
    let stage: KeyValueStage | undefined;
    context.onClose(() => stage?.close());
    const [keys, consumer] = [2 * cachedKeys, context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu];
    const schedule = hotAndColdKeys({ hot: cachedKeys, keys, hitShare, putShare }, context.random);
    const cpus = { injector: context.cpu, consumer };
    stage = await openKeyValue({ keys, cached: cachedKeys, schedule, cpus, order, locked });
    let load: KvLoadCounts | undefined;
    for (let asked = 0; asked < requests; asked += TURN) {
      const options = { inFlight: IN_FLIGHT, signal: context.signal };
      const turn = await stage.client.load(Math.min(TURN, requests - asked), options);
      load = load === undefined ? turn : add(load, turn);
      context.progress(asked / requests, `${asked} requests`);
      await context.breathe();
    }
    return judge(stage, load!);
  },
};
export default experiment;
