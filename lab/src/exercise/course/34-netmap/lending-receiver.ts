// Read packets where they lie, and give each slot back only when its reader is done: the receiver of notebook 32, with slots in
// place of blocks. What `head` and `cur` are two indices for. The learner's function works on a model port.
import { ModelSocket, NetmapPort, type NetmapRing } from "../../../ring/index.js";
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";
import type { ParsedPacket } from "../32-packet-mmap/block-table.js";

/**
 * Gives back what it lent last time, and lends at most `budget` of the packets that wait. Buffer `n` begins `n * bufferBytes`
 * into the memory that the answer's `at` counts in.
 */
export type LendingReceiver = (
  rx: NetmapRing,
  bufferBytes: number,
  budget: number,
) => readonly ParsedPacket[];

const SLOTS = 8;

/** A packet that came: its length in bytes, and the value of all of them. */
interface Came {
  readonly value: number;
  readonly lengthBytes: number;
}

/** A port on a model kernel, what waits, and what is lent. */
class Table {
  readonly mine: LendingReceiver;
  readonly model: ModelSocket = new ModelSocket({ ringSize: SLOTS, frameCount: 2 * SLOTS });
  readonly port: NetmapPort = new NetmapPort(this.model, () => undefined);
  came = 0;
  waiting: Came[] = [];

  constructor(mine: LendingReceiver) {
    this.mine = mine;
  }

  /** So many packets arrive, each with a value and a length of its own, and the ring is synced. */
  arrive(count: number): Outcome {
    for (let i = 0; i < count; i++) {
      const value = ++this.came;
      const packet = { value, lengthBytes: 20 + (value % 40) };
      const outcome = this.model.kernel.receive(new Uint8Array(packet.lengthBytes).fill(value));
      if (outcome !== "delivered") return mismatch(`room for ${count} packets`, `left none: ${outcome}`);
      this.waiting.push(packet);
    }
    this.port.rxSync();
    return saw();
  }

  /** One call of the learner's function, and what it did to the indices. */
  receive(budget: number): Outcome {
    const { rx } = this.port;
    const { head, cur } = rx;
    const due = this.waiting.splice(0, Math.min(budget, this.waiting.length));
    const answer: unknown = this.mine(rx, this.model.umem.frameSize, budget);
    if (!Array.isArray(answer)) return mismatch("a list of packets", `returned ${describeAnswer(answer)}`);
    const fault = judgeCount(answer, due, budget) ?? this.judgePackets(answer, due);
    return fault ?? this.judgeIndices(head, cur, due.length) ?? saw(`${due.length} lent`);
  }

  private judgePackets(answer: readonly ParsedPacket[], due: readonly Came[]): Outcome | null {
    const { bytes } = this.port;
    for (const [i, { value, lengthBytes }] of due.entries()) {
      const got = answer[i]!;
      const expected = `packet ${value}, ${lengthBytes} bytes`;
      if (got?.lengthBytes !== lengthBytes)
        return mismatch(expected, `said ${describeValue(got?.lengthBytes)} bytes`);
      if (bytes.subarray(got.at, got.at + lengthBytes).every((byte) => byte === value)) continue;
      const isStart = got.at % this.model.umem.frameSize === 0;
      const found = `said byte ${describeValue(got.at)}, where it is not`;
      return mismatch(
        expected,
        found,
        isStart ? "takes the buffer's first byte for the packet's" : undefined,
      );
    }
    return null;
  }

  private judgeIndices(head: number, cur: number, lent: number): Outcome | null {
    const { rx } = this.port;
    const bad = [rx.head, rx.cur].find((slot) => !(slot >= 0 && slot < SLOTS));
    if (bad !== undefined) {
      const expected = `indices from 0 to ${SLOTS - 1}`;
      return mismatch(expected, `set one to ${describeValue(bad)}`, "counts on past the last slot");
    }
    const due = (cur + lent) % SLOTS;
    if (rx.cur !== due) {
      const diagnosis = rx.cur === cur ? "does not move cur" : undefined;
      return mismatch(`cur at ${due}, behind what was lent`, `left it at ${rx.cur}`, diagnosis);
    }
    if (rx.head === cur) return null;
    const expected = `head at ${cur}: ${lent} lent slots are still read, those before are done`;
    const early = rx.head === rx.cur ? "gives slots back while they are read" : undefined;
    const diagnosis = rx.head === head ? "never gives a slot back" : early;
    return mismatch(expected, `set it to ${rx.head}`, diagnosis);
  }
}

function judgeCount(answer: readonly unknown[], due: readonly unknown[], budget: number): Outcome | null {
  if (answer.length === due.length) return null;
  const diagnosis = answer.length > budget ? "lends more than the budget" : undefined;
  return mismatch(`${due.length} packets`, `returned ${answer.length}`, diagnosis);
}

const receive = (budget: number): Step<Table> => ({
  action: `receive up to ${budget}`,
  play: (table) => table.receive(budget),
});

const arrive = (count: number): Step<Table> => ({
  action: `${count} packets arrive, sync`,
  play: (table) => table.arrive(count),
});

/** Notebook 34: `check("34-netmap/lending-receiver", receive)`. */
export const lendingReceiver: Exercise<LendingReceiver> = {
  id: "34-netmap/lending-receiver",
  title: "A receiver that lends",
  points: 4,
  starterSteps: 2,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `lending-receiver: expected a function receive(rx, bufferBytes, budget), your code handed in ${describeValue(mine)}`,
  hints: [
    "two indices, two questions: cur says how far you have looked, head what you are done with.",
    "whoever calls you again is done with what he got last time: so first give that back, then look at new slots, from cur on.",
    "first head = cur; then for at most min(budget, rx.space()) slots: the packet is at bufIdx[slot] * bufferBytes + offset[slot], len[slot] bytes long, and cur moves on by rx.next(slot).",
  ],
  wrongAnswers: [
    {
      name: "gives slots back while they are read",
      hint: "head moved over packets that your caller has only just got: at the next sync the kernel may write into them. Which slots is he done with?",
    },
    {
      name: "never gives a slot back",
      hint: "head stands still: after a few calls every slot is lent and nothing more can come. When is your caller done with the last packets?",
    },
    {
      name: "does not move cur",
      hint: "cur still points to packets that you have lent: the next call would lend them again.",
    },
    {
      name: "lends more than the budget",
      hint: "your caller asked for fewer: what he cannot read now can wait in the ring, from cur to tail.",
    },
    {
      name: "takes the buffer's first byte for the packet's",
      hint: "AF_XDP leaves room in front of a packet: the slot's offset says how much.",
    },
    {
      name: "counts on past the last slot",
      hint: "these indices are positions, not cursors: after the last slot comes slot 0. That is what rx.next(slot) is for.",
    },
  ],
  scenarios: [
    scenario<LendingReceiver, Table>({
      name: "lend and take back",
      given: `a netmap port of ${SLOTS} slots on a model kernel`,
      start: (mine) => new Table(mine),
      steps: [
        receive(4),
        arrive(3),
        receive(4),
        receive(4),
        arrive(5),
        receive(2),
        receive(2),
        arrive(3),
        receive(4),
        arrive(2),
        receive(4),
        receive(4),
      ],
    }),
  ],
};
