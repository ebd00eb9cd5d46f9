// What a cell calls: one promise for each experiment.
import type { KernelName } from "../sys/index.js";
import type { Comparison } from "./compare.js";
import compareKernelsExperiment, { type CompareKernelsParams } from "./experiments/compare-kernels.js";
import syscallCostExperiment, {
  type SyscallCostOutcome,
  type SyscallCostParams,
} from "./experiments/syscall-cost.js";
import type { Result } from "./result.js";
import { type Options, runExperiment } from "./run.js";

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
 * @param options `guess` for the ratio a / b, in "x"; `relation` and `bound` say what is claimed, "> 1" unless given
 */
export function compareKernels(
  a: KernelName,
  b: KernelName,
  options: Options<Omit<CompareKernelsParams, "a" | "b">>,
): Promise<Result<Comparison>> {
  return runExperiment(compareKernelsExperiment, { ...options, a, b });
}
