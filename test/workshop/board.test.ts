// The board and what learners hear from it, without kernels: what they tried is written into their stores as a kernel would.
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BoardEvent, BoardView, CourseEvent, LearnerRow, RoomView } from "ringside/course";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Headers, OwnRoom, SLUG } from "./own-room.js";

let own: OwnRoom;
let ada: Headers;
let board: Headers;

beforeEach(async () => {
  own = await OwnRoom.open();
  ada = await own.join("Ada");
  board = await own.instructor();
});
afterEach(() => own.close());

async function seen(): Promise<BoardView> {
  const [event] = await own.events<BoardEvent>("/api/board/events", board);
  return (event as { board: BoardView }).board;
}

const row = async (name: string): Promise<LearnerRow> =>
  (await seen()).learners.find((learner) => learner.name === name)!;

/** What a tab on a notebook hears of the room when it opens. */
async function heard(who: Headers, slug: string | null = SLUG): Promise<RoomView> {
  const path = slug === null ? "/api/events" : `/api/events?notebook=${slug}`;
  const events = await own.events<CourseEvent>(path, who, slug === null ? 1 : 2);
  return events.find((event): event is { kind: "room"; room: RoomView } => event.kind === "room")!.room;
}

function keep(learner: string, entry: object): void {
  const folder = join(own.folder, "learners", learner, "progress");
  mkdirSync(folder, { recursive: true });
  appendFileSync(
    join(folder, "progress.jsonl"),
    `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`,
  );
}

const failed = {
  kind: "attempt",
  exercise: "20-small/one",
  passed: false,
  stepsPassed: 3,
  stepsTotal: 8,
  scenario: "two ways to die",
  diagnosis: null,
  hint: "Hint 1 of 3: look again",
};

describe("the board", () => {
  test("says who is stuck where, at which step, with which hint, until something passes", async () => {
    expect(await row("Ada")).toMatchObject({ passed: 0, tried: 0, stuck: null });
    keep("01", failed);
    keep("01", failed);
    expect((await row("Ada")).stuck).toMatchObject({
      exercise: "20-small/one",
      failures: 2,
      stepsPassed: 3,
      stepsTotal: 8,
      scenario: "two ways to die",
      hint: "Hint 1 of 3: look again",
    });
    keep("01", { ...failed, passed: true, stepsPassed: 8, scenario: null, hint: null });
    expect(await row("Ada")).toMatchObject({ passed: 1, tried: 1, stuck: null });
  });

  test("goes on where a learner's cell spoilt the store, with what was known of it", async () => {
    keep("01", failed);
    expect((await row("Ada")).tried).toBe(1);
    const file = join(own.folder, "learners/01/progress/progress.jsonl");
    rmSync(file);
    mkdirSync(join(file, "a-folder"), { recursive: true });
    expect((await row("Ada")).stuck).toMatchObject({ failures: 1 });
  });

  test("says who looks at what, and whose hand is up", async () => {
    await heard(ada);
    await own.order("/api/hand", ada, { up: true });
    expect(await row("Ada")).toMatchObject({ notebook: SLUG, handUpS: 0, kernel: "none", ran: null });
    await own.order("/api/board/lower", board, { learner: "01" });
    expect((await row("Ada")).handUpS).toBeNull();
    expect((await heard(ada)).handUp).toBe(false);
  });

  test("draws what the room predicted beside what it measured, each learner's first guess once", async () => {
    await own.join("Eve");
    const guess = {
      kind: "guess",
      experiment: "skb-count",
      question: "How many?",
      params: { program: "drop" },
      unit: "skbs",
    };
    const rest = { verdict: "too high", result: "r", machine: "m", kernel: "6.18" };
    keep("01", { ...guess, low: 100, high: 100, measured: 0, ...rest });
    keep("01", { ...guess, low: 0, high: 0, measured: 0, ...rest });
    keep("02", { ...guess, low: 10, high: 1000, measured: 0, ...rest });
    const { predictions } = await seen();
    expect(predictions).toHaveLength(1);
    expect(predictions[0]).toMatchObject({ experiment: "skb-count, drop", learners: 2 });
    expect(predictions[0]!.text).toContain("2 guessed 100 skbs to 100 skbs, median 100 skbs");
    expect(predictions[0]!.text).toContain("the median guess is too high");
    expect(predictions[0]!.svg).toContain("<svg");
  });

  test("gives the results as CSV: a row for each exercise and first guess, names without danger to a spreadsheet", async () => {
    await own.join('=HYPERLINK("http://evil")');
    keep("01", failed);
    const { body, headers } = await own.send("GET", "/api/board/results.csv", board);
    expect(headers["content-type"]).toContain("text/csv");
    const lines = body.trim().split("\r\n");
    expect(lines[0]).toMatch(/^learner,joined,kind,what,passed,attempts,steps,of_steps,stuck_at/);
    expect(lines[1]).toMatch(/^Ada,[^,]+,exercise,20-small\/one,no,1,3,8,two ways to die,/);
    expect(lines[2]).toMatch(/^"'=HYPERLINK\(""http:\/\/evil""\)",[^,]+,nothing tried/);
    expect(new Set(lines.slice(0, 2).map((line) => line.split(",").length)).size).toBe(1);
  });
});

describe("what the instructor does reaches every learner", () => {
  test("a section with its clock, minutes more, the end", async () => {
    expect((await heard(ada)).section).toBeNull();
    await own.order("/api/board/begin", board, { section: 0 });
    const { section } = await heard(ada);
    expect(section).toMatchObject({ number: 1, of: 2, title: "First", notebook: SLUG });
    expect(section!.leftMs).toBeGreaterThan(540_000);
    await own.order("/api/board/minutes", board, { minutes: 5 });
    expect((await heard(ada)).section!.leftMs).toBeGreaterThan(840_000);
    await own.order("/api/board/end", board);
    expect((await heard(ada)).over).toBe(true);
  });

  test("while a tab is open, without being asked", async () => {
    const listening = own.events<CourseEvent>("/api/events", ada, 2);
    await expect.poll(async () => (await row("Ada")).here).toBe(true);
    await own.order("/api/board/begin", board, { section: 1 });
    const rooms = (await listening).map((event) => (event as { room?: RoomView }).room?.section?.title);
    expect(rooms).toEqual([undefined, "Break"]);
  });

  test("the queue: how long it is, and one's own place in it", async () => {
    const { createConnection } = await import("node:net");
    const sockets = ["02", "01"].map((learner) => {
      const socket = createConnection(own.turns.path);
      socket.write(`${JSON.stringify({ what: "skb-count", folder: `/x/${learner}` })}\n`);
      return socket;
    });
    await expect.poll(() => own.turns.list().length).toBe(2);
    const place = own.turns.list().findIndex(({ learner }) => learner === "01") + 1;
    expect((await heard(ada)).queue).toEqual({ place, measuring: place === 1, length: 2 });
    expect((await row("Ada")).queue.length).toBe(2);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await heard(ada)).queue.length).toBe(0);
  });

  test("nonsense is refused and changes nothing", async () => {
    for (const [order, body] of [
      ["begin", { section: 7 }],
      ["begin", { section: "0" }],
      ["minutes", { minutes: 1 }],
      ["release", { exercise: "20-small/other" }],
      ["door", { open: "yes" }],
      ["remove", { learner: "99" }],
      ["remove", { learner: "../01" }],
      ["toString", {}],
    ] as const) {
      expect([400, 404], order).toContain((await own.order(`/api/board/${order}`, board, body)).status);
    }
    expect((await seen()).current).toBeNull();
  });
});
