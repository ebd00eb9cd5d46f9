// Injector and consumer on one CPU, in turns: a burst is injected while the consumer sleeps, and taken while nothing is injected.
// So neither is interrupted by the other, and nothing is lost for want of room.
import { ConsumerThread } from "./consumer-thread.js";
import type { Expectation } from "./sink.js";
import type { Stage } from "./stage.js";

/** What has not come after so long is not waited for, in ms. */
const LOST_MS = 500;

/** Turns of the injector and the consumer. */
export interface Turns {
  begin(expectation: Expectation): Promise<void>;
  /** For the injector: how many more packets it may send; after a burst the consumer gets its turn first. */
  readonly allow: (sent: number) => number;
  /** The consumer's last turn. @param arrived packets that the wire delivered in this run */
  end(arrived: number): void;
}

/**
 * Lets injector and consumer take turns of half the path's ring. Where no thread of ours consumes there is only one side.
 *
 * @throws RangeError where they have a CPU each.
 */
export function turnsOf({
  far,
  cpus,
  options,
  path,
}: Pick<Stage, "far" | "cpus" | "options" | "path">): Turns {
  if (cpus.injector !== cpus.consumer) {
    throw new RangeError(
      `Cannot take turns by ${path.name}: CPU ${cpus.injector} injects, CPU ${cpus.consumer} consumes -> open the stage with one CPU for both`,
    );
  }
  const consumer = far instanceof ConsumerThread ? far : null;
  const burst = options.ringSize / 2;
  let taken = 0;
  const take = (sent: number): void => {
    consumer?.drain(sent, LOST_MS);
    taken = sent;
  };
  return {
    begin: (expectation) => (consumer === null ? far.begin(expectation) : consumer.beginHeld(expectation)),
    allow: (sent) => {
      if (sent - taken >= burst) take(sent);
      return burst - (sent - taken);
    },
    end: take,
  };
}
