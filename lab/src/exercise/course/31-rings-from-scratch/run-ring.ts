// A run of a ring, written as a row of numbers: 3 puts three entries in at once, -2 takes at most two out.
import { allocateBareRing, cursorIn, type RingMaker } from "./bare-ring.js";

/** Positive: put so many, all or none. Negative: take at most so many. */
export type RingRun = readonly number[];

/** What came of a run. */
export interface RunTrace {
  /** What each number led to, in order: `put 1 2 3`, `full`, `took 1 2`. */
  readonly steps: readonly string[];
  /** All slots were taken at some moment. */
  readonly hasFilled: boolean;
  /** A batch lay over the end of the array. */
  readonly hasCrossed: boolean;
  /** The producer's cursor went past 2^32. */
  readonly hasWrapped: boolean;
}

const RUN_SIZE = 4;
/** Cursors begin here: six entries before 2^32, and so at slot 2. */
const RUN_START: number = 2 ** 32 - 6;

/** Runs a ring of four slots. */
export function runRing(make: RingMaker, run: RingRun): RunTrace {
  const memory = allocateBareRing(RUN_SIZE, RUN_START);
  const [producer, consumer] = [make(memory), make(memory)];
  const steps: string[] = [];
  const found = { hasFilled: false, hasCrossed: false, hasWrapped: false };
  let next = 1;
  let put = 0;
  let taken = 0;
  for (const count of run) {
    if (count > 0) {
      const first = producer.reserve(count);
      if (first === null) {
        steps.push("full");
        continue;
      }
      const values = Array.from({ length: count }, () => next++);
      values.forEach((value, i) => {
        producer.write((first + i) % 2 ** 32, value);
      });
      producer.submit(count);
      put += count;
      found.hasFilled ||= put - taken === RUN_SIZE;
      found.hasCrossed ||= (first % RUN_SIZE) + count > RUN_SIZE;
      found.hasWrapped ||= RUN_START + put >= 2 ** 32;
      steps.push(`put ${values.join(" ")}`);
    } else {
      const ready = Math.min(-count, consumer.peek());
      const first = cursorIn(memory.consumer);
      const values = Array.from({ length: ready }, (_, i) => consumer.read((first + i) % 2 ** 32));
      consumer.release(ready);
      taken += ready;
      steps.push(values.length === 0 ? "took nothing" : `took ${values.join(" ")}`);
    }
  }
  return { steps, ...found };
}
