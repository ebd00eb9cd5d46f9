// What cells measure of socket buffers, and of memory that two cores share: notebooks 20 and 21.
import queueCallsExperiment, {
  type QueueCallsOutcome,
  type QueueCallsParams,
} from "../experiments/queue-calls.js";
import queueCostsExperiment, {
  type QueueCostsOutcome,
  type QueueCostsParams,
} from "../experiments/queue-costs.js";
import sharedLinesExperiment, {
  type SharedLinesOutcome,
  type SharedLinesParams,
} from "../experiments/shared-lines.js";
import skbCountExperiment, { type SkbCountOutcome, type SkbCountParams } from "../experiments/skb-count.js";
import skbLifetimeExperiment, {
  type SkbLifetimeOutcome,
  type SkbLifetimeParams,
} from "../experiments/skb-lifetime.js";
import socketLocksExperiment, {
  type SocketLocksOutcome,
  type SocketLocksParams,
} from "../experiments/socket-locks.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * How many socket buffers does a packet take? Takes one to two seconds for 65 536 frames, needs root.
 *
 * @param options `program`: what meets the frames; `guess` for the skbs that enter the stack, in "skbs"
 */
export function skbCount(options: Options<SkbCountParams>): Promise<Result<SkbCountOutcome>> {
  return runExperiment(skbCountExperiment, options);
}

/**
 * How long does a packet's buffer live when its reader stalls? About 4 s, needs root.
 *
 * @param options `guess` for the buffers that die at the close of a socket that nobody read from, in "skbs"
 */
export function skbLifetime(options: Options<SkbLifetimeParams>): Promise<Result<SkbLifetimeOutcome>> {
  return runExperiment(skbLifetimeExperiment, options);
}

/**
 * What does it cost when two cores want the same cache line? Takes about 2 s; it wants two CPUs.
 *
 * @param options `guess` for the journey of a line to the other core, in ns
 */
export function sharedLines(options: Options<SharedLinesParams>): Promise<Result<SharedLinesOutcome>> {
  return runExperiment(sharedLinesExperiment, options);
}

/**
 * How many futex calls does it take to hand entries to another thread, with a mutex, a spin lock and without any? A second, needs root.
 *
 * @param options `guess` for the mutex's futex calls, both threads together, in "calls"
 */
export function queueCalls(options: Options<QueueCallsParams>): Promise<Result<QueueCallsOutcome>> {
  return runExperiment(queueCallsExperiment, options);
}

/**
 * What does it cost to hand an entry to another core, by what protects the queue? Takes about 2 s; it wants two CPUs.
 *
 * @param options `guess` for one entry through the ring in batches, in ns
 */
export function queueCosts(options: Options<QueueCostsParams>): Promise<Result<QueueCostsOutcome>> {
  return runExperiment(queueCostsExperiment, options);
}

/**
 * Does a socket that two threads share make them wait for each other? Waits are counted. A second, needs root and two CPUs.
 *
 * @param options `guess` for how often a thread sleeps because the other one owns their connection, in "waits"
 */
export function socketLocks(options: Options<SocketLocksParams>): Promise<Result<SocketLocksOutcome>> {
  return runExperiment(socketLocksExperiment, options);
}
