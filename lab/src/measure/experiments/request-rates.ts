// How many requests a second does a server answer, and how soon, with part of it in front of its kernel and without? All servers
// stand ready at once and take turns in random order; a round holds one turn of each. The rate is that of answers, and every
// one of them was checked. The server keeps a CPU of its own in all cases; what XDP answers needs none of it.
import { hotAndColdKeys, type KeyValueStage, KvSocketClient, openKeyValue } from "../../keyvalue/index.js";
import {
  type Interval,
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  quantile,
  shuffle,
} from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How often to measure. */
export interface RequestRatesParams {
  /** Figures of each server; 10 or more for a verdict. */
  readonly rounds: number;
  /** Of the GETs, those for a cached key: one server with a cache for each share. 0 and 1 are always among them. */
  readonly hitShares: readonly number[];
}

/** What one server did. */
export interface RequestRate extends Interval {
  readonly name: string;
  /** Null for a server without a cache. */
  readonly hitShare: number | null;
  /** Hits that the XDP program counted, of all GETs that came to it. */
  readonly hitRatio: number | null;
  readonly medianPerS: number;
  readonly samplesPerS: readonly number[];
  /** Round trips of a socket that asks one question at a time, in ns, over all rounds. */
  readonly roundTripsNs: readonly number[];
  readonly roundTripNs: { readonly median: number; readonly p99: number };
  readonly requests: number;
  readonly wrong: number;
  readonly unanswered: number;
}

/** All of them. The figure that is guessed is the first ratio. */
export interface RequestRatesOutcome {
  readonly serverOnly: RequestRate;
  /** By rising hit share. */
  readonly withCache: readonly RequestRate[];
  /** Rate of answers: every key cached, over no cache at all. */
  readonly allHits: PairedComparison;
  /** No key cached, over no cache: what asking in vain costs. */
  readonly allMisses: PairedComparison;
  /** CPUs: of the client, and so of the XDP program; and of the server. */
  readonly cpus: { readonly client: number; readonly server: number };
}

const KEYS = 4096;
const HOT = 1024;
const IN_FLIGHT = 1024;
const TURN_S = 0.05;
const ROUND_TRIPS = 100;
const DIFFERENT = { relation: ">", bound: 1 } as const;

interface Running {
  readonly name: string;
  readonly hitShare: number | null;
  readonly stage: KeyValueStage;
  readonly socket: KvSocketClient;
  readonly samplesPerS: number[];
  readonly roundTripsNs: number[];
  requests: number;
  wrong: number;
  unanswered: number;
}

/** One turn. @param counts false while warming up */
async function turn(run: Running, counts: boolean, signal: AbortSignal): Promise<void> {
  const load = await run.stage.client.load(Number.POSITIVE_INFINITY, {
    inFlight: IN_FLIGHT,
    seconds: TURN_S,
    signal,
  });
  const keyOf = (i: number): number => (run.hitShare === 0 ? HOT + (i % (KEYS - HOT)) : i % HOT);
  const took = Array.from({ length: ROUND_TRIPS }, (_, i) => run.socket.timeGet(keyOf(i)));
  if (!counts) return;
  run.samplesPerS.push(load.answers / load.seconds);
  run.roundTripsNs.push(...took.filter((ns) => ns !== null));
  run.requests += load.requests;
  run.wrong += load.answers - load.fromCache - load.fromServer;
  run.unanswered += load.unanswered;
}

async function openOne(name: string, hitShare: number | null, context: Context): Promise<Running> {
  const schedule = hotAndColdKeys({ hot: HOT, keys: KEYS, hitShare: hitShare ?? 1 }, context.random);
  const server = context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu;
  const cpus = { injector: context.cpu, consumer: server };
  const stage = await openKeyValue({ keys: KEYS, cached: hitShare === null ? 0 : HOT, schedule, cpus });
  context.onClose(() => stage.close());
  const socket = new KvSocketClient(stage.testbed, "a");
  const empty = { samplesPerS: [], roundTripsNs: [], requests: 0, wrong: 0, unanswered: 0 };
  return { name, hitShare, stage, socket, ...empty };
}

function rateOf({ stage, socket: _, ...run }: Running): RequestRate {
  const counts = stage.cacheCounts();
  return {
    ...run,
    hitRatio: counts && counts.hits / (counts.hits + counts.misses),
    medianPerS: median(run.samplesPerS),
    ...medianInterval(run.samplesPerS),
    roundTripNs: { median: median(run.roundTripsNs), p99: quantile(run.roundTripsNs, 0.99) },
  };
}

async function openAll(hitShares: readonly number[], context: Context): Promise<Running[]> {
  const shares = [...new Set([0, 1, ...hitShares])].sort((a, b) => a - b);
  const running: Running[] = [];
  for (const name of ["no cache", "no cache, again"]) running.push(await openOne(name, null, context));
  for (const share of shares) running.push(await openOne(`cache, ${share * 100} % hits`, share, context));
  return running;
}

const experiment: Experiment<RequestRatesParams, RequestRatesOutcome> = {
  name: "request-rates",
  module: import.meta.url,
  question: "How many requests a second does a server answer with its cache in XDP, and how soon?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 12, hitShares: [0.5, 0.9] },
  unseen: [
    "a network card's part: a veth's frames are in memory already, and warm",
    "the client's own work, which is in every figure; it and the XDP program share a CPU",
    "latency under load: one question at a time, answered by a server that has nothing else to do",
  ],
  headline: ({ allHits }) => allHits.medianRatio,
  async run({ rounds, hitShares }, context) {
    context.progress(0, "starting the servers");
    const running = await openAll(hitShares, context);
    for (let round = 0; round <= rounds; round++) {
      for (const run of shuffle(running, context.random)) {
        await turn(run, round > 0, context.signal);
        await context.breathe();
      }
      context.progress(round / rounds, round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    }
    const [serverOnly, again, ...withCache] = running.map(rateOf);
    const noise = noiseFloor(serverOnly!.samplesPerS, again!.samplesPerS);
    const overServer = ({ samplesPerS }: RequestRate): PairedComparison =>
      pairedComparison(samplesPerS, serverOnly!.samplesPerS, noise, DIFFERENT);
    const server = context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu;
    return {
      serverOnly: serverOnly!,
      withCache,
      allHits: overServer(withCache[withCache.length - 1]!),
      allMisses: overServer(withCache[0]!),
      cpus: { client: context.cpu, server },
    };
  },
};
export default experiment;
