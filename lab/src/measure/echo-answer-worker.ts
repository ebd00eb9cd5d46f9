// The answering thread of the experiment `udp-echo`. It has all its ends open at once and serves one of them at a time, as many
// questions as it is told; between two orders it sleeps, so that only one end uses its CPU.
import { parentPort, workerData } from "node:worker_threads";
import { blockSignals, inNamespace, pinThread } from "../sys/index.js";
import { type EchoEnd, type EchoEndSpec, openEchoEnd } from "./echo-ends.js";

/** An answering end and the namespace that it lives in. */
export interface AnsweringEnd extends EchoEndSpec {
  readonly namespace: string;
}

/** What the thread is started with. */
export interface AnswererSpec {
  readonly ends: readonly AnsweringEnd[];
  readonly cpu: number;
  /** The order, see `WORD`. */
  readonly words: Int32Array;
}

/** What the words say: what the thread is to do or does now, which end serves, and how many questions. */
export const WORD = { state: 0, end: 1, questions: 2 } as const;
export const STATE = { resting: 0, ordered: 1, serving: 2 } as const;

function serve({ ends, cpu, words }: AnswererSpec): void {
  blockSignals();
  pinThread([cpu]);
  const open = ends.map((spec) => inNamespace(spec.namespace, () => openEchoEnd(spec)));
  parentPort!.postMessage("ready");
  for (;;) {
    Atomics.wait(words, WORD.state, STATE.resting);
    Atomics.store(words, WORD.state, STATE.serving);
    answer(open[words[WORD.end]!]!, words[WORD.questions]!);
    Atomics.store(words, WORD.state, STATE.resting);
  }
}

function answer(end: EchoEnd, questions: number): void {
  for (let left = questions; left > 0; left--) end.answer();
}

if (parentPort !== null) serve(workerData as AnswererSpec);
