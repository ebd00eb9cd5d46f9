// Take the lock out of a queue and keep the order: judged in every order that the accesses of both sides can have.
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../types.js";
import { describeThrown, describeValue } from "../values.js";
import {
  capacityOf,
  type Play,
  type Proof,
  proveAllOrders,
} from "./21-locks-and-shared-buffers/all-orders.js";
import type { QueueCode, QueueMaker } from "./21-locks-and-shared-buffers/shared-memory.js";

interface Run {
  readonly code: QueueCode;
  readonly play: Play;
  proof?: Proof;
}

const SIZE = 2;

/** What the last accesses of a failing order look like for a known mistake. */
function mistakeIn({ story, fault }: NonNullable<Proof["counterexample"]>): string | undefined {
  const lines = story.join("; ");
  if (/stores \d+ in count/.test(lines)) return "shares a counter";
  const stores = (who: string): string[] => story.filter((line) => line.startsWith(`${who} stores`));
  const pushes = stores("push").findIndex((line) => line.includes("in slot"));
  const moves = stores("push").findIndex((line) => line.includes("in tail"));
  if (moves >= 0 && (pushes < 0 || moves < pushes)) return "publishes before writing";
  const popped = story.filter(
    (line) => line.startsWith("pop") && !line.includes("reads head") && !line.includes("reads tail"),
  );
  const gives = popped.findIndex((line) => line.includes("in head"));
  const reads = popped.findIndex((line) => line.includes("reads slot"));
  if (gives >= 0 && (reads < 0 || gives < reads)) return "gives the slot back before reading";
  return fault.includes("were pushed") ? undefined : fault;
}

/** The last part of a story that is too long for a line. */
function told(story: readonly string[]): string {
  return story.slice(-10).join(", ");
}

function prove(run: Run): Outcome {
  const proof = proveAllOrders(run.code, run.play);
  run.proof = proof;
  const { orders, counterexample } = proof;
  if (counterexample === null) return saw(`${orders} orders, all right`);
  return mismatch(
    "every value once and in order, whatever comes between",
    `failed in order ${orders}: ${counterexample.fault}; last came ${told(counterexample.story)}`,
    mistakeIn(counterexample),
  );
}

function countLocks({ proof }: Run): Outcome {
  const locks = proof!.locks;
  return locks === 0
    ? saw("none")
    : mismatch(
        "no lock taken",
        `took the lock ${locks} times in ${proof!.orders} orders`,
        "still takes the lock",
      );
}

function fill({ code }: Run): Outcome {
  const { accepted, fault } = capacityOf(code, SIZE);
  const wanted = `${SIZE} of ${SIZE + 2} values taken, and given back in order`;
  if (accepted > SIZE) return mismatch(wanted, `took ${accepted}`, "overwrites what nobody has read");
  if (accepted < SIZE) return mismatch(wanted, `took ${accepted}`);
  return fault === null ? saw(`${accepted} taken`) : mismatch(wanted, `lost some: ${fault}`);
}

const PLAYS: readonly { readonly name: string; readonly given: string; readonly play: Play }[] = [
  {
    name: "an empty queue",
    given: "2 slots, empty",
    play: { size: SIZE, used: 0, filled: 0, pushes: 2, pops: 2 },
  },
  {
    name: "a full queue",
    given: "2 slots, both full",
    play: { size: SIZE, used: 1, filled: 2, pushes: 2, pops: 2 },
  },
  {
    name: "one in, one out",
    given: "2 slots, one full, cursors have gone round",
    play: { size: SIZE, used: 5, filled: 1, pushes: 2, pops: 2 },
  },
];

const start =
  (play: Play) =>
  (mine: QueueMaker): Run => ({ code: mine(), play });

const scenarios: Scenario<QueueMaker>[] = [
  scenario<QueueMaker, Run>({
    name: "one thread alone",
    given: "2 slots, empty",
    start: start(PLAYS[0]!.play),
    steps: [{ action: "push until it is full, pop until it is empty", play: fill }],
  }),
  ...PLAYS.map(({ name, given, play }) =>
    scenario<QueueMaker, Run>({
      name,
      given: `${given}; one thread pushes twice, another pops twice`,
      start: start(play),
      steps: [
        { action: "try every order of their accesses", play: prove, limitMs: 20_000 },
        { action: "count locks", play: countLocks },
      ],
    }),
  ),
];

/** Notebook 21: `check("21-locks-and-shared-buffers/without-a-lock", makeQueue)`. */
export const withoutALock: Exercise<QueueMaker> = {
  id: "21-locks-and-shared-buffers/without-a-lock",
  title: "A queue without its lock",
  points: 4,
  starterSteps: 4,
  needs: [],
  refuses: (mine) => {
    if (typeof mine !== "function")
      return `without-a-lock: expected a function makeQueue(), your code handed in ${describeValue(mine)}`;
    try {
      const { push, pop } = (mine as QueueMaker)();
      return typeof push === "function" && typeof pop === "function"
        ? null
        : "without-a-lock: expected makeQueue() to return { push, pop }, two generator functions (with a * before their names)";
    } catch (thrown) {
      return `without-a-lock: makeQueue() threw ${describeThrown(thrown)}`;
    }
  },
  hints: [
    "which word has two writers? While there is one, somebody must keep the other out. Let every word have one writer.",
    "the pusher alone moves tail, the popper alone moves head; both count for ever, and what waits is their difference. count is not needed.",
    "push: load tail and head, full if they differ by size; write the slot; store tail last. pop: load head and tail, empty if equal; read the slot; store head last.",
  ],
  wrongAnswers: [
    {
      name: "still takes the lock",
      hint: "the order is right in every case, and the lock is why. Find words of which each has one writer only; then nobody must be kept out.",
    },
    {
      name: "shares a counter",
      hint: "count is read and stored by both sides: where both read it before either stores, one of the two changes is lost. A word with two writers needs a lock.",
    },
    {
      name: "publishes before writing",
      hint: "the moment tail moves, the other side may read the slot. Write the slot first, move tail last.",
    },
    {
      name: "gives the slot back before reading",
      hint: "the moment head moves, the slot may be written again. Read it first, move head last.",
    },
    {
      name: "overwrites what nobody has read",
      hint: "more values went in than there are slots. push must say no while tail and head differ by size.",
    },
  ],
  scenarios,
};
export type {
  Access,
  QueueCode,
  QueueMaker,
  SharedAccess,
  SharedMemory,
  SharedWord,
} from "./21-locks-and-shared-buffers/shared-memory.js";
