// Learners can neither see nor alter each other's work or the board: every address is tried with nobody's cookie, with another
// learner's, and with one that was sent away.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CourseEvent, EditAnswer, NotebookView, RoomView } from "ringside/course";
import { BOARD_ORDERS } from "ringside/workshop";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Headers, OwnRoom, SLUG } from "./own-room.js";

let own: OwnRoom;
let ada: Headers;
let eve: Headers;
let board: Headers;

beforeEach(async () => {
  own = await OwnRoom.open();
  ada = await own.join("Ada");
  eve = await own.join("Eve");
  board = await own.instructor();
});
afterEach(() => own.close());

const QUESTIONS = [
  "/api/outline",
  "/api/glossary",
  `/api/notebook/${SLUG}`,
  `/api/events?notebook=${SLUG}`,
  `/api/mine/${SLUG}`,
  `/n/${SLUG}`,
  `/jupyter/${SLUG}`,
];
const ORDERS = ["run", "stop", "restart", "edit", "restore", "complete", "inspect"];
const BOARD_QUESTIONS = ["/board", "/api/board/events", "/api/board/results.csv"];

const view = (who: Headers): Promise<NotebookView> => own.get<NotebookView>(`/api/notebook/${SLUG}`, who);
const codeOf = ({ cells }: NotebookView): string => cells.find(({ kind }) => kind === "code")!.source;

async function write(who: Headers, text: string): Promise<void> {
  const { id, version } = (await view(who)).cells.find(({ kind }) => kind === "code")!;
  const { body } = await own.order(`/api/edit/${SLUG}`, who, { cell: id, text, version });
  expect((JSON.parse(body) as EditAnswer).accepted).toBe(true);
}

describe("a stranger", () => {
  test("gets the page with the form, its script and style, and nothing else", async () => {
    for (const [path, what] of [
      ["/", "join.js"],
      ["/assets/join.js", "fetch"],
      ["/assets/page.css", "--paper"],
    ] as const) {
      const { status, body } = await own.send("GET", path, { Host: own.host });
      expect([status, body.includes(what)], path).toEqual([200, true]);
    }
    for (const path of [...QUESTIONS, ...BOARD_QUESTIONS]) {
      expect((await own.send("GET", path, own.own())).status, path).toBe(403);
    }
    for (const path of orders()) expect((await own.order(path, own.own())).status, path).toBe(403);
  });

  test("with the wrong secret is a stranger, on the board, at a seat and on the way back", async () => {
    const port = own.server.port;
    const wrong = own.own(
      `ringside-seat-${port}=${"0".repeat(48)}; ringside-board-${port}=${"0".repeat(48)}`,
    );
    for (const path of [...QUESTIONS, ...BOARD_QUESTIONS]) {
      expect((await own.send("GET", path, wrong)).status, path).toBe(403);
    }
    expect((await own.send("GET", `/board?token=${"0".repeat(48)}`, { Host: own.host })).status).toBe(403);
    expect((await own.send("GET", `/back?token=${"0".repeat(48)}`, { Host: own.host })).status).toBe(403);
  });

  test("cannot find the code by trying: after twenty wrong ones he waits, even with the right one", async () => {
    const join = (code: string): Promise<{ status: number }> =>
      own.order("/api/join", own.own(), { code, name: "Mallory", trouble: "" });
    for (let n = 0; n < 20; n++) expect((await join("AAA-AAA")).status).toBe(403);
    expect((await join(own.room.code)).status).toBe(429);
    expect(own.room.learners.map(({ name }) => name)).toEqual(["Ada", "Eve"]);
  });

  test.each([
    ["another page", { Origin: "http://evil.example" }],
    ["a page without an origin", { Origin: "null" }],
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
  ])("may not use a learner's browser from %s", async (_what, header) => {
    for (const path of [...orders(), "/api/hand", "/api/join"]) {
      expect((await own.order(path, { ...ada, ...header })).status, path).toBe(403);
      expect((await own.order(path, { ...board, ...header })).status, path).toBe(403);
    }
  });

  test("who gave this machine's address a name of his own is answered nothing", async () => {
    for (const path of ["/", "/board", ...QUESTIONS]) {
      const headers = { ...ada, Host: `evil.example:${own.server.port}` };
      expect((await own.send("GET", path, headers)).status, path).toBe(421);
    }
  });
});

const orders = (): string[] => [
  ...ORDERS.map((name) => `/api/${name}/${SLUG}`),
  ...Object.keys(BOARD_ORDERS).map((name) => `/api/board/${name}`),
];

describe("a learner", () => {
  test("is refused by every address of the board, and changes nothing there", async () => {
    const before = readFileSync(join(own.folder, "room.json"), "utf8");
    expect(Object.keys(BOARD_ORDERS).length).toBeGreaterThan(5);
    for (const path of BOARD_QUESTIONS) expect((await own.send("GET", path, eve)).status, path).toBe(403);
    const body = { section: 0, minutes: 5, exercise: `${SLUG}/one`, open: false, learner: "01" };
    for (const name of Object.keys(BOARD_ORDERS)) {
      expect((await own.order(`/api/board/${name}`, eve, body)).status, name).toBe(403);
    }
    expect(readFileSync(join(own.folder, "room.json"), "utf8")).toBe(before);
  });

  test("writes into a copy of his own: the others and the course keep theirs", async () => {
    const course = readFileSync(join(own.folder, `course/${SLUG}.ipynb`), "utf8");
    await write(ada, "const secretOfAda = 1;");
    await write(eve, "const secretOfEve = 2;");
    expect([codeOf(await view(ada)), codeOf(await view(eve))]).toEqual([
      "const secretOfAda = 1;",
      "const secretOfEve = 2;",
    ]);
    expect(readFileSync(join(own.folder, `course/${SLUG}.ipynb`), "utf8")).toBe(course);
    expect(readdirSync(join(own.folder, "learners"))).toEqual(["01", "02"]);
  });

  test("finds nothing of the others at any address", async () => {
    await write(ada, "const secretOfAda = 1;");
    const store = join(own.folder, "learners/01/progress");
    const { mkdirSync } = await import("node:fs");
    mkdirSync(store, { recursive: true });
    const attempt = {
      kind: "attempt",
      at: new Date().toISOString(),
      exercise: "02-packet-budgets/derive-1538",
    };
    writeFileSync(
      join(store, "progress.jsonl"),
      `${JSON.stringify({ ...attempt, passed: true, stepsPassed: 1, stepsTotal: 1 })}\n`,
    );
    for (const path of [...QUESTIONS, "/"]) {
      const { body } = await own.send("GET", path, eve);
      expect(body, path).not.toMatch(/secretOfAda|Ada|jupyter-secret/);
    }
    for (const path of [
      "/api/notebook/../01/20-small",
      "/api/mine/..%2F01%2F20-small",
      "/api/mine/../../learners/01/20-small",
      "/api/notebook/learners%2F01%2F20-small",
      "/assets/../learners/01/20-small.ipynb",
      "/learners/01/20-small.ipynb",
      "/room.json",
    ]) {
      const { status, body } = await own.send("GET", path, eve);
      expect([status, body.includes("secretOfAda")], path).toEqual([404, false]);
    }
  });

  test("hears of the room and of himself, not of who else is in it", async () => {
    await own.order("/api/hand", ada, { up: true });
    const events = await own.events<CourseEvent>(`/api/events?notebook=${SLUG}`, eve, 2);
    const room = events.find(
      (event): event is { kind: "room"; room: RoomView } => event.kind === "room",
    )!.room;
    expect(room).toMatchObject({ name: "Eve", handUp: false, section: null });
    expect(JSON.stringify(events)).not.toContain("Ada");
  });

  test("is not led into Jupyter, where everybody's notebooks are", async () => {
    expect((await own.send("GET", `/jupyter/${SLUG}`, ada)).status).toBe(404);
  });

  test("starts no kernel by reading, and no file but his own", async () => {
    await view(ada);
    await own.events(`/api/events?notebook=${SLUG}`, ada, 2);
    for (const help of ["complete", "inspect"]) {
      const { status, body } = await own.order(`/api/${help}/${SLUG}`, ada, { code: "a", cursor: 1 });
      expect([status, body], help).toEqual([200, "null"]);
    }
    expect((await view(ada)).kernel).toEqual({ state: "none", message: "" });
    expect(existsSync(join(own.folder, "learners/02"))).toBe(false);
  });

  test("has at most a dozen tabs", async () => {
    const stop = new AbortController();
    const tabs = Array.from({ length: 12 }, () =>
      fetch(`http://${own.host}/api/events`, { headers: { Cookie: ada.Cookie! }, signal: stop.signal }),
    );
    await Promise.all(tabs);
    expect((await own.send("GET", "/api/events", ada)).status).toBe(429);
    expect((await own.send("GET", "/api/outline", eve)).status).toBe(200);
    stop.abort();
  });
});

describe("who was sent away", () => {
  test("is a stranger again, while what he wrote stays", async () => {
    await write(eve, "const mine = 1;");
    expect((await own.order("/api/board/remove", board, { learner: "02" })).status).toBe(200);
    for (const path of QUESTIONS) expect((await own.send("GET", path, eve)).status, path).toBe(403);
    for (const path of orders()) expect((await own.order(path, eve)).status, path).toBe(403);
    expect(readFileSync(join(own.folder, `learners/02/${SLUG}.ipynb`), "utf8")).toContain("const mine");
  });

  test("or lost his page, has a way back, and the old secret opens nothing", async () => {
    await write(eve, "const mine = 1;");
    const { path } = JSON.parse((await own.order("/api/board/back", board, { learner: "02" })).body) as {
      path: string;
    };
    expect((await own.send("GET", "/api/outline", eve)).status).toBe(403);
    const { headers } = await own.send("GET", path, { Host: own.host, "Sec-Fetch-Site": "cross-site" });
    const again = own.own(String(headers["set-cookie"]).split(";")[0]);
    expect(codeOf(await view(again))).toBe("const mine = 1;");
  });
});
