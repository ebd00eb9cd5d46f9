// What cells measure of system calls: notebooks 11 and 12.
import type { KernelName } from "../../sys/index.js";
import type { Comparison } from "../compare.js";
import callsPerMessageExperiment, {
  type CallsPerMessageOutcome,
  type CallsPerMessageParams,
} from "../experiments/calls-per-message.js";
import compareKernelsExperiment, { type CompareKernelsParams } from "../experiments/compare-kernels.js";
import contextSwitchExperiment, {
  type ContextSwitchOutcome,
  type ContextSwitchParams,
} from "../experiments/context-switch.js";
import exceptionLessCallsExperiment, {
  type ExceptionLessCallsOutcome,
  type ExceptionLessCallsParams,
} from "../experiments/exception-less-calls.js";
import exceptionLessCostsExperiment, {
  type ExceptionLessCostsOutcome,
  type ExceptionLessCostsParams,
} from "../experiments/exception-less-costs.js";
import payloadSweepExperiment, {
  type PayloadSweepOutcome,
  type PayloadSweepParams,
} from "../experiments/payload-sweep.js";
import pollutionExperiment, {
  type PollutionOutcome,
  type PollutionParams,
} from "../experiments/pollution.js";
import syscallCostExperiment, {
  type SyscallCostOutcome,
  type SyscallCostParams,
} from "../experiments/syscall-cost.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * What does it cost to enter the kernel and come back? Takes about a second, and one more at the gate.
 *
 * @param options `guess` for one getppid system call, in ns
 */
export function syscallCost(options: Options<SyscallCostParams>): Promise<Result<SyscallCostOutcome>> {
  return runExperiment(syscallCostExperiment, options);
}

/**
 * How many times dearer is one measurement kernel than another?
 *
 * @param a e.g. "syscallGetppid"
 * @param b e.g. "functionCall"
 * @param options `guess` for the ratio a / b, in "×"; `relation` and `bound` say what is claimed, "> 1" unless given
 */
export function compareKernels(
  a: KernelName,
  b: KernelName,
  options: Options<Omit<CompareKernelsParams, "a" | "b">>,
): Promise<Result<Comparison>> {
  return runExperiment(compareKernelsExperiment, { ...options, a, b });
}

/**
 * What does a message save that takes one system call in place of two? About 2 s.
 *
 * @param options `guess` for the saving of one message, in ns or µs
 */
export function callsPerMessage(
  options: Options<CallsPerMessageParams>,
): Promise<Result<CallsPerMessageOutcome>> {
  return runExperiment(callsPerMessageExperiment, options);
}

/**
 * Does a system call cost by the call or by the byte? About 3 s.
 *
 * @param options `guess` for 4096 bytes through a pipe, one write and one read together, in ns or µs
 */
export function payloadSweep(options: Options<PayloadSweepParams>): Promise<Result<PayloadSweepOutcome>> {
  return runExperiment(payloadSweepExperiment, options);
}

/**
 * How much slower does a program run after a system call has returned? About 3 s.
 *
 * @param options `guess` for the slowdown of a memory access after one call, in "×": 1 is no slowdown
 */
export function pollution(options: Options<PollutionParams>): Promise<Result<PollutionOutcome>> {
  return runExperiment(pollutionExperiment, options);
}

/**
 * What does it cost to wake another thread and let it run, by pipe, eventfd and futex, on one CPU and on two? Takes about 3 s.
 *
 * @param options `guess` for one switch through a pipe on one CPU, in ns
 */
export function contextSwitch(options: Options<ContextSwitchParams>): Promise<Result<ContextSwitchOutcome>> {
  return runExperiment(contextSwitchExperiment, options);
}

/**
 * How many system calls does a read take, one by one, by batches through an io_uring, and with a polling thread? Exact, needs root.
 *
 * @param options `guess` for the calls of all reads in the largest batches, in "calls"
 */
export function exceptionLessCalls(
  options: Options<ExceptionLessCallsParams>,
): Promise<Result<ExceptionLessCallsOutcome>> {
  return runExperiment(exceptionLessCallsExperiment, options);
}

/**
 * What does a read cost by those three ways, what does the program's own work lose, and whose CPU pays? Takes about 4 s.
 *
 * @param options `guess` for one read in the largest batch by one call, in ns
 */
export function exceptionLessCosts(
  options: Options<ExceptionLessCostsParams>,
): Promise<Result<ExceptionLessCostsOutcome>> {
  return runExperiment(exceptionLessCostsExperiment, options);
}
