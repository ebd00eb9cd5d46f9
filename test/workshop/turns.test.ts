// The queue for the machine: one measures, the others wait in order, and a turn ends with whoever had it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TURNS_VARIABLE, takeTurn } from "ringside/measure";
import { identifyProcess, noteFolderUser } from "ringside/net";
import { keepTurns, placeOf, type Turns } from "ringside/workshop";
import { afterEach, beforeEach, expect, test } from "vitest";

let turns: Turns;
const never = new AbortController().signal;
const quiet = (): void => undefined;

beforeEach(async () => {
  turns = await keepTurns();
  process.env[TURNS_VARIABLE] = turns.path;
});
afterEach(async () => {
  delete process.env[TURNS_VARIABLE];
  await turns.close();
});

const names = (): string[] => turns.list().map(({ what }) => what);
const until = (names_: string[]): Promise<void> => expect.poll(names).toEqual(names_);

test("who comes first measures; the others hear how many are before them, and each has his turn", async () => {
  const heard: number[] = [];
  const first = await takeTurn("one", never, quiet);
  const second = takeTurn("two", never, (ahead) => heard.push(ahead));
  await until(["one", "two"]);
  let done = false;
  const third = takeTurn("three", never, (ahead) => heard.push(ahead)).then((giveBack) => {
    done = true;
    return giveBack;
  });
  await until(["one", "two", "three"]);
  first();
  (await second)();
  (await third)();
  expect(done).toBe(true);
  expect(heard).toContain(2);
  await until([]);
});

test("a pressed stop button leaves the queue", async () => {
  const first = await takeTurn("one", never, quiet);
  const stop = new AbortController();
  const second = takeTurn("two", stop.signal, quiet);
  await until(["one", "two"]);
  stop.abort();
  await second;
  await until(["one"]);
  first();
});

test("a process that is killed while it measures gives its turn back", async () => {
  const code = `require("node:net").createConnection(process.argv[1]).write('{"what":"killed","folder":"/x/07"}\\n')`;
  const child: ChildProcess = spawn(process.execPath, ["-e", code, turns.path], { stdio: "ignore" });
  await until(["killed"]);
  expect(placeOf("07", turns.list())).toEqual({ place: 1, measuring: true, length: 1 });
  expect(placeOf("08", turns.list())).toEqual({ place: 0, measuring: false, length: 1 });
  const waiting = takeTurn("two", never, quiet);
  await until(["killed", "two"]);
  child.kill("SIGKILL");
  (await waiting)();
});

test("who waits goes on waiting where the server is killed and comes back, and is before nobody who measures", async () => {
  const first = await takeTurn("one", never, quiet);
  let isOurs = false;
  const second = takeTurn("two", never, quiet).then((giveBack) => {
    isOurs = true;
    return giveBack;
  });
  await until(["one", "two"]);
  const { path } = turns;
  await turns.close();
  mkdirSync(dirname(path), { recursive: true });
  turns = await keepTurns({ at: path });
  const third = await takeTurn("three", never, quiet);
  await until(["three", "two"]);
  expect(isOurs).toBe(false);
  third();
  (await second)();
  first();
});

test("where no workshop is, or none any more, nobody waits", async () => {
  process.env[TURNS_VARIABLE] = `${turns.path}-gone`;
  (await takeTurn("one", never, quiet))();
  delete process.env[TURNS_VARIABLE];
  (await takeTurn("one", never, quiet))();
  expect(names()).toEqual([]);
});

test("nonsense on the socket is hung up on, and takes no turn", async () => {
  for (const text of ["hello\n", "x".repeat(20_000), '{"what":1}\n{"what":2}\n']) {
    const socket = createConnection(turns.path);
    socket.on("error", quiet);
    socket.write(text);
    if (text.startsWith("{")) socket.destroy();
    else await new Promise((closed) => socket.once("close", closed));
  }
  await until([]);
});

test("a new queue removes the folder that a killed workshop left, and not one whose Jupyter server lives", async () => {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await new Promise((ended) => child.once("exit", ended));
  const [left, kept] = ["a", "b"].map((name) =>
    mkdtempSync(join(tmpdir(), `ringside-turns-${child.pid}-${name}`)),
  ) as [string, string];
  noteFolderUser(kept, identifyProcess(process.pid)!);
  noteFolderUser(left, { pid: process.pid, started: "another" });
  const other = await keepTurns();
  try {
    expect([left, kept, turns.path, other.path].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  } finally {
    await other.close();
    for (const folder of [left, kept]) rmSync(folder, { recursive: true, force: true });
  }
});
