// How many socket buffers does a packet take? The same frames meet four ends, and every birth and death is counted.
import type { Testbed } from "../../net/index.js";
import { countDuring, nameBirths, type SkbCounts } from "../../trace/index.js";
import type { Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";
import { openSkbPath, type SkbProgram } from "../skb-paths.js";

/** What to count. */
export interface SkbCountParams {
  readonly program: SkbProgram;
  /** Frames to inject, 1 or more. */
  readonly frames: number;
}

/** What became of the frames. The figure that is guessed is `made`. */
export interface SkbCountOutcome {
  readonly program: SkbProgram;
  /** Frames that were injected, and how many of them arrived at the other end of the wire. */
  readonly frames: number;
  readonly arrived: number;
  /** `native`, read back from the kernel. */
  readonly xdpMode: string;
  /** skbs that entered host b's stack: one for each frame that became one. */
  readonly made: number;
  /** Of these, how many died with work undone, by reason, and how many with their work done. */
  readonly dropped: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly consumed: number;
  /** Of these, how many were alive when the last frame had come: they wait in the socket of a stalled reader. */
  readonly waiting: number;
  /** Packets that user space got in the end. */
  readonly received: number;
  /** Heads that the whole machine took one by one meanwhile; and as long again, while nothing was sent. */
  readonly births: number;
  readonly backgroundBirths: number;
  /** Whose births these were: `14 in __alloc_skb while sshd ran`. */
  readonly birthsBy: readonly string[];
  /** What no event showed, in plain words. */
  readonly unseen: readonly string[];
  /** Entries and deaths that came while their counter was busy; `made` and the deaths are exact when this is 0. */
  readonly uncounted: number;
  readonly counts: SkbCounts;
}

/** Frames before those that count: the first ones fill the kernel's own caches. */
const WARM_UP = 64;

/**
 * Injects frames and counts the skbs they cost.
 *
 * @param request what meets the frames, how many, and what may stop it
 * @param opened is shown the testbed before anything is counted
 * @throws SysError without root; the signal's reason; nothing is left behind.
 */
export async function countSkbs(
  { program, frames, signal }: SkbCountParams & { readonly signal?: AbortSignal },
  opened: (testbed: Testbed) => void = () => undefined,
): Promise<SkbCountOutcome> {
  const path = openSkbPath(program);
  const { testbed } = path;
  try {
    opened(testbed);
    await path.send(WARM_UP, signal);
    const before = path.read();
    const namespaces = [testbed.path("a"), testbed.path("b")];
    const { result, counts } = await countDuring(
      { skbs: { namespaces } },
      () => path.send(frames, signal),
      signal,
    );
    const { own } = counts.skbs;
    return {
      program,
      frames: result.offered,
      arrived: result.arrived,
      xdpMode: testbed.facts("b").xdp,
      made: own.entered,
      dropped: own.dropped,
      reasons: own.reasons,
      consumed: own.consumed,
      waiting: own.entered - own.dropped - own.consumed,
      received: path.read() - before,
      births: counts.skbs.births,
      backgroundBirths: counts.skbs.background?.births ?? 0,
      birthsBy: nameBirths(counts.skbs),
      unseen: counts.skbs.unseen,
      uncounted: counts.skbs.uncounted.fates,
      counts: counts.skbs,
    };
  } finally {
    testbed.close();
  }
}

const experiment: Experiment<SkbCountParams, SkbCountOutcome> = {
  name: "skb-count",
  module: import.meta.url,
  question: "How many socket buffers does a packet take?",
  needs: ["root"],
  unit: "skbs",
  defaults: { program: "drop", frames: 65_536 },
  unseen: [
    "heads that the kernel takes or gives back in bulk: that has no tracepoint, so births are fewer than skbs",
    "whose a birth is: a slab cache knows no packet; the control window says what the machine does by itself",
  ],
  headline: ({ made }) => made,
  run(params, context) {
    return countSkbs({ ...params, signal: context.signal }, (testbed) => noteLinks(context, testbed));
  },
};
export default experiment;
