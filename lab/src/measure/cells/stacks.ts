// What cells measure of our own stack: notebooks 40 to 42.
import echoCallsExperiment, {
  type EchoCallsOutcome,
  type EchoCallsParams,
} from "../experiments/echo-calls.js";
import iperf3ExchangeExperiment, {
  type Iperf3ExchangeOutcome,
  type Iperf3ExchangeParams,
} from "../experiments/iperf3-exchange.js";
import stackEchoesExperiment, {
  type StackEchoesOutcome,
  type StackEchoesParams,
} from "../experiments/stack-echoes.js";
import stackPartsExperiment, {
  type StackPartsOutcome,
  type StackPartsParams,
} from "../experiments/stack-parts.js";
import tcpOnBadWireExperiment, {
  type TcpOnBadWireOutcome,
  type TcpOnBadWireParams,
} from "../experiments/tcp-on-bad-wire.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * Who answers Linux's pings and datagrams, our stack or the kernel whose place it takes? About 3 s, needs root.
 *
 * @param options `guess` for the pings of 100 that host b's kernel answers, in "pings"
 */
export function stackEchoes(options: Options<StackEchoesParams>): Promise<Result<StackEchoesOutcome>> {
  return runExperiment(stackEchoesExperiment, options);
}

/**
 * What does a datagram cost our stack, layer by layer? About 10 s, a quiet machine, no root.
 *
 * @param options `guess` for the whole of a datagram of the first size, answered, in "ns"
 */
export function stackParts(options: Options<StackPartsParams>): Promise<Result<StackPartsOutcome>> {
  return runExperiment(stackPartsExperiment, options);
}

/**
 * What does our TCP do about a wire that loses frames? It sends to Linux's TCP. About 3 s, needs root.
 *
 * @param options `guess` for the segments that are sent again, in "segments"; `faults` of the wire, each 40th frame lost unless given
 */
export function tcpOnBadWire(options: Options<TcpOnBadWireParams>): Promise<Result<TcpOnBadWireOutcome>> {
  return runExperiment(tcpOnBadWireExperiment, options);
}

/**
 * What does iperf3 of the kernel's side say of our TCP, and what did our stack count meanwhile? About 4 s; needs root and iperf3.
 *
 * @param options `guess` for the frames that come in while iperf3 sends, in "frames"; `mib` each way, 8 unless given
 */
export function iperf3Exchange(
  options: Options<Iperf3ExchangeParams>,
): Promise<Result<Iperf3ExchangeOutcome>> {
  return runExperiment(iperf3ExchangeExperiment, options);
}

/**
 * How many system calls does an echo server make for a message, on Linux's sockets and on a library over AF_XDP? Takes some two
 * seconds, needs root.
 *
 * @param options `guess` for the library's calls a message with the most messages on their way, in "calls"
 */
export function echoCalls(options: Options<EchoCallsParams>): Promise<Result<EchoCallsOutcome>> {
  return runExperiment(echoCallsExperiment, options);
}
