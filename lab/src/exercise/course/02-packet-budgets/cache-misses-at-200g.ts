// How often may the processor wait for memory before the next packet is there?
import { MAX_FRAME_BYTES, wireTimeNs } from "../../../base/index.js";
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** Counts the cache misses that fit between two full frames at 200 GbE. @param missNs time of one, above 0 */
export type MissCounter = (missNs: number) => number;

const LEAST_FRAME_BYTES = 64;
const GBPS = 200;

/** What each mistake answers. Rounding to the nearest stands first: where it is wrong, rounding up says the same. */
const MISTAKES: readonly (readonly [string, MissCounter])[] = [
  ["rounds to the nearest", (missNs) => Math.round(wireTimeNs(MAX_FRAME_BYTES, GBPS) / missNs)],
  ["rounds up", (missNs) => Math.ceil(wireTimeNs(MAX_FRAME_BYTES, GBPS) / missNs)],
  ["takes the budget of 10 GbE", (missNs) => Math.floor(wireTimeNs(MAX_FRAME_BYTES, 10) / missNs)],
  ["takes the smallest frame", (missNs) => Math.floor(wireTimeNs(LEAST_FRAME_BYTES, GBPS) / missNs)],
  ["forgets preamble and gap", (missNs) => Math.floor((MAX_FRAME_BYTES * 8) / GBPS / missNs)],
];

function judge(mine: MissCounter, missNs: number): Outcome {
  const expected = Math.floor(wireTimeNs(MAX_FRAME_BYTES, GBPS) / missNs);
  const answer: unknown = mine(missNs);
  if (answer === expected) return saw(`${expected}`);
  const known = MISTAKES.find(([, count]) => count(missNs) === answer);
  return mismatch(`${expected}`, `returned ${describeAnswer(answer)}`, known?.[0]);
}

/** Notebook 02: `check("02-packet-budgets/cache-misses-at-200g", missesThatFit)`. */
export const cacheMissesAt200G: Exercise<MissCounter> = {
  id: "02-packet-budgets/cache-misses-at-200g",
  title: "Cache misses at 200 GbE",
  points: 1,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `cache-misses-at-200g: expected a function missesThatFit(missNs), your code handed in ${describeValue(mine)}`,
  hints: [
    "how long is it from one full frame to the next at 200 GbE? wireTimeNs knows.",
    "wireTimeNs(1518, 200) is the budget; how often does missNs go into it?",
    "half a miss is no use: round the quotient so that the last miss still ends in time.",
  ],
  wrongAnswers: [
    {
      name: "rounds up",
      hint: "the last of your misses ends after the next packet has come. Count those that end in time.",
    },
    {
      name: "rounds to the nearest",
      hint: "right for some times, one too many for others: a miss that has begun must also end in time.",
    },
    {
      name: "takes the budget of 10 GbE",
      hint: "your count is right for 10 GbE. At 200 GbE the next frame comes twenty times as soon.",
    },
    {
      name: "takes the smallest frame",
      hint: "that is the budget of a 64-byte frame. The question is about full frames of 1518 bytes.",
    },
    {
      name: "forgets preamble and gap",
      hint: "the next frame comes a little later than you think: 1518 bytes keep the wire busy for 1538.",
    },
  ],
  scenarios: [
    scenario<MissCounter, MissCounter>({
      name: "from a fast cache to far memory",
      given: "full frames at 200 GbE",
      start: (mine) => mine,
      // 2.9 tells nearly all mistakes apart; 32 is Brouer's figure; 80 leaves room for none.
      steps: [2.9, 32, 61, 80].map((missNs) => ({
        action: `misses of ${missNs} ns`,
        play: (mine) => judge(mine, missNs),
      })),
    }),
  ],
};
