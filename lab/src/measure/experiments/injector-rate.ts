// How fast is the packet source? The frames meet the cheapest receiver there is, native XDP_DROP, on the injecting CPU.

import { Testbed, twoHosts } from "../../net/index.js";
import { type Interval, median, medianInterval } from "../../stats/index.js";
import { attachXdp, loadCounter } from "../../xdp/index.js";
import type { Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface InjectorRateParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** Packets a second, sent and handled. */
export interface InjectorRateOutcome extends Interval {
  readonly medianPps: number;
  /** One figure a round. */
  readonly samplesPps: readonly number[];
  /** Frames that were offered and not handled, over all rounds. */
  readonly lost: number;
}

const ROUND_S = 0.1;

const experiment: Experiment<InjectorRateParams, InjectorRateOutcome> = {
  name: "injector-rate",
  module: import.meta.url,
  question: "How many frames a second does the injector send?",
  needs: ["quiet", "root"],
  unit: "Mpps",
  defaults: { rounds: 20 },
  unseen: ["a receiver that does more than drop: it runs on the same CPU and takes its share"],
  headline: ({ medianPps }) => medianPps / 1e6,
  async run({ rounds }, context) {
    const testbed = Testbed.create(twoHosts());
    context.onClose(() => testbed.close());
    attachXdp(testbed, "b", loadCounter("DROP"));
    noteLinks(context, testbed);
    const injector = testbed.injector("a");
    const samplesPps: number[] = [];
    let lost = 0;
    // The first round warms up and is thrown away.
    for (let round = 0; round <= rounds; round++) {
      const options = { seconds: ROUND_S, ratePps: Number.POSITIVE_INFINITY, signal: context.signal };
      const { arrived, lost: missing, seconds } = await injector.inject(Number.POSITIVE_INFINITY, options);
      if (round > 0) {
        samplesPps.push(arrived / seconds);
        lost += missing;
      }
      context.progress(round / rounds, `round ${round} of ${rounds}`);
    }
    return { medianPps: median(samplesPps), ...medianInterval(samplesPps), samplesPps, lost };
  },
};
export default experiment;
