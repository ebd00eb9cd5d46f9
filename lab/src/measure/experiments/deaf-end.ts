// A veth takes a redirected frame only if its other end polls: an XDP program there, or GRO. Where neither is, the
// program's answer is the same, and the packets are gone. Who noticed?
import { type Ending, openStation, type StationCount } from "../../xdp/index.js";
import type { Experiment } from "../experiment.js";

/** What to send. */
export interface DeafEndParams {
  readonly frames: number;
}

/** The same packets to an end that listens and to one that does not. */
export interface DeafEndRow {
  readonly ending: Ending;
  readonly listening: StationCount;
  readonly deaf: StationCount;
}

/** Both verdicts that leave by a wire. The figure that is guessed is what arrives of a redirect to the deaf end. */
export interface DeafEndOutcome {
  readonly rows: readonly DeafEndRow[];
}

const experiment: Experiment<DeafEndParams, DeafEndOutcome> = {
  name: "deaf-end",
  module: import.meta.url,
  question: "What arrives at an end of a wire where nobody polls?",
  needs: ["root"],
  unit: "packets",
  defaults: { frames: 10_000 },
  unseen: ["other drivers: each decides by itself when it takes redirected frames"],
  headline: ({ rows }) => rows.find(({ ending }) => ending === "redirect")!.deaf.ended,
  async run({ frames }, context) {
    const rows: DeafEndRow[] = [];
    for (const ending of ["tx", "redirect"] as const) {
      const count = async (deaf: boolean): Promise<StationCount> => {
        const station = openStation({ ending, mode: "native", deaf });
        context.onClose(() => station.close());
        return station.sendAt(frames, { signal: context.signal });
      };
      rows.push({ ending, listening: await count(false), deaf: await count(true) });
      context.progress(rows.length / 2, `${ending} done`);
      await context.breathe();
    }
    return { rows };
  },
};
export default experiment;
