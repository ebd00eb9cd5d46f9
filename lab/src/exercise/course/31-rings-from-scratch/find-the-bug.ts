// Three broken rings, and a proof wanted for each: a run after which it has lost, doubled or invented an entry, or refused one
// that had room. The same run on a right ring is the judge.
import {
  type Exercise,
  mismatch,
  type Outcome,
  type Scenario,
  type Step,
  saw,
  scenario,
} from "../../types.js";
import { describeThrown, describeValue } from "../../values.js";
import type { HandmadeRing, RingMaker } from "./bare-ring.js";
import { type BrokenRingName, brokenRings } from "./broken-rings.js";
import { type RingRun, type RunTrace, runRing } from "./run-ring.js";

/** A run for each broken ring. */
export type BugProofs = Readonly<Record<BrokenRingName, RingRun>>;

const LONGEST_RUN = 40;

/** A ring without a fault, for comparison. */
const rightRing: RingMaker = ({ size, producer, consumer, slots }): HandmadeRing => {
  let reserved = producer[0]!;
  return {
    reserve(count) {
      if (((reserved - consumer[0]!) | 0) + count > size) return null;
      const first = reserved;
      reserved = (first + count) | 0;
      return first >>> 0;
    },
    write: (cursor, value) => {
      slots[cursor & (size - 1)] = value;
    },
    submit: (count) => {
      Atomics.store(producer, 0, (producer[0]! + count) | 0);
    },
    peek: () => (producer[0]! - consumer[0]!) | 0,
    read: (cursor) => slots[cursor & (size - 1)]!,
    release: (count) => {
      Atomics.store(consumer, 0, (consumer[0]! + count) | 0);
    },
  };
};

/** What a run that shows nothing most likely lacks. */
const LACKS: Readonly<Record<BrokenRingName, { has(trace: RunTrace): boolean; diagnosis: string }>> = {
  first: { has: ({ hasFilled }) => hasFilled, diagnosis: "never fills the ring" },
  second: { has: ({ hasCrossed }) => hasCrossed, diagnosis: "no batch crosses the end" },
  third: { has: ({ hasWrapped }) => hasWrapped, diagnosis: "stops before 2^32" },
};

function judge(name: BrokenRingName, run: unknown): Outcome {
  if (!Array.isArray(run) || run.length > LONGEST_RUN || !run.every(isStep)) {
    const wanted = `at most ${LONGEST_RUN} numbers from -4 to 4, none of them 0`;
    return mismatch(wanted, `handed in ${describeValue(run)}`);
  }
  const right = runRing(rightRing, run);
  let broken: readonly string[];
  try {
    broken = runRing(brokenRings[name], run).steps;
  } catch (thrown) {
    return saw(`it threw ${describeThrown(thrown)}`);
  }
  const at = right.steps.findIndex((step, i) => step !== broken[i]);
  if (at >= 0) return saw(`step ${at + 1}: ${broken[at]}, and a right ring: ${right.steps[at]}`);
  const { has, diagnosis } = LACKS[name];
  const got =
    run.length === 0
      ? "handed in an empty run"
      : `ran it and saw what a right ring does: ${right.steps.join(", ")}`;
  return mismatch("a run that a right ring answers otherwise", got, has(right) ? undefined : diagnosis);
}

function isStep(count: unknown): boolean {
  return Number.isInteger(count) && count !== 0 && Math.abs(count as number) <= 4;
}

const proof = (name: BrokenRingName): Step<BugProofs> => ({
  action: `run the ${name} ring`,
  play: (mine) => judge(name, mine[name]),
});

const scenarios: Scenario<BugProofs>[] = (["first", "second", "third"] as const).map((name) =>
  scenario<BugProofs, BugProofs>({
    name: `the ${name} ring`,
    given: "4 slots, empty; cursors begin at 4294967290, which is slot 2",
    start: (mine) => mine,
    steps: [proof(name)],
  }),
);

/** Notebook 31: `check("31-rings-from-scratch/find-the-bug", proofs)`. */
export const findTheBug: Exercise<BugProofs> = {
  id: "31-rings-from-scratch/find-the-bug",
  title: "Three broken rings",
  points: 3,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "object" && mine !== null && ["first", "second", "third"].every((name) => name in mine)
      ? null
      : `find-the-bug: expected { first, second, third }, your code handed in ${describeValue(mine)}`,
  hints: [
    "a ring is right while nothing is at its edge. Think of the edges: full, empty, the end of the array, the end of the numbers.",
    "with 4 slots that begin at slot 2: when is every slot taken, when does one batch lie in slots 3 and 0, and after how many entries does the cursor pass 2^32?",
    "compare the three makers line by line with the ring that you wrote: one differs in how it keeps its cursors, one in write, one in peek. Then choose numbers that make just this line matter.",
  ],
  wrongAnswers: [
    {
      name: "never fills the ring",
      hint: "this ring keeps slot numbers instead of cursors that count for ever. What does it see when all four slots are taken? Put four in, and look.",
    },
    {
      name: "no batch crosses the end",
      hint: "this ring finds the slot of a batch's first entry and counts on from there. It begins at slot 2: put in a batch that is longer than what is left up to the end of the array.",
    },
    {
      name: "stops before 2^32",
      hint: "this ring asks which cursor is larger. The cursors begin six entries before 2^32: let the producer go past it while entries wait.",
    },
  ],
  scenarios,
};
