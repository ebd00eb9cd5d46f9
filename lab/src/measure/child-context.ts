import { setImmediate as nextTurn } from "node:timers/promises";
import { seededRandom } from "../stats/index.js";
import type { Context } from "./experiment.js";
import type { Progress } from "./messages.js";

const PROGRESS_EVERY_MS = 100;

/** A context, and the two things that only the child itself does with it. */
export interface ChildContext extends Context {
  readonly notes: Readonly<Record<string, string | number | boolean>>;
  /** Runs every registered removal, the last one first; an error in one does not keep the others from running. */
  close(): Promise<void>;
}

/** Makes the context of one run. @param report sends progress to the parent */
export function childContext(
  seed: number,
  cpus: readonly number[],
  signal: AbortSignal,
  report: (progress: Progress) => void,
): ChildContext {
  const closers: (() => void | Promise<void>)[] = [];
  const notes: Record<string, string | number | boolean> = {};
  let reported = Number.NEGATIVE_INFINITY;
  return {
    signal,
    cpus,
    // CPU 0 takes most interrupts, so the last one is the quietest.
    cpu: cpus[cpus.length - 1]!,
    random: seededRandom(seed),
    notes,
    async breathe(): Promise<void> {
      await nextTurn();
      signal.throwIfAborted();
    },
    progress(done: number, text: string): void {
      const now = performance.now();
      if (now - reported < PROGRESS_EVERY_MS && done < 1) return;
      reported = now;
      report({ done, text });
    },
    onClose(close: () => void | Promise<void>): void {
      closers.push(close);
    },
    note(name: string, value: string | number | boolean): void {
      notes[name] = value;
    },
    async close(): Promise<void> {
      const errors: unknown[] = [];
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
