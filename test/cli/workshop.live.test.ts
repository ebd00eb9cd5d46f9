// The verb itself, in a clone of its own: it prints code and board, goes on where it was killed, with what ran in its learners'
// kernels, and ends by Ctrl-C with a CSV.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BoardView } from "ringside/course";
import type { RoomState } from "ringside/workshop";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COUNTING, expectWhole, hasLine, PageClient, printed } from "../course/page-client.js";
import { writeCourse } from "../course/write-course.js";
import { isGone, OwnLab, until } from "./own-lab.js";

const SLUG = "20-small";
const [KEEP, COUNT, KEPT] = [0, 1, 2] as const;

let lab: OwnLab;
let running: ChildProcess | null = null;
beforeEach(() => {
  lab = new OwnLab();
  const notebooks = join(lab.folder, "notebooks");
  for (const name of ["workshops", "src", "images"]) mkdirSync(join(notebooks, name));
  writeCourse(notebooks, SLUG, ["# Small", "const kept = process.cwd();", COUNTING, "console.log(kept);"]);
  for (const name of ["own", "next"])
    writeFileSync(
      join(notebooks, `workshops/${name}.md`),
      "# Own\n\n## One\n- minutes: 5\n- notebook: 20-small\n",
    );
  writeFileSync(join(notebooks, "workshops/wrong.md"), "# Wrong\n\n## One\n- minutes: soon\n");
});
afterEach(() => {
  running?.kill("SIGKILL");
  for (const { served } of states())
    if (served !== null && !isGone(served.jupyter.pid)) process.kill(served.jupyter.pid, "SIGTERM");
  lab.remove();
});

const rooms = (): string => join(lab.folder, ".ringside/workshop");

function states(): RoomState[] {
  try {
    return readdirSync(rooms()).map((name) =>
      JSON.parse(readFileSync(join(rooms(), name, "room.json"), "utf8")),
    );
  } catch {
    return [];
  }
}

interface Led {
  readonly child: ChildProcess;
  readonly code: string;
  readonly board: string;
}

async function lead(agenda = "own"): Promise<Led> {
  const main = join(lab.folder, "lab/dist/cli/main.js");
  const child = spawn(process.execPath, [main, "workshop", agenda], {
    cwd: lab.folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  // Its preflight tries everything that the room will need, which takes a while on a busy machine.
  await until(() => /Your board +\S+\n/.test(said) || child.exitCode !== null, "a board", 60);
  const [, code] = /Code of the room +(\S+)/.exec(said) ?? [];
  const [, board] = /Your board +(\S+)/.exec(said) ?? [];
  return { child, code: code!, board: board! };
}

/** Joins as a browser does. */
async function enter({ board, code }: Led, name: string): Promise<PageClient> {
  const { origin, port } = new URL(board);
  const body = JSON.stringify({ code, name, trouble: "" });
  const headers = { Origin: origin, "Content-Type": "application/json" };
  const answer = await fetch(`${origin}/api/join`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  return new PageClient(Number(port), answer.headers.getSetCookie()[0]!.split(";")[0]!, SLUG);
}

/** What the board shows first. */
async function firstBoard({ board }: Led): Promise<BoardView> {
  const Cookie = (await fetch(board)).headers.getSetCookie()[0]!.split(";")[0]!;
  const ended = new AbortController();
  const { body } = await fetch(new URL("/api/board/events", board), {
    headers: { Cookie },
    signal: ended.signal,
  });
  let text = "";
  for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes("\n\n")) break;
  }
  ended.abort();
  return JSON.parse(text.slice("data: ".length, text.indexOf("\n\n"))).board;
}

test("goes on with its code and its learners where it was killed; ends by Ctrl-C, with a CSV and no process left", {
  timeout: 240_000,
}, async () => {
  const first = await lead();
  await enter(first, "Ada");
  const twice = lab.run("workshop", "own");
  expect([twice.status, twice.stderr]).toEqual([
    1,
    expect.stringContaining(`process ${first.child.pid} leads it already`),
  ]);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const orphan = states()[0]!.served!;

  const second = await lead();
  expect([second.code, second.board]).toEqual([first.code, first.board]);
  expect(states()[0]!.learners.map(({ name }) => name)).toEqual(["Ada"]);
  const taken = states()[0]!.served!;
  expect([taken.jupyter, taken.turns]).toEqual([orphan.jupyter, orphan.turns]);
  // They bear a dead process's number, and are in use.
  expect(lab.run("reset").stdout).not.toContain(`-${first.child.pid}-`);
  expect([existsSync(taken.home!), existsSync(taken.turns!)]).toEqual([true, true]);
  second.child.kill("SIGINT");
  const [status] = await once(second.child, "exit");
  expect(status).toBe(0);
  expect([isGone(taken.jupyter.pid), existsSync(taken.home!), existsSync(dirname(taken.turns!))]).toEqual([
    true,
    false,
    false,
  ]);
  const [name] = readdirSync(rooms());
  expect(readFileSync(join(rooms(), name!, "results.csv"), "utf8")).toMatch(/\r\nAda,[^\r]+nothing tried/);
});

test("what its learners run when it is killed runs on: every line is there, variables too, and each has his own", {
  timeout: 240_000,
}, async () => {
  const first = await lead();
  const [ada, bob] = [await enter(first, "Ada"), await enter(first, "Bob")];
  for (const learner of [ada, bob]) {
    await learner.run(KEEP);
    expect((await learner.over(KEEP)).run.state).toBe("ok");
  }
  await ada.run(COUNT);
  await ada.run(KEPT);
  await ada.see(COUNT, "line 10", (cell) => hasLine(cell, 10));
  const { keeper } = states()[0]!.served!;
  expect(keeper.pid).toBe(first.child.pid);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await lead();
  // Nobody has looked at a notebook yet, and both kernels are counted.
  expect((await firstBoard(second)).machine.kernels).toBe(2);
  const between = await ada.see(COUNT, "line 100", (cell) => hasLine(cell, 100));
  expect(between.run.state).toBe("running");
  expect((await ada.cellAt(KEPT)).run.state).toBe("queued");
  const learners = join(rooms(), readdirSync(rooms())[0]!, "learners");
  writeFileSync(join(learners, "01/END"), "");
  const cell = await ada.over(COUNT);
  expect(cell.run).toMatchObject({ state: "ok", count: 2 });
  expectWhole(cell);
  await bob.run(KEPT);
  for (const [learner, folder, count] of [
    [ada, "01", 3],
    [bob, "02", 2],
  ] as const) {
    const kept = await learner.over(KEPT);
    expect(kept.run).toMatchObject({ state: "ok", count });
    expect(printed(kept)).toEqual([join(learners, folder)]);
  }
});

test("a cell whose kernel died with the workshop is said to be lost, and its code is as it was", {
  timeout: 240_000,
}, async () => {
  const first = await lead();
  const ada = await enter(first, "Ada");
  await ada.run(COUNT);
  // What a cell puts out is in its file a second later.
  await ada.see(COUNT, "line 100", (cell) => hasLine(cell, 100));
  const { source } = await ada.cellAt(COUNT);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const { jupyter } = states()[0]!.served!;
  process.kill(jupyter.pid, "SIGKILL");
  await until(() => isGone(jupyter.pid), "Jupyter ends");
  await lead();
  const cell = await ada.cellAt(COUNT);
  expect([cell.run.state, cell.source, hasLine(cell, 3)]).toEqual(["lost", source, true]);
  expect(states()[0]!.served!.jupyter).not.toEqual(jupyter);
});

test("leaves a server when it is killed, which the next workshop ends, whatever its agenda, or reset", {
  timeout: 240_000,
}, async () => {
  const served = (agenda: string): NonNullable<RoomState["served"]> =>
    states().find((state) => state.agenda === agenda)!.served!;
  const left = async (agenda: string): Promise<NonNullable<RoomState["served"]>> => {
    const { child } = await lead(agenda);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isGone(served(agenda).jupyter.pid)).toBe(false);
    return served(agenda);
  };
  const first = await left("own");
  const second = await left("next");
  expect([isGone(first.jupyter.pid), existsSync(first.home!)]).toEqual([true, false]);
  expect(lab.run("reset").stdout).toContain(`ended process ${second.jupyter.pid}\n`);
  expect([isGone(second.jupyter.pid), existsSync(second.home!)]).toEqual([true, false]);
});

test("lists the agendas, and names the line of one that is wrong", () => {
  const wrong = lab.run("workshop", "wrong", "--check");
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining("agenda wrong.md, line 4")]);
  const unknown = lab.run("workshop", "other");
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("one of next, own, wrong")]);
});
