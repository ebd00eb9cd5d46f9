// What a handmade ring is tried on: four slots of shared memory, a side that produces and a side that consumes, and a list of
// what should be in between. Each step does one thing on one side and looks at what both see.
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { describeAnswer } from "../../values.js";
import { allocateBareRing, type BareRing, cursorIn, type HandmadeRing, type RingMaker } from "./bare-ring.js";

export const SIZE = 4;
const WORD = 2 ** 32;

export interface Table {
  readonly memory: BareRing;
  readonly producer: HandmadeRing;
  readonly consumer: HandmadeRing;
  /** Cursor and value of what was reserved and not submitted, and of what was submitted and not released. */
  readonly reserved: { cursor: number; value: number }[];
  readonly waiting: { cursor: number; value: number }[];
  next: number;
  nextValue: number;
}

export function setTable(mine: RingMaker, start = 0): Table {
  const memory = allocateBareRing(SIZE, start);
  return {
    memory,
    producer: mine(memory),
    consumer: mine(memory),
    reserved: [],
    waiting: [],
    next: start,
    nextValue: 1,
  };
}

/** Reserves where there is room, and writes a new number into each slot. */
export function reserve(count: number): Step<Table> {
  return {
    action: `reserve ${count}, and write`,
    play: (table) => {
      const first = table.producer.reserve(count);
      if (first === null) {
        const wastes = table.reserved.length + table.waiting.length + count === SIZE;
        const diagnosis = wastes ? "wastes a slot" : undefined;
        const free = SIZE - table.reserved.length - table.waiting.length;
        return mismatch(
          `cursor ${table.next}, of ${SIZE} slots ${free} are free`,
          "returned null",
          diagnosis,
        );
      }
      if (typeof first !== "number" || first >>> 0 !== table.next) {
        return mismatch(`cursor ${table.next}`, `returned ${describeAnswer(first)}`);
      }
      for (let i = 0; i < count; i++) {
        const cursor = (table.next + i) % WORD;
        table.producer.write(cursor, table.nextValue);
        table.reserved.push({ cursor, value: table.nextValue++ });
      }
      table.next = (table.next + count) % WORD;
      return unseen(table, `cursor ${first >>> 0}`);
    },
  };
}

/** What is not submitted must not be seen. */
function unseen(table: Table, said: string): Outcome {
  const seen = table.consumer.peek();
  if (seen === table.waiting.length) return saw(said);
  const diagnosis =
    seen === table.waiting.length + table.reserved.length ? "shows what is not submitted" : undefined;
  return mismatch(
    `the consumer to see ${table.waiting.length}`,
    `let peek return ${describeAnswer(seen)}`,
    diagnosis,
  );
}

/** Reserves where there is no room. */
export function reserveInVain(count: number): Step<Table> {
  return {
    action: `reserve ${count}`,
    play: (table) => {
      const first = table.producer.reserve(count);
      if (first === null) return saw("null");
      const free = SIZE - table.reserved.length - table.waiting.length;
      return mismatch(
        `null, of ${SIZE} slots ${free} are free`,
        `returned ${describeAnswer(first)}`,
        typeof first === "number" ? "reserves more than is free" : undefined,
      );
    },
  };
}

/** Submits everything that is reserved. */
export const submit: Step<Table> = {
  action: "submit",
  play: (table) => {
    table.producer.submit(table.reserved.length);
    table.waiting.push(...table.reserved.splice(0));
    const shown = cursorIn(table.memory.producer);
    if (shown !== table.next) {
      const stays = shown === table.waiting[0]?.cursor ? "keeps its cursor to itself" : undefined;
      return mismatch(`the shared producer cursor ${table.next}`, `left it at ${shown}`, stays);
    }
    return judgePeek(table);
  },
};

function judgePeek({ consumer, waiting, memory }: Table): Outcome {
  const seen = consumer.peek();
  if (seen === waiting.length) return saw(`${seen} wait`);
  const hasWrapped = cursorIn(memory.producer) < cursorIn(memory.consumer);
  const diagnosis = hasWrapped ? "compares the cursors" : undefined;
  return mismatch(`peek to return ${waiting.length}`, `returned ${describeAnswer(seen)}`, diagnosis);
}

/** Reads so many and gives their slots back. */
export function take(count: number): Step<Table> {
  return {
    action: `read ${count}, and release`,
    play: (table) => {
      const { consumer, memory, waiting } = table;
      for (const { cursor, value } of waiting.slice(0, count)) {
        const found = consumer.read(cursor);
        if (found === value) continue;
        const isOutside = memory.slots[cursor % SIZE] !== value || found === undefined;
        const diagnosis = cursor >= SIZE && isOutside ? "uses the cursor as a slot" : undefined;
        return mismatch(`${value} at cursor ${cursor}`, `returned ${describeAnswer(found)}`, diagnosis);
      }
      consumer.release(count);
      const gone = waiting.splice(0, count);
      const wanted = (gone[gone.length - 1]!.cursor + 1) % WORD;
      const shown = cursorIn(memory.consumer);
      if (shown !== wanted) {
        const stays = shown === gone[0]!.cursor ? "never gives slots back" : undefined;
        return mismatch(`the shared consumer cursor ${wanted}`, `left it at ${shown}`, stays);
      }
      return judgePeek(table);
    },
  };
}
