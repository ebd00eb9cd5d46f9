// The verb itself, in a clone of its own: it prints code and board, goes on where it was killed, and ends by Ctrl-C with a CSV.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RoomState } from "ringside/workshop";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeCourse } from "../course/write-course.js";
import { isGone, OwnLab, until } from "./own-lab.js";

let lab: OwnLab;
let running: ChildProcess | null = null;
beforeEach(() => {
  lab = new OwnLab();
  const notebooks = join(lab.folder, "notebooks");
  for (const name of ["workshops", "src", "images"]) mkdirSync(join(notebooks, name));
  writeCourse(notebooks, "20-small", ["# Small", "1"]);
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
  await until(() => /Your board +\S+\n/.test(said) || child.exitCode !== null, `a board; it said: ${said}`);
  const [, code] = /Code of the room +(\S+)/.exec(said) ?? [];
  const [, board] = /Your board +(\S+)/.exec(said) ?? [];
  return { child, code: code!, board: board! };
}

test("goes on with its code and its learners where it was killed; ends by Ctrl-C, with a CSV and no process left", async () => {
  const first = await lead();
  const address = new URL(first.board).origin;
  const body = JSON.stringify({ code: first.code, name: "Ada", trouble: "" });
  const headers = { Origin: address, "Content-Type": "application/json" };
  expect((await fetch(`${address}/api/join`, { method: "POST", headers, body })).status).toBe(200);
  const twice = lab.run("workshop", "own");
  expect([twice.status, twice.stderr]).toEqual([
    1,
    expect.stringContaining(`process ${first.child.pid} leads it already`),
  ]);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const orphan = states()[0]!.served!.jupyter.pid;

  const second = await lead();
  expect([second.code, second.board]).toEqual([first.code, first.board]);
  expect(states()[0]!.learners.map(({ name }) => name)).toEqual(["Ada"]);
  await until(() => isGone(orphan), "the end of the killed room's Jupyter");
  const jupyter = states()[0]!.served!.jupyter.pid;
  second.child.kill("SIGINT");
  const [status] = await once(second.child, "exit");
  expect(status).toBe(0);
  expect(isGone(jupyter)).toBe(true);
  const [name] = readdirSync(rooms());
  expect(readFileSync(join(rooms(), name!, "results.csv"), "utf8")).toMatch(/\r\nAda,[^\r]+nothing tried/);
});

test("leaves a server when it is killed, which the next workshop ends, whatever its agenda, or reset", async () => {
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
