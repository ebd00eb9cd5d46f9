// What one path does below its limit: the largest rate that loses nothing, the largest that loses next to nothing, and how long
// packets take at shares of it. The latency counts from the moment a packet was due to be sent, whatever kept it from being
// sent: a source that waits for a slow receiver would hide the very delays that are asked for.
import { type FoundRate, findRate, NDR, PDR, type Run, type SearchSpec, type Trial } from "../paths/index.js";
import { type Bucket, cdfPoints, cdfValueAt } from "../stats/index.js";
import type { Context } from "./experiment.js";

/** How long packets took, from the intended send time. */
export interface Latency {
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  readonly maxNs: number;
  /** The whole histogram, for a figure. */
  readonly buckets: readonly Bucket[];
}

/** Latency at one load. */
export interface LatencyAt extends Latency {
  /** Of the rate without loss, 0 to 1. */
  readonly share: number;
  readonly ratePps: number;
  readonly offered: number;
  readonly received: number;
}

/** A path below its limit. */
export interface BelowLimit {
  readonly ndr: FoundRate;
  readonly pdr: FoundRate;
  readonly latency: readonly LatencyAt[];
}

/** Whoever carries packets at a set rate, and keeps their times: a receiving path under the injector, or a sending one. */
export interface Carrier {
  readonly title: string;
  run(
    load: { readonly seconds: number; readonly ratePps: number },
    signal: AbortSignal,
  ): Promise<Pick<Run, "offered" | "offeredPps" | "received" | "latencies">>;
}

/** How to look. */
export interface BelowLimitSpec {
  /** A rate that the path is known to receive at overload: where to look around. */
  readonly aboutPps: number;
  readonly trialS: number;
  readonly precision: number;
  readonly confirmations: number;
  /** Shares of the rate without loss at which latency is taken. */
  readonly shares: readonly number[];
  readonly latencyS: number;
}

/** Below this a path is as good as dead. */
const LOWEST_PPS = 1000;
/** Overload costs a path more than it receives: the rate without loss may be so much higher. */
const HEADROOM = 1.5;

/** Searches both rates and takes the latencies. @param carrier on a stage opened with `paced` */
export async function measureBelowLimit(
  carrier: Carrier,
  spec: BelowLimitSpec,
  context: Context,
): Promise<BelowLimit> {
  const { title } = carrier;
  const run: (load: Parameters<Carrier["run"]>[0]) => ReturnType<Carrier["run"]> = async (load) => {
    await context.breathe();
    return carrier.run(load, context.signal);
  };
  const search = (
    what: string,
    maxLoss: Pick<SearchSpec, "maxLoss">,
    known: readonly Trial[] = [],
  ): Promise<FoundRate> => {
    const { precision, confirmations } = spec;
    const highPps = Math.max(2 * LOWEST_PPS, Math.round(spec.aboutPps * HEADROOM));
    const range = { lowPps: LOWEST_PPS, highPps, precision, confirmations, known };
    return findRate(
      async (ratePps) => {
        context.progress(0, `${title}: ${what}, trying ${Math.round(ratePps / 1000)} kpps`);
        const { offered, offeredPps, received } = await run({ seconds: spec.trialS, ratePps });
        return { ratePps, offeredPps, offered, lost: offered - received };
      },
      { ...range, ...maxLoss },
    );
  };
  const ndr = await search("rate without loss", NDR);
  const found = await search("rate with 0.5 % loss", PDR, ndr.trials);
  const pdr = found.ratePps < ndr.ratePps ? ndr : found; // a rate that loses nothing loses no more than 0.5 %, whatever a later trial said
  const latency: LatencyAt[] = [];
  for (const share of ndr.ratePps > 0 ? spec.shares : []) {
    context.progress(0, `${title}: latency at ${Math.round(share * 100)} % of its rate without loss`);
    const ratePps = Math.max(1, share * ndr.ratePps);
    const { offered, received, latencies } = await run({ seconds: spec.latencyS, ratePps });
    latency.push({ share, ratePps, offered, received, ...latencyOf(latencies) });
  }
  return { ndr, pdr, latency };
}

/** Percentiles of a run's latencies; NaN where nothing came. */
export function latencyOf(buckets: readonly Bucket[]): Latency {
  const points = cdfPoints(buckets);
  const at = (fraction: number): number => (points.length === 0 ? Number.NaN : cdfValueAt(points, fraction));
  return { p50Ns: at(0.5), p90Ns: at(0.9), p99Ns: at(0.99), p999Ns: at(0.999), maxNs: at(1), buckets };
}
