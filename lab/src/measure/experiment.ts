import type { Random } from "../stats/index.js";

/** What an experiment needs of the machine: nobody else running, root's rights, the compiled loops of kernels/native, RDMA. */
export type Need = "quiet" | "root" | "compiled" | "rdma";

/**
 * One measurement, as data: its question, and the function that answers it in a child process. A file of
 * `experiments/` exports one as its default, and that is all there is to adding one.
 */
export interface Experiment<Params extends object, Outcome> {
  /** Part of the result's id, e.g. `syscall-cost`. */
  readonly name: string;
  /** `import.meta.url` of the file whose default export this is: the child imports it again. */
  readonly module: string;
  readonly question: string;
  readonly needs: readonly Need[];
  /** Unit of the figure that is guessed, e.g. `ns`. */
  readonly unit: string;
  readonly defaults: Params;
  /**
   * Measures. Runs in the child, whose thread it may keep for 50 ms at a time: then it must `await context.breathe()`,
   * or the stop button has to kill it.
   *
   * @returns Plain data, since it travels between processes as JSON.
   */
  run(params: Params, context: Context): Promise<Outcome>;
  /** The one figure of the outcome that the guess was about, in `unit`. */
  headline(outcome: Outcome): number;
  /** What this way of measuring cannot see, for the result to say. */
  readonly unseen: readonly string[];
}

/** What the child gives to a running experiment. */
export interface Context {
  /** Aborted by the stop button, or when the parent is gone. */
  readonly signal: AbortSignal;
  /** The CPU that this thread is pinned to. */
  readonly cpu: number;
  /** Every CPU that the lab may use, `cpu` among them. */
  readonly cpus: readonly number[];
  /** For random order; its seed is in the result. */
  readonly random: Random;
  /** Lets messages in. @throws the abort reason once the run is aborted */
  breathe(): Promise<void>;
  /** Says how far it is, 0 to 1. Called as often as convenient; at most ten a second get through. */
  progress(done: number, text: string): void;
  /** Registers a removal, before the thing to remove is made. Run in reverse order, whatever happens. */
  onClose(close: () => void | Promise<void>): void;
  /** Adds a fact of this run to the result, e.g. the mode that the kernel reported. */
  note(name: string, value: string | number | boolean): void;
}
