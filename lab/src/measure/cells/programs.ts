// What cells measure of programs that meet packets first: notebooks 50 to 54.
import cacheCoherenceExperiment, {
  type CacheCoherenceOutcome,
  type CacheCoherenceParams,
} from "../experiments/cache-coherence.js";
import deafEndExperiment, { type DeafEndOutcome, type DeafEndParams } from "../experiments/deaf-end.js";
import dropBySourceExperiment, {
  type DropBySourceOutcome,
  type DropBySourceParams,
} from "../experiments/drop-by-source.js";
import lostOnVethExperiment, {
  type LostOnVethOutcome,
  type LostOnVethParams,
} from "../experiments/lost-on-veth.js";
import offloadCostsExperiment, {
  type OffloadCostsOutcome,
  type OffloadCostsParams,
} from "../experiments/offload-costs.js";
import requestEventsExperiment, {
  type RequestEventsOutcome,
  type RequestEventsParams,
} from "../experiments/request-events.js";
import requestRatesExperiment, {
  type RequestRatesOutcome,
  type RequestRatesParams,
} from "../experiments/request-rates.js";
import tcpUnderXdpExperiment, {
  type TcpUnderXdpOutcome,
  type TcpUnderXdpParams,
} from "../experiments/tcp-under-xdp.js";
import verdictCountsExperiment, {
  type VerdictCountsOutcome,
  type VerdictCountsParams,
} from "../experiments/verdict-counts.js";
import verdictLatenciesExperiment, {
  type VerdictLatenciesOutcome,
  type VerdictLatenciesParams,
} from "../experiments/verdict-latencies.js";
import verdictRatesExperiment, {
  type VerdictRatesOutcome,
  type VerdictRatesParams,
} from "../experiments/verdict-rates.js";
import verdictsOnWireExperiment, {
  type VerdictsOnWireOutcome,
  type VerdictsOnWireParams,
} from "../experiments/verdicts-on-wire.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * What becomes of real frames on a wire under an XDP program? About a second; needs root.
 *
 * @param options `text` of the program in C; `guess` for the frames that pass, in "frames"
 */
export function verdictsOnWire(
  options: Options<VerdictsOnWireParams>,
): Promise<Result<VerdictsOnWireOutcome>> {
  return runExperiment(verdictsOnWireExperiment, options);
}

/**
 * What becomes of a packet under each XDP verdict, in native and in generic mode? About 15 s; needs root.
 *
 * @param options `guess` for the socket buffers of all native verdicts but pass, in "skbs"
 */
export function verdictCounts(options: Options<VerdictCountsParams>): Promise<Result<VerdictCountsOutcome>> {
  return runExperiment(verdictCountsExperiment, options);
}

/**
 * How many packets a second does each verdict get through? About 20 s on a quiet machine; needs root.
 *
 * @param options `guess` for native drop over generic drop, in "×"
 */
export function verdictRates(options: Options<VerdictRatesParams>): Promise<Result<VerdictRatesOutcome>> {
  return runExperiment(verdictRatesExperiment, options);
}

/**
 * How long does a packet take to the end that its verdict gives it? About 5 s on a quiet machine; needs root.
 *
 * @param options `guess` for the round trip by tx over the way to a drop, in "×"
 */
export function verdictLatencies(
  options: Options<VerdictLatenciesParams>,
): Promise<Result<VerdictLatenciesOutcome>> {
  return runExperiment(verdictLatenciesExperiment, options);
}

/**
 * What arrives at an end of a wire where nobody polls? About 2 s; needs root.
 *
 * @param options `guess` for what arrives there of a redirect, in "packets"
 */
export function deafEnd(options: Options<DeafEndParams>): Promise<Result<DeafEndOutcome>> {
  return runExperiment(deafEndExperiment, options);
}

/**
 * How much faster is a native drop than a generic one, if a socket sends the packets, and if the injector does? About 2 s; needs root.
 *
 * @param options `guess` for how many times dearer a packet from a socket is under the generic program, in "×"
 */
export function dropBySource(options: Options<DropBySourceParams>): Promise<Result<DropBySourceOutcome>> {
  return runExperiment(dropBySourceExperiment, options);
}

/**
 * Where are frames that went into a veth and never came out? About 3 s for two million; needs root.
 *
 * @param options `guess` for how many of the frames arrive at a peer without NAPI, in "frames"
 */
export function lostOnVeth(options: Options<LostOnVethParams>): Promise<Result<LostOnVethOutcome>> {
  return runExperiment(lostOnVethExperiment, options);
}

/**
 * How much slower is TCP over a veth once an XDP program is attached that passes everything? About 2 s; needs root.
 *
 * @param options `guess` for how many times dearer a byte becomes, in "×"
 */
export function tcpUnderXdp(options: Options<TcpUnderXdpParams>): Promise<Result<TcpUnderXdpOutcome>> {
  return runExperiment(tcpUnderXdpExperiment, options);
}

/**
 * How many socket buffers does a request cost, by who answers it? About 4 s; needs root.
 *
 * @param options `guess` for those of all requests that an XDP program answers, 20 000 unless given, in "skbs"
 */
export function requestEvents(options: Options<RequestEventsParams>): Promise<Result<RequestEventsOutcome>> {
  return runExperiment(requestEventsExperiment, options);
}

/**
 * How many requests a second does a server answer with its cache in XDP, and how soon? About 12 s; needs root.
 *
 * @param options `guess` for how many times as many it answers when every key is cached, in "×"
 */
export function requestRates(options: Options<RequestRatesParams>): Promise<Result<RequestRatesOutcome>> {
  return runExperiment(requestRatesExperiment, options);
}

/**
 * Does a cache in XDP ever give a stale or torn answer? Some 3 s for a million requests; needs root.
 *
 * @param options `order` and `locked`: what to break; `guess` for the wrong answers, in "answers"
 */
export function cacheCoherence(
  options: Options<CacheCoherenceParams>,
): Promise<Result<CacheCoherenceOutcome>> {
  return runExperiment(cacheCoherenceExperiment, options);
}

/**
 * What does a core spend on a packet that a network card could take off it? About 2 s; needs root.
 *
 * @param options `guess` for a packet that is injected and dropped at once, in "ns"
 */
export function offloadCosts(options: Options<OffloadCostsParams>): Promise<Result<OffloadCostsOutcome>> {
  return runExperiment(offloadCostsExperiment, options);
}
