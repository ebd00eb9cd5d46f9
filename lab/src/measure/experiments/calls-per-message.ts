// What does it save to make one system call of two? A message of two parts is sent in three ways that take turns: two calls;
// one call that still makes two packets (sendmmsg); one call and one packet. The middle one tells the door from what lies
// behind it.
import {
  type Interval,
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
} from "../../stats/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** How often. */
export interface CallsPerMessageParams {
  /** Figures of each way, 10 or more for a verdict. */
  readonly rounds: number;
}

/** What a message saves, in nanoseconds; below 0 where it costs more. */
export interface Saving extends Interval {
  /** Median of the differences inside the rounds. */
  readonly ns: number;
}

/** Costs of one message, and what each step away from two calls saves. */
export interface CallsPerMessageOutcome {
  readonly twoCalls: Cost;
  /** One sendmmsg for both parts, each still a packet of its own. */
  readonly oneCallTwoPackets: Cost;
  /** Both parts copied together, one send. */
  readonly oneCall: Cost;
  /** From two calls to one call with one packet: what the learner's change saves. */
  readonly saved: Saving;
  /** From two calls to one, with the same two packets: the door alone, less what sendmmsg costs by itself. */
  readonly savedByDoor: Saving;
  /** Two calls against one call: is the saving real? */
  readonly twoAgainstOne: PairedComparison;
  /** Two calls against sendmmsg. */
  readonly twoAgainstSendmmsg: PairedComparison;
}

const experiment: Experiment<CallsPerMessageParams, CallsPerMessageOutcome> = {
  name: "calls-per-message",
  module: import.meta.url,
  question: "What does a message save that takes one system call in place of two?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 30 },
  unseen: [
    "a network card: on loopback the receiver's half of the work is done inside the sender's call",
    "the receiver, who reads one packet in place of two",
  ],
  headline: ({ saved }) => saved.ns,
  async run({ rounds }, context) {
    const twice = kernelVariant("sendMessage", "two calls", 2, 2);
    const { twoCalls, again, oneCallTwoPackets, oneCall } = await interleave(
      {
        twoCalls: twice,
        again: { ...twice, name: "two calls, again" },
        oneCallTwoPackets: kernelVariant("sendMessage", "one call, two packets", 1, 2),
        oneCall: kernelVariant("sendMessage", "one call, one packet", 1, 1),
      },
      rounds,
      context,
    );
    const noise = noiseFloor(twoCalls.samplesNs, again.samplesNs);
    const against = (other: Cost): PairedComparison =>
      pairedComparison(twoCalls.samplesNs, other.samplesNs, noise);
    return {
      twoCalls,
      oneCallTwoPackets,
      oneCall,
      saved: saving(twoCalls, oneCall),
      savedByDoor: saving(twoCalls, oneCallTwoPackets),
      twoAgainstOne: against(oneCall),
      twoAgainstSendmmsg: against(oneCallTwoPackets),
    };
  },
};
export default experiment;

function saving(from: Cost, to: Cost): Saving {
  const differences = from.samplesNs.map((ns, round) => ns - to.samplesNs[round]!);
  return { ns: median(differences), ...medianInterval(differences) };
}
