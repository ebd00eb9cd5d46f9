// Forward packets between netmap's two rings without touching a byte of them. The learner's
// function works on a model port; afterwards the packets that the model kernel sent are compared with those that came.
import { ModelSocket, NetmapPort, type NetmapRing } from "../../../ring/index.js";
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** Moves every packet of `rx` for which `tx` has room, by exchanging buffers. Returns how many. */
export type ZeroCopySwap = (rx: NetmapRing, tx: NetmapRing) => number;

const SLOTS = 8;

/** A port on a model kernel, and what came in and went out. */
class Table {
  readonly mine: ZeroCopySwap;
  readonly model: ModelSocket = new ModelSocket({ ringSize: SLOTS, frameCount: 2 * SLOTS });
  readonly port: NetmapPort;
  sends = true;
  came = 0;
  expected: number[] = [];
  sent: number[] = [];

  constructor(mine: ZeroCopySwap) {
    this.mine = mine;
    this.port = new NetmapPort(this.model, () => this.send());
  }

  /** The kernel's turn: sends what waits, if its wire is free. */
  send(): void {
    if (!this.sends) return;
    this.sent.push(...this.model.kernel.transmit().map((packet) => packet[0]! * 100 + packet.length));
    this.model.kernel.complete();
  }

  /** So many packets arrive, each with a value and a length of its own. */
  arrive(count: number): Outcome {
    for (let i = 0; i < count; i++) {
      const value = ++this.came % 200;
      const length = 20 + (value % 40);
      if (this.model.kernel.receive(new Uint8Array(length).fill(value)) !== "delivered")
        return mismatch(
          `room for ${count} packets`,
          "left none: were the slots given back?",
          "does not move head",
        );
      this.expected.push(value * 100 + length);
    }
    this.port.rxSync();
    return saw();
  }

  /** One call of the learner's function, and the syncs around it. */
  forward(): Outcome {
    const { rx, tx } = this.port;
    const due = Math.min(rx.distance(rx.head, rx.tail), tx.distance(tx.head, tx.tail));
    const answer = this.mine(rx, tx);
    const fault = this.judgeIndices() ?? this.judgeBuffers();
    if (fault) return fault;
    this.port.txSync();
    this.port.rxSync();
    if (answer !== due) return mismatch(`the answer ${due}`, `returned ${describeAnswer(answer)}`);
    return this.judgeSent(this.expected.splice(0, this.sends ? due : 0));
  }

  private judgeIndices(): Outcome | null {
    const { rx, tx } = this.port;
    const bad = [rx.head, rx.cur, tx.head, tx.cur].find((slot) => !(slot >= 0 && slot < SLOTS));
    if (bad !== undefined)
      return mismatch(
        `indices from 0 to ${SLOTS - 1}`,
        `set one to ${describeValue(bad)}`,
        "counts on past the last slot",
      );
    if (tx.cur !== tx.head && tx.distance(tx.head, tx.cur) > 0)
      return mismatch(
        "tx.head to move with tx.cur",
        `left head at ${tx.head}, with cur at ${tx.cur}`,
        "does not move head",
      );
    return null;
  }

  /** Every buffer in one slot of one ring: exchanged, neither lost nor doubled. */
  private judgeBuffers(): Outcome | null {
    const { rx, tx } = this.port;
    const all = [...rx.bufIdx, ...tx.bufIdx];
    const twice = all.find((buffer, i) => all.indexOf(buffer) !== i);
    if (twice === undefined) return null;
    return mismatch(
      "each buffer in one slot",
      `left buffer ${twice} in two`,
      "hands the buffer over without taking one back",
    );
  }

  private judgeSent(due: readonly number[]): Outcome {
    const sent = this.sent.splice(0);
    const text = (packets: readonly number[]): string =>
      packets.map((packet) => `${Math.floor(packet / 100)} (${packet % 100} B)`).join(", ") || "none";
    if (sent.join() === due.join()) return saw(due.length === 1 ? "1 packet" : `${due.length} packets`);
    const isLength =
      sent.length === due.length &&
      sent.every((packet, i) => Math.floor(packet / 100) === Math.floor(due[i]! / 100));
    const isFlag =
      sent.length === due.length &&
      sent.map((packet) => packet % 100).join() === due.map((packet) => packet % 100).join();
    const diagnosis = isLength ? "forgets the length" : isFlag ? "forgets NS_BUF_CHANGED" : undefined;
    return mismatch(`packets ${text(due)} to be sent`, `had ${text(sent)} sent`, diagnosis);
  }
}

function round(count: number): Step<Table>[] {
  return [
    {
      action: count === 1 ? "1 packet arrives" : `${count} packets arrive`,
      play: (table) => table.arrive(count),
    },
    { action: "forward, sync both rings", play: (table) => table.forward() },
  ];
}

/** Notebook 34: `check("34-netmap/zero-copy-swap", forward)`. */
export const zeroCopySwap: Exercise<ZeroCopySwap> = {
  id: "34-netmap/zero-copy-swap",
  title: "Forward without a copy",
  points: 5,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `zero-copy-swap: expected a function forward(rx, tx), your code handed in ${describeValue(mine)}`,
  hints: [
    "a packet is moved by exchanging two numbers: the bufIdx of an rx slot and that of a tx slot.",
    "the tx slot takes bufIdx, len and offset of the rx slot; the rx slot takes the tx slot's old buffer; both get flags NS_BUF_CHANGED, or the kernel never hears of it.",
    "count = the smaller of rx.space() and tx.space(); walk both rings with next(slot); at the end set head and cur of both, and return count.",
  ],
  wrongAnswers: [
    {
      name: "forgets NS_BUF_CHANGED",
      hint: "lengths are right and bytes are not: the kernel still uses the buffer that the slot had before. Which flag tells it?",
    },
    {
      name: "forgets the length",
      hint: "the bytes are right and their number is not: a tx slot sends len bytes, and yours still says what it said before.",
    },
    {
      name: "hands the buffer over without taking one back",
      hint: "one buffer is now in two slots: the next packet that arrives overwrites the one that is being sent. Exchange the two.",
    },
    {
      name: "does not move head",
      hint: "cur says how far you have looked, head what you give away. A slot before head is the kernel's at the next sync; no other is.",
    },
    {
      name: "counts on past the last slot",
      hint: "these indices are positions, not cursors: after the last slot comes slot 0. That is what ring.next(slot) is for.",
    },
  ],
  scenarios: [
    scenario<ZeroCopySwap, Table>({
      name: "round and round",
      given: `a netmap port of ${SLOTS} slots on a model kernel`,
      start: (mine) => new Table(mine),
      steps: [...round(1), ...round(3), ...round(3), ...round(3), ...round(2)],
    }),
  ],
};
