import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isGone, OwnLab, until } from "./own-lab.js";

let lab: OwnLab;
beforeEach(() => {
  lab = new OwnLab();
});
afterEach(() => lab.remove());

interface Started {
  readonly keeper: { readonly pid: number };
  readonly server: { readonly pid: number };
  readonly baseUrl: string;
  readonly token: string;
  readonly notebooks: string;
  readonly course: string;
}

function start(): Started {
  const { status, stdout, stderr } = lab.run("start", "--json");
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Changes what a lab left for the next. */
function amendState(change: object): void {
  const file = join(lab.folder, ".ringside/server.json");
  const state = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...state, ...change }));
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

const foldersOf = (pid: number): string[] =>
  readdirSync(tmpdir()).filter((name) => name.includes(`-${pid}-`));

describe("the lab in the background", () => {
  test("is started once, answers, and tells its address to its owner alone", async () => {
    const first = start();
    expect((await fetch(first.course)).status).toBe(200);
    expect((await fetch(first.notebooks)).status).toBe(200);
    expect((await fetch(`${first.baseUrl}api/sessions`)).status).toBe(403);
    expect(statSync(join(lab.folder, ".ringside/server.json")).mode & 0o777).toBe(0o600);
    expect(start()).toEqual(first);
    expect(lab.run("status").stdout).toContain(first.notebooks);
  });

  test("is ended with its kernels, and leaves no file and no process", async () => {
    const { baseUrl, token, keeper, server } = start();
    const body = JSON.stringify({
      path: "x.ipynb",
      name: "x",
      type: "notebook",
      kernel: { name: "ringside" },
    });
    const headers = { Authorization: `token ${token}`, "Content-Type": "application/json" };
    const session = await fetch(`${baseUrl}api/sessions`, { method: "POST", headers, body });
    expect(session.status).toBe(201);
    const kernels = childrenOf(server.pid);
    expect(kernels.length).toBeGreaterThan(0);
    expect(JSON.parse(lab.run("status", "--json").stdout).sessions).toHaveLength(1);

    expect(lab.run("stop")).toMatchObject({ status: 0, stdout: "The lab has stopped.\n" });
    expect([keeper.pid, server.pid, ...kernels].filter((pid) => !isGone(pid))).toEqual([]);
    expect(foldersOf(keeper.pid)).toEqual([]);
    expect(readdirSync(join(lab.folder, ".ringside"))).toEqual(["server.log"]);
    expect(lab.run("status")).toMatchObject({ status: 1 });
    expect(lab.run("stop")).toMatchObject({ status: 0, stdout: "The lab was not running.\n" });
  });

  test.each(["", '{"keeper":', "[]", '{"keeper": 1}'])(
    "is not running by a state that no lab wrote whole: %j",
    (text) => {
      mkdirSync(join(lab.folder, ".ringside"));
      writeFileSync(join(lab.folder, ".ringside/server.json"), text);
      expect(lab.run("status")).toMatchObject({ status: 1, stderr: "" });
      expect(lab.run("reset")).toMatchObject({ status: 0, stderr: "" });
      expect(readdirSync(join(lab.folder, ".ringside"))).toEqual([]);
    },
  );

  test("whose keeper was killed is found by reset, which leaves nothing of it, though an earlier version did not say where its folder is", async () => {
    const { keeper, server } = start();
    process.kill(keeper.pid, "SIGKILL");
    await until(() => isGone(keeper.pid), "the keeper ends");
    amendState({ home: undefined });
    expect(lab.run("reset").stdout).toContain(`ended process ${server.pid}`);
    await until(() => isGone(server.pid), "the server ends");
    expect(foldersOf(keeper.pid)).toEqual([]);
    expect(lab.run("status").status).toBe(1);
  });

  test("whose keeper was killed is taken over by the next start, with its server, at the same address of the course page", async () => {
    const { keeper, server, course, notebooks } = start();
    process.kill(keeper.pid, "SIGKILL");
    await until(() => isGone(keeper.pid), "the keeper ends");
    const { status, stdout } = lab.run("status");
    expect(status).toBe(1);
    expect(stdout).toContain("The lab was killed");
    const next = start();
    expect([next.course, next.notebooks, next.server]).toEqual([course, notebooks, server]);
    expect(next.keeper.pid).not.toBe(keeper.pid);
    expect((await fetch(next.course)).status).toBe(200);
    expect((await fetch(next.notebooks)).status).toBe(200);
    expect(lab.run("reset").status).toBe(0);
    expect(foldersOf(keeper.pid)).toHaveLength(1);
    expect(lab.run("stop").status).toBe(0);
    expect([isGone(server.pid), foldersOf(keeper.pid)]).toEqual([true, []]);
  });

  test("of another clone that was taken over keeps its folder when this clone is reset, killed again or not", async () => {
    const other = new OwnLab();
    try {
      const { keeper, server } = start();
      process.kill(keeper.pid, "SIGKILL");
      await until(() => isGone(keeper.pid), "the keeper ends");
      expect(other.run("reset").stdout).not.toContain(`-${keeper.pid}-`);
      const next = start();
      expect(next.server).toEqual(server);
      expect(other.run("reset").stdout).not.toContain(`-${keeper.pid}-`);
      expect(foldersOf(keeper.pid)).toHaveLength(1);
      expect((await fetch(next.notebooks)).status).toBe(200);
      expect(lab.run("stop").status).toBe(0);
      expect([isGone(server.pid), foldersOf(keeper.pid)]).toEqual([true, []]);
    } finally {
      other.remove();
    }
  });

  test("whose keeper was killed, and whose server does not answer, is ended by the next start, which has a server of its own", async () => {
    const { keeper, server, course } = start();
    process.kill(keeper.pid, "SIGKILL");
    await until(() => isGone(keeper.pid), "the keeper ends");
    amendState({ token: "another" });
    const next = start();
    expect(next.course).toBe(course);
    expect([isGone(server.pid), foldersOf(keeper.pid)]).toEqual([true, []]);
    expect((await fetch(next.notebooks)).status).toBe(200);
  });

  test("is not started on a port that is taken, and says by whom", async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, "127.0.0.1", () => done((other.address() as { port: number }).port));
    });
    try {
      const { status, stderr } = lab.run("start", "--port", String(port));
      expect(status).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^Cannot start on port ${port}: it is taken by .* \\(pid ${process.pid}\\) -> .*\\n$`),
      );
    } finally {
      other.close();
    }
  });
});

describe("reset", () => {
  test("removes the namespaces and folders of the dead and keeps those of the living", async () => {
    const dead = await killedMaker();
    const folder = join(tmpdir(), `ringside-jupyter-${dead.pid}-x`);
    const living = mkdtempSync(join(tmpdir(), `ringside-jupyter-${process.pid}-`));
    mkdirSync(folder);
    const { status, stdout } = lab.run("reset", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).namespaces.sort()).toEqual(dead.namespaces.sort());
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(living)).toBe(true);
    rmSync(living, { recursive: true });
    expect(namespacesOf(dead.pid)).toEqual([]);
  });
});

const namespacesOf = (pid: number): string[] =>
  readdirSync("/run/netns").filter((name) => name.startsWith(`rs-${pid}-`));

/** A process that made a testbed and was killed before it could remove it. */
async function killedMaker(): Promise<{ pid: number; namespaces: string[] }> {
  const code = `import { Testbed, twoHosts } from "ringside/net";
    Testbed.create(twoHosts());
    process.send("made");
    setInterval(() => {}, 1000);`;
  const options = { cwd: import.meta.dirname, stdio: ["ignore", "inherit", "inherit", "ipc"] as const };
  const maker = spawn(process.execPath, ["--input-type=module", "-e", code], {
    ...options,
    stdio: [...options.stdio],
  });
  await once(maker, "message");
  maker.kill("SIGKILL");
  await once(maker, "exit");
  return { pid: maker.pid!, namespaces: namespacesOf(maker.pid!) };
}
