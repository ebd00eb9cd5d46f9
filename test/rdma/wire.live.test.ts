// Where the ends of a wire are, and what is left of them when their maker closes them, is ended, or is killed with both devices open.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resetLab } from "ringside/net";
import { atEnd, type RdmaEnd, RdmaWire, rdmaDevices, runPerftest } from "ringside/rdma";
import { hasUdpPort, patient, rdmaHere, rdmaNamespacesHere } from "ringside/sys";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostInterfaces, isRunning, namedAfter, until } from "../net/leftovers.js";

const SOFT_ROCE = 4791;
const here = rdmaHere();
const WITHIN_MS = patient(5000);

const listensAt = (end: RdmaEnd): boolean =>
  hasUdpPort(
    atEnd(end, () => readFileSync("/proc/thread-self/net/udp", "utf8")),
    SOFT_ROCE,
  );

describe.skipIf(!here.available)(`a wire of RDMA (${here.reason})`, () => {
  let interfaces: string[];
  beforeEach(() => {
    interfaces = hostInterfaces();
  });
  afterEach(() => {
    expect(hostInterfaces()).toEqual(interfaces);
  });

  test("is where this kernel's soft-RoCE listens, and says why; closed, it leaves nothing", () => {
    const wire = RdmaWire.create();
    const ends = [wire.near, wire.far];
    try {
      const asked = rdmaNamespacesHere();
      expect([wire.namespaces, wire.why]).toEqual([asked.namespaces, asked.reason]);
      expect(wire.why).toMatch(/^soft-RoCE of Linux \S+ listens /);
      expect(ends.map(listensAt)).toEqual([true, true]);
      const named = namedAfter(process.pid).namespaces;
      expect(named).toHaveLength(wire.namespaces === 2 ? 2 : 0);
      expect(ends.map(({ namespace }) => namespace?.split("/").at(-1)).filter(Boolean)).toEqual(named);
      expect(rdmaDevices()).toEqual(expect.arrayContaining(ends.map(({ device }) => device)));
      expect(wire.commands.filter((line) => / rdma link add |^rdma link add /.test(line))).toHaveLength(2);
    } finally {
      wire.close();
    }
    for (const { device } of ends) expect(rdmaDevices()).not.toContain(device);
    expect(namedAfter(process.pid).namespaces).toEqual([]);
  });

  test("stands beside another one of the same process, and perftest runs on each", async () => {
    const wires = [RdmaWire.create(), RdmaWire.create()];
    try {
      for (const wire of wires) {
        const row = await runPerftest(wire, "ib_read_lat", { bytes: 64, iterations: 20 });
        expect([row["#bytes"], row["#iterations"]]).toEqual([64, 20]);
        expect(wire.counters().near.driver.sent_pkts).toBeGreaterThanOrEqual(20);
      }
    } finally {
      for (const wire of wires) wire.close();
    }
  });
});

describe.skipIf(!here.available)("the wire of a maker", () => {
  let child: ChildProcess;
  let told: { devices: string[]; target: number };
  beforeEach(async () => {
    child = fork(new URL("./child-with-wire.mjs", import.meta.url), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    [told] = (await once(child, "message")) as [typeof told];
    expect(rdmaDevices()).toEqual(expect.arrayContaining(told.devices));
  });
  afterEach(() => {
    child.kill("SIGKILL");
    resetLab();
  });

  const allIsGone = async (): Promise<void> => {
    await until("the target to end", () => !isRunning(told.target), WITHIN_MS);
    const isThere = (device: string): boolean => rdmaDevices().includes(device);
    await until("the devices to go", () => !told.devices.some(isThere), WITHIN_MS);
    expect(namedAfter(child.pid!).namespaces).toEqual([]);
  };

  test("that is ended while it has both devices open goes with it", async () => {
    child.kill("SIGTERM");
    const ended = once(child, "exit");
    await until("the maker to end", () => !isRunning(child.pid!), WITHIN_MS);
    expect(await ended).toEqual([null, "SIGTERM"]);
    await allIsGone();
  });

  test("that is killed goes with the next reset", async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    await until("the target to end", () => !isRunning(told.target), WITHIN_MS);
    const { namespaces, interfaces } = resetLab();
    const { namespaces: places } = rdmaNamespacesHere();
    expect([namespaces.length, interfaces.length]).toEqual(places === 2 ? [2, 0] : [0, 1]);
    await allIsGone();
  });
});
