// One turn of DPDK's loop: a burst from one port to another. Whoever holds a buffer must see to it that it comes back to the
// pool: what the transmitting port takes is its own, and what it does not take is still ours.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** Gives packets that came in, each in a buffer from the pool. */
export interface RxPort {
  /** @param most 1 to 512 @returns The buffers' numbers; none where nothing waits. */
  burst(most: number): number[];
}

/** Takes packets to send; it gives their buffers back to the pool when they are sent. */
export interface TxPort {
  /** @returns How many of them it took, from the first on; fewer when its ring is nearly full. */
  burst(mbufs: readonly number[]): number;
}

/** One turn: forwards at most `burst` packets, returns how many were sent. `free` gives buffers back to the pool. */
export type BurstLoop = (
  rx: RxPort,
  tx: TxPort,
  free: (mbufs: readonly number[]) => void,
  burst: number,
) => number;

const BUFFERS = 16;
const BURST = 4;

type Owner = "pool" | "loop" | "tx";

/** Two ports and a pool, and who has which buffer. */
class Bench {
  readonly owners: Owner[] = Array.from({ length: BUFFERS }, () => "pool");
  readonly looks: number[] = [];
  sent: number[] = [];
  waiting = 0;
  room = 0;
  fault: Outcome | null = null;
  readonly mine: BurstLoop;

  constructor(mine: BurstLoop) {
    this.mine = mine;
  }

  readonly rx: RxPort = {
    burst: (most) => {
      this.looks.push(most);
      const free = this.owners.flatMap((owner, mbuf) => (owner === "pool" ? [mbuf] : []));
      const mbufs = free.slice(0, Math.min(most, this.waiting));
      for (const mbuf of mbufs) this.owners[mbuf] = "loop";
      this.waiting -= mbufs.length;
      return mbufs;
    },
  };

  readonly tx: TxPort = {
    burst: (mbufs) => {
      const taken = mbufs.slice(0, this.room);
      for (const mbuf of taken) this.owners[mbuf] = "tx";
      this.sent.push(...taken);
      this.room -= taken.length;
      return taken.length;
    },
  };

  readonly free = (mbufs: readonly number[]): void => {
    for (const mbuf of mbufs) {
      const owner = this.owners[mbuf];
      if (owner === "tx")
        this.fault ??= mismatch(
          "only what was refused to be freed",
          `freed buffer ${mbuf}, which the port is sending`,
          "frees what is being sent",
        );
      else if (owner !== "loop")
        this.fault ??= mismatch("only buffers in hand to be freed", `freed ${describeValue(mbuf)}`);
      else this.owners[mbuf] = "pool";
    }
  };

  /** One turn with so many waiting and so much room. */
  turn(waiting: number, room: number): Outcome {
    Object.assign(this, { waiting, room, fault: null });
    this.looks.length = 0;
    this.sent = [];
    const answer = this.mine(this.rx, this.tx, this.free, BURST);
    const due = Math.min(waiting, BURST);
    return (
      this.fault ??
      this.judgeLooks() ??
      this.judgeSent(Math.min(due, room), answer) ??
      this.judgeHeld() ??
      saw(`${this.sent.length} of ${due} sent`)
    );
  }

  /** The port has sent everything: its buffers are in the pool again. */
  complete(): void {
    this.owners.forEach((owner, mbuf) => {
      if (owner === "tx") this.owners[mbuf] = "pool";
    });
  }

  private judgeLooks(): Outcome | null {
    if (this.looks.length === 1 && this.looks[0] === BURST) return null;
    if (this.looks.some((most) => most < BURST))
      return mismatch(
        `one rx.burst(${BURST})`,
        `called rx.burst(${this.looks[0]}) ${this.looks.length} times`,
        "one packet a look",
      );
    return mismatch(
      `one rx.burst(${BURST})`,
      `called rx.burst ${this.looks.length} times: ${this.looks.slice(0, 4).join(", ")}`,
    );
  }

  private judgeSent(due: number, answer: unknown): Outcome | null {
    if (this.sent.length !== due)
      return mismatch(`${due} packets to be sent`, `had ${this.sent.length} sent`);
    if (answer === due) return null;
    const diagnosis =
      typeof answer === "number" && answer > due ? "counts what was refused as sent" : undefined;
    return mismatch(`the answer ${due}`, `returned ${describeAnswer(answer)}`, diagnosis);
  }

  private judgeHeld(): Outcome | null {
    const held = this.owners.flatMap((owner, mbuf) => (owner === "loop" ? [mbuf] : []));
    if (held.length === 0) return null;
    return mismatch(
      "no buffer in hand after the turn",
      `kept ${held.join(", ")}: they are lost to the pool`,
      "leaks what was refused",
    );
  }
}

function turn(waiting: number, room: number): Step<Bench> {
  return { action: `${waiting} wait, room for ${room}`, play: (bench) => bench.turn(waiting, room) };
}

const sendAll: Step<Bench> = {
  action: "the port sends what it took",
  play(bench): Outcome {
    bench.complete();
    return saw();
  },
};

/** Notebook 35: `check("35-dpdk/burst-loop", forwardBurst)`. */
export const burstLoop: Exercise<BurstLoop> = {
  id: "35-dpdk/burst-loop",
  title: "One turn of the burst loop",
  points: 4,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `burst-loop: expected a function forwardBurst(rx, tx, free, burst), your code handed in ${describeValue(mine)}`,
  hints: [
    "one look at the port takes a whole burst, and one call hands it on. What does tx.burst answer?",
    "tx.burst may take fewer than it is given: when its ring is full. Those it took are its own; the others are still yours.",
    "const mbufs = rx.burst(burst); const sent = tx.burst(mbufs); then free what lies behind the first `sent`, and return sent.",
  ],
  wrongAnswers: [
    {
      name: "one packet a look",
      hint: "rx.burst(1) pays for a look with every packet. Ask for the whole burst at once.",
    },
    {
      name: "leaks what was refused",
      hint: "tx.burst answers how many it took. The others are in your hands, and when you forget them the pool has fewer each turn, until nothing can be received any more.",
    },
    {
      name: "frees what is being sent",
      hint: "a buffer that the port took is still being read by it: freed now, the next packet overwrites it on its way out. Free only what it did not take.",
    },
    {
      name: "counts what was refused as sent",
      hint: "sent is what tx.burst answers, not what you gave it.",
    },
  ],
  scenarios: [
    scenario<BurstLoop, Bench>({
      name: "every buffer comes back",
      given: `${BUFFERS} buffers in the pool, bursts of ${BURST}`,
      start: (mine) => new Bench(mine),
      steps: [
        turn(3, 8),
        turn(9, 8),
        sendAll,
        turn(3, 1),
        turn(4, 0),
        sendAll,
        turn(0, 8),
        ...Array.from({ length: 4 }, () => turn(4, 2)),
        sendAll,
        turn(4, 8),
      ],
    }),
  ],
};
