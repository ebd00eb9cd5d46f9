// Both ends of a ring, over two cursors and four slots.
import { type Exercise, type Scenario, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import type { RingMaker } from "./bare-ring.js";
import { reserve, reserveInVain, setTable, submit, type Table, take } from "./ring-table.js";

const given = "a ring of 4 slots, empty; one side of yours produces, another consumes";
const start = (mine: RingMaker): Table => setTable(mine);

const scenarios: Scenario<RingMaker>[] = [
  scenario<RingMaker, Table>({
    name: "one entry",
    given,
    start,
    steps: [reserve(1), submit, take(1)],
  }),
  scenario<RingMaker, Table>({
    name: "full, and empty again",
    given,
    start,
    steps: [reserve(4), submit, reserveInVain(1), take(1), reserveInVain(2), reserve(1), submit, take(4)],
  }),
  scenario<RingMaker, Table>({
    name: "all or none",
    given,
    start,
    steps: [reserve(3), reserveInVain(2), reserve(1), submit, take(4)],
  }),
  scenario<RingMaker, Table>({
    name: "round the ring",
    given,
    start,
    steps: Array.from({ length: 5 }, () => [reserve(3), submit, take(2), take(1)]).flat(),
  }),
  scenario<RingMaker, Table>({
    name: "the cursors pass 2^32",
    given: `${given}; both cursors begin at 4294967293`,
    start: (mine) => setTable(mine, 2 ** 32 - 3),
    steps: [reserve(4), submit, reserveInVain(1), take(2), reserve(2), submit, take(4)],
  }),
];

/** Notebook 31: `check("31-rings-from-scratch/write-a-ring", makeRing)`. */
export const writeARing: Exercise<RingMaker> = {
  id: "31-rings-from-scratch/write-a-ring",
  title: "A ring of your own",
  points: 6,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `write-a-ring: expected a function makeRing(memory), your code handed in ${describeValue(mine)}`,
  hints: [
    "how many entries wait is producer minus consumer, both read from the shared words; what is free is the size less that, less what you have reserved and not yet submitted.",
    "both cursors count for ever: a slot is cursor & (size - 1), and a difference is right modulo 2^32 if you write (a - b) | 0. Only what you have reserved is a number of your own.",
    "reserve compares and adds to your own number; write stores a slot; submit stores into the shared producer word with Atomics.store; peek subtracts; read loads a slot; release stores into the shared consumer word.",
  ],
  wrongAnswers: [
    {
      name: "uses the cursor as a slot",
      hint: "a cursor counts for ever, the slots do not: entry number `cursor` lives in slot cursor & (size - 1). In the first round the two are the same.",
    },
    {
      name: "reserves more than is free",
      hint: "what was reserved and not yet submitted is taken, too, though the shared cursor does not show it. Free is size - (reserved - consumer), and where that is less than count the answer is null: all or none.",
    },
    {
      name: "wastes a slot",
      hint: "rings that keep slot numbers must leave one slot empty, to tell full from empty. Cursors that count for ever differ by the size when the ring is full and by 0 when it is empty: all slots can be used.",
    },
    {
      name: "shows what is not submitted",
      hint: "reserve and write move nothing that the other side can see. Only submit stores the shared producer cursor, once for the whole batch and after the writes.",
    },
    {
      name: "keeps its cursor to itself",
      hint: "the other side knows what is in the memory and nothing else: submit must store the new cursor into memory.producer.",
    },
    {
      name: "never gives slots back",
      hint: "release moves the shared consumer cursor; until then the slots stay taken, and the same entries wait for ever.",
    },
    {
      name: "compares the cursors",
      hint: "after 2^32 entries the producer's cursor is a small number again while the consumer's is still large. Do not ask which is larger: (producer - consumer) | 0 is right in every round.",
    },
  ],
  scenarios,
};
