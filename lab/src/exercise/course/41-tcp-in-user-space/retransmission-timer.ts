// Write the retransmission timer: how long to wait for an acknowledgment, learned from those that came.
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";

/** Bounds in ms. */
export interface TimerBounds {
  /** Before the first round trip is known. */
  readonly firstMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** How long to wait now, and what changes it. */
export interface RetransmissionTimer {
  rtoMs: number;
  /**
   * A segment was acknowledged.
   *
   * @param rttMs since it was sent for the last time
   * @param sentTimes how often it had been sent, 1 or more
   */
  acknowledged(rttMs: number, sentTimes: number): void;
  /** The timer fired: the segment is about to be sent again. */
  timeout(): void;
}

/** Makes a timer. */
export type TimerMaker = (bounds: TimerBounds) => RetransmissionTimer;

/** How a model of a timer may differ from the right one. */
export interface TimerFlaw {
  readonly firstLikeOthers?: boolean;
  readonly srttFirst?: boolean;
  readonly noKarn?: boolean;
  readonly noDoubling?: boolean;
  readonly noLeast?: boolean;
  readonly noMost?: boolean;
  readonly twiceSrtt?: boolean;
}

const BOUNDS: TimerBounds = { firstMs: 1000, leastMs: 200, mostMs: 60_000 };

/** The timer of RFC 6298, with a flaw or without. */
function modelTimer({ firstMs, leastMs, mostMs }: TimerBounds, flaw: TimerFlaw = {}): RetransmissionTimer {
  let srtt = flaw.firstLikeOthers ? 0 : -1;
  let rttvar = 0;
  let rto = firstMs;
  const bounded = (ms: number): number =>
    Math.min(Math.max(ms, flaw.noLeast ? 0 : leastMs), flaw.noMost ? Number.POSITIVE_INFINITY : mostMs);
  const learn = (rttMs: number): void => {
    if (srtt < 0) {
      srtt = rttMs;
      rttvar = rttMs / 2;
      return;
    }
    const old = srtt;
    srtt = 0.875 * srtt + 0.125 * rttMs;
    rttvar = 0.75 * rttvar + 0.25 * Math.abs((flaw.srttFirst ? srtt : old) - rttMs);
  };
  return {
    get rtoMs(): number {
      return rto;
    },
    acknowledged(rttMs, sentTimes): void {
      if (sentTimes > 1 && !flaw.noKarn) return;
      learn(rttMs);
      rto = bounded(flaw.twiceSrtt ? 2 * srtt : srtt + 4 * rttvar);
    },
    timeout(): void {
      if (!flaw.noDoubling) rto = flaw.noMost ? rto * 2 : Math.min(rto * 2, mostMs);
    },
  };
}

/** Each known mistake, by the flaw of the model that makes it. */
const FLAWS: Readonly<Record<string, TimerFlaw>> = {
  "takes the first like the others": { firstLikeOthers: true },
  "waits twice the round trip": { twiceSrtt: true },
  "smooths before it compares": { srttFirst: true },
  "does not double": { noDoubling: true },
  "learns from a segment sent twice": { noKarn: true },
  "doubles without end": { noMost: true },
  "knows no least": { noLeast: true },
};

type Act = (timer: RetransmissionTimer) => void;
const ack =
  (rttMs: number, sentTimes = 1): Act =>
  (timer) =>
    timer.acknowledged(rttMs, sentTimes);
const timeouts =
  (count: number): Act =>
  (timer) => {
    for (let done = 0; done < count; done++) timer.timeout();
  };

const LIFE: readonly (readonly [action: string, act: Act])[] = [
  ["made", () => {}],
  ["the first round trip takes 400 ms", ack(400)],
  ["the second takes 600 ms", ack(600)],
  ["the timer fires", timeouts(1)],
  ["it fires again", timeouts(1)],
  ["the copy is acknowledged, 50 ms after it was sent", ack(50, 3)],
  ["a new segment takes 120 ms", ack(120)],
  ["the timer fires ten times in a row", timeouts(10)],
  ["a new segment takes 80 ms", ack(80)],
  ["forty take 10 ms each", (timer) => Array.from({ length: 40 }, () => timer.acknowledged(10, 1))],
];

/** The learner's timer beside the right one and all flawed ones, living the same life. */
class Bench {
  private readonly mine: RetransmissionTimer;
  private readonly right: RetransmissionTimer = modelTimer(BOUNDS);
  private readonly flawed: [string, RetransmissionTimer][] = Object.entries(FLAWS).map(([name, flaw]) => [
    name,
    modelTimer(BOUNDS, flaw),
  ]);

  constructor(mine: TimerMaker) {
    this.mine = mine({ ...BOUNDS });
  }

  play(act: Act): Outcome {
    for (const timer of [this.mine, this.right, ...this.flawed.map(([, model]) => model)]) act(timer);
    const got: unknown = this.mine.rtoMs;
    if (typeof got !== "number") return mismatch("rtoMs, a number of ms", `has ${describeValue(got)} there`);
    if (isNear(got, this.right.rtoMs)) return saw(`${shown(this.right.rtoMs)} ms`);
    const mistake = this.flawed.find(([, model]) => isNear(got, model.rtoMs))?.[0];
    return mismatch(`rtoMs ${shown(this.right.rtoMs)}`, `says ${shown(got)}`, mistake);
  }
}

/** Half a millisecond is nobody's mistake. */
function isNear(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) < 0.5;
}

function shown(ms: number): string {
  return Number(ms.toFixed(1)).toString();
}

const scenarios: Scenario<TimerMaker>[] = [
  scenario<TimerMaker, Bench>({
    name: "a timer's life",
    given: "firstMs 1000, leastMs 200, mostMs 60000",
    start: (mine) => new Bench(mine),
    steps: LIFE.map(([action, act]) => ({ action, play: (bench) => bench.play(act) })),
  }),
];

/** Notebook 41: `check("41-tcp-in-user-space/retransmission-timer", makeTimer)`. */
export const retransmissionTimer: Exercise<TimerMaker> = {
  id: "41-tcp-in-user-space/retransmission-timer",
  title: "Write the retransmission timer",
  points: 3,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `retransmission-timer: expected a function makeTimer(bounds), your code handed in ${describeValue(mine)}`,
  hints: [
    "keep two numbers: the smoothed round trip (SRTT) and how much it varies (RTTVAR). The timeout is SRTT + 4 * RTTVAR.",
    "first sample R: SRTT = R, RTTVAR = R / 2. Each later one: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R|, and then SRTT = 7/8 SRTT + 1/8 R.",
    "acknowledged: nothing if sentTimes > 1; else learn, and rtoMs = SRTT + 4 * RTTVAR within the bounds. timeout: rtoMs doubles, up to mostMs.",
  ],
  wrongAnswers: [
    {
      name: "takes the first like the others",
      hint: "smoothing the first sample with nothing makes it an eighth of itself: the first one is SRTT, and half of it RTTVAR.",
    },
    {
      name: "waits twice the round trip",
      hint: "that was the rule of 1981. A path whose round trips vary needs more, a steady one less: add four times the variation.",
    },
    {
      name: "smooths before it compares",
      hint: "the variation is measured against the SRTT from before this sample: RTTVAR first, then SRTT.",
    },
    {
      name: "does not double",
      hint: "nobody answered in time, so the path may be full. Wait twice as long after each timeout.",
    },
    {
      name: "learns from a segment sent twice",
      hint: "which of its copies was acknowledged? Nobody can tell, so its time is no sample (Karn's algorithm).",
    },
    {
      name: "doubles without end",
      hint: "after ten timeouts that is a quarter of an hour and more: mostMs is the most.",
    },
    {
      name: "knows no least",
      hint: "on a fast, steady path the sum comes near the round trip itself, and a delayed acknowledgment is late: leastMs is the least.",
    },
  ],
  scenarios,
};
