import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { identifyProcess, removeTestbedsOf, resetLab, Testbed, twoHosts } from "ringside/net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bpfIdsOf, hostInterfaces, isRunning, namedAfter, remaining, until } from "./leftovers.js";

interface Maker {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Id of the process it started inside its testbed. */
  readonly inside: number;
  readonly folder: string;
}

const NOTHING = { namespaces: [], folders: [] };
const children: Maker[] = [];

/** Starts a process that makes a testbed. @param afterwards what it does once it has reported */
async function startMaker(afterwards = "wait"): Promise<Maker> {
  const child = fork(new URL("./child-with-testbed.mjs", import.meta.url), [afterwards], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const [told] = (await once(child, "message")) as [{ inside: number; folder: string }];
  const maker = { child, pid: child.pid!, ...told };
  children.push(maker);
  return maker;
}

let interfaces: string[];
beforeEach(() => {
  interfaces = hostInterfaces();
});
afterEach(() => {
  for (const { child, pid, folder } of children.splice(0)) {
    child.kill("SIGKILL");
    removeTestbedsOf(pid);
    rmSync(folder, { recursive: true, force: true });
  }
  expect(hostInterfaces()).toEqual(interfaces);
});

describe("a testbed is removed", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "when its process gets %s, which then ends it",
    async (signal) => {
      const { child, pid, inside } = await startMaker();
      const held = bpfIdsOf(pid);
      expect([held.programs.length, held.links.length]).toEqual([1, 1]);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([null, signal]);
      expect(namedAfter(pid).namespaces).toEqual([]);
      expect(isRunning(inside)).toBe(false);
      await until("programs and links to go", () => remaining(held).programs.length === 0);
      expect(remaining(held)).toEqual({ programs: [], links: [] });
    },
  );

  test("when its process dies of an exception", async () => {
    const { child, pid, inside } = await startMaker("throw");
    await once(child, "exit");
    expect(namedAfter(pid).namespaces).toEqual([]);
    expect(isRunning(inside)).toBe(false);
  });

  test("but not on a signal that means something else to its process", async () => {
    const { child, pid } = await startMaker("listen");
    child.kill("SIGTERM");
    expect((await once(child, "message"))[0]).toEqual({ heard: true });
    expect(namedAfter(pid).namespaces).toHaveLength(2);
  });
});

describe("reset", () => {
  test("removes all that a killed process left, and says what", async () => {
    const { child, pid, inside, folder } = await startMaker();
    const held = bpfIdsOf(pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    const left = namedAfter(pid);
    expect([left.namespaces.length, left.folders.length, isRunning(inside)]).toEqual([2, 1, true]);

    const removed = resetLab();
    expect(removed.namespaces).toEqual(expect.arrayContaining(left.namespaces));
    expect(removed.processes).toContain(inside);
    expect(removed.folders).toContain(folder);

    expect(namedAfter(pid)).toEqual(NOTHING);
    expect(isRunning(inside)).toBe(false);
    await until("programs and links to go", () => remaining(held).programs.length === 0);
    expect(remaining(held)).toEqual({ programs: [], links: [] });
    expect(resetLab()).toEqual({ namespaces: [], interfaces: [], processes: [], folders: [] });
  });

  test("happens by itself before the next testbed is made", async () => {
    const { child, pid } = await startMaker();
    child.kill("SIGKILL");
    await once(child, "exit");
    Testbed.create(twoHosts()).close();
    expect(namedAfter(pid)).toEqual(NOTHING);
  });

  test("spares a living process, unless it is named", async () => {
    const { pid, inside, folder } = await startMaker();
    resetLab();
    expect(namedAfter(pid).namespaces).toHaveLength(2);
    const removed = removeTestbedsOf(pid);
    expect(removed).toMatchObject({ processes: [inside], folders: [folder] });
    expect(namedAfter(pid)).toEqual(NOTHING);
    expect(isRunning(pid)).toBe(true);
  });

  test("removes an interface outside of all namespaces once the maker that its alias names is dead", async () => {
    const { child, pid } = await startMaker();
    const { started } = identifyProcess(pid)!;
    const name = `rs${pid.toString(36)}x1`;
    try {
      execFileSync("ip", ["link", "add", name, "type", "veth", "peer", "name", `${name}b`]);
      execFileSync("ip", ["link", "set", name, "alias", `rs-${pid}-${started}-1-rdma`]);
      expect(resetLab().interfaces).toEqual([]);
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(resetLab().interfaces).toEqual([name]);
    } finally {
      if (hostInterfaces().includes(name)) execFileSync("ip", ["link", "delete", name]);
    }
  });

  test("leaves other people's namespaces alone", () => {
    const name = `not-ours-${process.pid}`;
    execFileSync("ip", ["netns", "add", name]);
    try {
      resetLab();
      expect(existsSync(`/run/netns/${name}`)).toBe(true);
    } finally {
      execFileSync("ip", ["netns", "delete", name]);
    }
  });
});
