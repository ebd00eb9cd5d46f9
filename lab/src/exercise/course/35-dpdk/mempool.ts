// A mempool hands out buffers that all exist from the start: no allocator is asked while packets come. Buffers are only
// numbers here. A burst gets all it asks for or nothing, as rte_mempool_get_bulk has it.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeThrown, describeValue } from "../../values.js";

/** Buffers that exist from the start, by number. */
export interface Mempool {
  /** Takes so many buffers, all or none. @returns Their numbers, or null where fewer are left. */
  take(count: number): number[] | null;
  /** Gives buffers back. @throws RangeError where one is in the pool already */
  give(mbufs: readonly number[]): void;
  /** Buffers in the pool. */
  available(): number;
}

/** Makes a pool of buffers 0 to size - 1. */
export type MempoolMaker = (size: number) => Mempool;

const SIZE = 4;

interface Table {
  readonly pool: Mempool;
  held: number[];
}

function judgeAvailable({ pool }: Table, wanted: number, diagnosis?: string): Outcome {
  const got = pool.available();
  if (got === wanted) return saw(`${wanted} available`);
  return mismatch(`${wanted} available`, `says ${describeAnswer(got)}`, diagnosis);
}

const takeThree: Step<Table> = {
  action: "take 3",
  play(table): Outcome {
    const taken = table.pool.take(3);
    const isGood =
      Array.isArray(taken) &&
      taken.length === 3 &&
      new Set(taken).size === 3 &&
      taken.every((mbuf) => Number.isInteger(mbuf) && mbuf >= 0 && mbuf < SIZE);
    if (!isGood) return mismatch(`3 different numbers from 0 to ${SIZE - 1}`, `gave ${describeValue(taken)}`);
    table.held = taken;
    return judgeAvailable(table, SIZE - 3);
  },
};

const takeTooMany: Step<Table> = {
  action: "take 2, of which there is 1",
  play(table): Outcome {
    const taken = table.pool.take(2);
    if (taken !== null)
      return mismatch("null: all or none", `gave ${describeValue(taken)}`, "takes what is left");
    return judgeAvailable(table, SIZE - 3, "loses what it could not give");
  },
};

const giveBack: Step<Table> = {
  action: "give the 3 back",
  play(table): Outcome {
    table.pool.give(table.held);
    return judgeAvailable(table, SIZE);
  },
};

const lastFirst: Step<Table> = {
  action: "take all, give 2 and then 0 back, take 1",
  play({ pool }): Outcome {
    pool.take(SIZE);
    pool.give([2]);
    pool.give([0]);
    const taken = pool.take(1);
    if (taken?.[0] === 0) return saw("0: used last, still in the cache");
    const diagnosis = taken?.[0] === 2 ? "hands out the coldest" : undefined;
    return mismatch("buffer 0, which was used last", `gave ${describeValue(taken)}`, diagnosis);
  },
};

const giveTwice: Step<Table> = {
  action: "give buffer 2 back, which is in the pool",
  play({ pool }): Outcome {
    try {
      pool.give([2]);
    } catch (thrown) {
      if (thrown instanceof RangeError) return saw("a RangeError");
      return mismatch("a RangeError", `threw ${describeThrown(thrown)}`);
    }
    return mismatch("a RangeError", "took it: two packets will share one buffer", "takes a buffer twice");
  },
};

/** Notebook 35: `check("35-dpdk/mempool", makePool)`. */
export const mempool: Exercise<MempoolMaker> = {
  id: "35-dpdk/mempool",
  title: "A mempool",
  points: 3,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `mempool: expected a function makePool(size), your code handed in ${describeValue(mine)}`,
  hints: [
    "the pool is an array of the numbers that are free. What does take do to its end?",
    "take: where fewer are left than asked for, return null and touch nothing. Else splice the last ones off.",
    "give: first look whether one of them is free already (includes), and throw a RangeError; else push them.",
  ],
  wrongAnswers: [
    {
      name: "takes what is left",
      hint: "a driver that asks for a burst of buffers has a use for each. Half a burst leaves it to sort out the rest: return null, and keep what there is.",
    },
    {
      name: "loses what it could not give",
      hint: "count first, then take. What was taken out for a refused burst is in nobody's hands.",
    },
    {
      name: "hands out the coldest",
      hint: "the buffer that was used last is still in the cache. Take from the end to which you give.",
    },
    {
      name: "takes a buffer twice",
      hint: "a buffer that is in the pool twice is handed out twice, and one packet overwrites the other. Refuse it.",
    },
  ],
  scenarios: [
    scenario<MempoolMaker, Table>({
      name: "all or none, the last one first",
      given: `a pool of ${SIZE} buffers`,
      start: (mine) => ({ pool: mine(SIZE), held: [] }),
      steps: [
        { action: "look", play: (table) => judgeAvailable(table, SIZE) },
        takeThree,
        takeTooMany,
        giveBack,
        lastFirst,
        giveTwice,
      ],
    }),
  ],
};
