// What cells measure of the kernel's sockets and the cores they meet on: notebooks 10, 13 and 14.
import acceptCoresExperiment, {
  type AcceptCoresOutcome,
  type AcceptCoresParams,
} from "../experiments/accept-cores.js";
import acceptModelExperiment, {
  type AcceptModelCheck,
  type AcceptModelParams,
} from "../experiments/accept-model.js";
import connectionCallsExperiment, {
  type ConnectionCallsOutcome,
  type ConnectionCallsParams,
} from "../experiments/connection-calls.js";
import connectionLengthsExperiment, {
  type ConnectionLengthsOutcome,
  type ConnectionLengthsParams,
} from "../experiments/connection-lengths.js";
import connectionLoadExperiment, {
  type ConnectionLoadOutcome,
  type ConnectionLoadParams,
} from "../experiments/connection-load.js";
import socketExchangeExperiment, {
  type SocketExchangeOutcome,
  type SocketExchangeParams,
} from "../experiments/socket-exchange.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * Which system calls does a question with its answer take over sockets, and what becomes of the TCP sockets? About a second; needs root.
 *
 * @param options `protocol`; `guess` for all calls of both sides together, in "calls"
 */
export function socketExchange(
  options: Options<SocketExchangeParams>,
): Promise<Result<SocketExchangeOutcome>> {
  return runExperiment(socketExchangeExperiment, options);
}

/**
 * How many system calls does a connection cost its server? About 4 s for four designs; needs root.
 *
 * @param options `guess` for the calls of one connection with one question, accepted one by one, in "calls"
 */
export function connectionCalls(
  options: Options<ConnectionCallsParams>,
): Promise<Result<ConnectionCallsOutcome>> {
  return runExperiment(connectionCallsExperiment, options);
}

/**
 * What does a batched interface with a listener for each core bring, by the length of a connection? About 20 s; needs root.
 *
 * @param options `guess` for its rate over the baseline's, with the shortest connections, in "×"
 */
export function connectionLengths(
  options: Options<ConnectionLengthsParams>,
): Promise<Result<ConnectionLengthsOutcome>> {
  return runExperiment(connectionLengthsExperiment, options);
}

/**
 * How long does a connection take that comes at its own time, whether or not the server keeps up? About 2 s; needs root.
 *
 * @param options `guess` for the p99 at the highest rate, from the intended start to the last answer, in "µs" or "ms"
 */
export function connectionLoad(
  options: Options<ConnectionLoadParams>,
): Promise<Result<ConnectionLoadOutcome>> {
  return runExperiment(connectionLoadExperiment, options);
}

/**
 * On which core is a connection accepted, by each way to share listeners among cores? About 4 s; needs root and two CPUs.
 *
 * @param options `guess` for the share that is accepted on the core of its packets, with one shared listener, in "%"
 */
export function acceptCores(options: Options<AcceptCoresParams>): Promise<Result<AcceptCoresOutcome>> {
  return runExperiment(acceptCoresExperiment, options);
}

/**
 * Does the model of a many-core server say what two cores do? About 8 s; needs root and two CPUs.
 *
 * @param options `guess` for how much two cores serve that share nothing, over one, in "×"
 */
export function acceptModel(options: Options<AcceptModelParams>): Promise<Result<AcceptModelCheck>> {
  return runExperiment(acceptModelExperiment, options);
}
