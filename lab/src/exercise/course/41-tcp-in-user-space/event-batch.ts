// What stands between a stack and its application: the stack notes an event for each frame, the application fetches what became of
// many frames at once. After mTCP, whose applications ask for the events of all connections by one call.
// @source mTCP, NSDI 2014, sections 3.2 and 3.3
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import {
  type ConnectionEvents,
  type EventBatch,
  type EventBatchMaker,
  FLAWS,
  ModelBatch,
} from "./model-batches.js";

export type { ConnectionEvents, EventBatch, EventBatchMaker } from "./model-batches.js";

/** The learner's batch beside the right one and all flawed ones. */
class Bench {
  private readonly mine: EventBatch;
  private readonly right: EventBatch = new ModelBatch();
  private readonly flawed: readonly [string, EventBatch][] = Object.entries(FLAWS).map(([name, flaw]) => [
    name,
    new ModelBatch(flaw),
  ]);

  constructor(mine: EventBatchMaker) {
    this.mine = mine();
  }

  play(frames: readonly Frame[], most: number): Outcome {
    const judges = [this.right, ...this.flawed.map(([, batch]) => batch)];
    for (const batch of [this.mine, ...judges]) for (const frame of frames) act(batch, frame);
    const got: unknown = this.mine.wait(most);
    const [right, ...wrong] = judges.map((batch) => told(batch.wait(most)));
    if (!Array.isArray(got)) return mismatch("an array of entries", `gave ${describeValue(got)}`);
    const mine = told(got as ConnectionEvents[]);
    if (mine === right) return saw(right);
    return mismatch(right!, `tells ${mine}`, this.flawed[wrong.indexOf(mine)]?.[0]);
  }
}

/** A connection and what a frame brought about: events, or its end. */
type Frame = readonly [connection: number, events: number | "gone"];

const [READABLE, WRITABLE, ENDED] = [2, 4, 8];
const NAMES: readonly (readonly [number, string])[] = [
  [READABLE, "readable"],
  [WRITABLE, "writable"],
  [ENDED, "ended"],
];

function act(batch: EventBatch, [connection, what]: Frame): void {
  if (what === "gone") batch.forget(connection);
  else batch.notice(connection, what);
}

/** `7 readable+ended, 9 readable`. */
function told(entries: readonly ConnectionEvents[]): string {
  return entries.map((entry) => `${entry?.connection} ${named(entry?.events)}`).join(", ") || "nothing";
}

function named(events: number): string {
  const names = NAMES.filter(([bit]) => (events & bit) !== 0).map(([, name]) => name);
  return names.join("+") || `${events}`;
}

/** The stack takes frames in, then the application waits. */
function turn(what: string, frames: readonly Frame[], most = 8): Step<Bench> {
  return { action: `${what}; wait(${most})`, play: (bench) => bench.play(frames, most) };
}

const BUSY: readonly Frame[] = Array.from({ length: 1000 }, (_, index) => [index % 10, READABLE]);

/** Notebook 41: `check("41-tcp-in-user-space/event-batch", makeBatch)`. */
export const eventBatch: Exercise<EventBatchMaker> = {
  id: "41-tcp-in-user-space/event-batch",
  title: "Events by the batch",
  points: 3,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `event-batch: expected a function makeBatch(), your code handed in ${describeValue(mine)}`,
  hints: [
    "keep, for each connection that has something to be told, its events, in the order in which the connections came. Which collection of JavaScript keeps an order and finds by a key?",
    "notice: join the new events with those that wait (|). wait: take the first `most` out, and leave the others where they are.",
    "a Map keeps a key where it was first set. notice sets get(connection) joined with events; wait copies the first entries into an array and deletes them; forget deletes.",
  ],
  wrongAnswers: [
    {
      name: "one entry a frame",
      hint: "a connection with a hundred frames is told once: find the entry that waits, and join the events into it.",
    },
    {
      name: "keeps only the last event",
      hint: "text came, and then the end: both must be told. Events are bits; which operator joins them?",
    },
    {
      name: "tells everything again",
      hint: "what was handed out is told. It waits no longer.",
    },
    {
      name: "loses what did not fit",
      hint: "the application takes `most` at a time. The others have not been told yet: they wait for the next call.",
    },
    {
      name: "hands out the newest first",
      hint: "who has waited longest is told first; the other way round the oldest may wait for ever.",
    },
    {
      name: "sends the busy to the end",
      hint: "a connection keeps the place of its first event. If each event moves it back, the busiest is never told.",
    },
    {
      name: "knows no most",
      hint: "the application has room for `most` entries, as epoll_wait has: hand out no more.",
    },
    {
      name: "tells of the closed",
      hint: "an event of a connection that is gone would be told of whoever gets its number next: forget takes it out.",
    },
    {
      name: "forgets for ever",
      hint: "the number was given to another connection, which is alive: to forget is to delete what waits, not to bar the number.",
    },
  ],
  scenarios: [
    scenario<EventBatchMaker, Bench>({
      name: "turns of the stack",
      given: "an empty batch",
      start: (mine) => new Bench(mine),
      steps: [
        turn("no frame", []),
        turn("a frame for 7", [[7, READABLE]]),
        turn("no frame", []),
        turn("text and FIN for 7, text for 9", [
          [7, READABLE],
          [7, ENDED],
          [9, READABLE],
        ]),
        turn(
          "text for 1 to 6",
          [1, 2, 3, 4, 5, 6].map((connection): Frame => [connection, READABLE]),
          4,
        ),
        turn("room for 5, text for 7", [
          [5, WRITABLE],
          [7, READABLE],
        ]),
      ],
    }),
    scenario<EventBatchMaker, Bench>({
      name: "a number is used again",
      given: "an empty batch",
      start: (mine) => new Bench(mine),
      steps: [
        turn("text for 3 and 4, and 3 is gone", [
          [3, READABLE],
          [4, READABLE],
          [3, "gone"],
        ]),
        turn("3 is another connection now, and has room", [[3, WRITABLE]]),
      ],
    }),
    scenario<EventBatchMaker, Bench>({
      name: "a busy wire",
      given: "an empty batch",
      start: (mine) => new Bench(mine),
      steps: [turn("1000 frames for ten connections", BUSY, 64)],
    }),
  ],
};
