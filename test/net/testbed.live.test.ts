import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { Injector, removeTestbedsOf, resetLab, Testbed, twoHosts } from "ringside/net";
import { afterEach, describe, expect, test } from "vitest";

const open: Testbed[] = [];
const make = (options = {}): Testbed => {
  const testbed = Testbed.create(twoHosts(options));
  open.push(testbed);
  return testbed;
};
afterEach(() => {
  for (const testbed of open.splice(0)) testbed.close();
});
const ours = (pid = process.pid): string[] =>
  readdirSync("/run/netns").filter((name) => name.startsWith(`rs-${pid}-`));

/** A process that makes a testbed, says so, and waits. */
async function maker(): Promise<ReturnType<typeof fork>> {
  const child = fork(new URL("./make-testbed.mjs", import.meta.url), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

describe("a testbed", () => {
  test("delivers, is what its spec says, and is gone when closed", () => {
    const testbed = make({ queues: 2, mtu: 1400 });
    expect(testbed.facts("b")).toMatchObject({
      mtu: 1400,
      rxQueues: 2,
      xdp: "none",
      offloads: ["generic-receive-offload"],
    });
    expect(testbed.inside("a", "ping", "-c", "1", "-W", "2", "10.0.0.2")).toContain("1 received");
    expect(ours()).toHaveLength(2);
    testbed.close();
    expect(ours()).toEqual([]);
  });

  test("can stand beside another one of the same process", () => {
    make();
    make();
    expect(ours()).toHaveLength(4);
  });

  test("shows every command, ready to be typed", () => {
    expect(
      make().commands.some((line) => /^ip link add name veth-a .* type veth peer name veth-b/.test(line)),
    ).toBe(true);
  });

  test("leaves nothing when making it fails half way", () => {
    const spec = twoHosts();
    const broken = { ...spec, wires: [{ ...spec.wires[0]!, mtu: 1 }] };
    expect(() => Testbed.create(broken)).toThrow(/Cannot run .*ip/);
    expect(ours()).toEqual([]);
  });

  test("refuses an interface name twice in one host, before making anything", () => {
    const { hosts, wires } = twoHosts();
    expect(() => Testbed.create({ hosts, wires: [wires[0]!, wires[0]!] })).toThrow(
      /has an interface of that name already/,
    );
  });

  test("is removed when its process gets SIGTERM", async () => {
    const child = await maker();
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(ours(child.pid)).toEqual([]);
  });

  test("is removed by reset after its process was killed, processes inside included", async () => {
    const child = await maker();
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(ours(child.pid)).toHaveLength(2);
    const removed = resetLab();
    expect(removed.namespaces.filter((name) => name.startsWith(`rs-${child.pid}-`))).toHaveLength(2);
    expect(removed.processes).toHaveLength(1);
    expect(ours(child.pid)).toEqual([]);
  });

  test("of a living process survives a reset, unless it is named", async () => {
    make();
    resetLab();
    expect(ours()).toHaveLength(2);
    expect(removeTestbedsOf(process.pid).namespaces).toHaveLength(2);
  });
});

describe("the injector", () => {
  test("delivers exactly what it was asked for, as fast as it can and at a set rate", async () => {
    const injector = new Injector(make(), "a");
    const fast = await injector.inject(65_536);
    expect(fast).toMatchObject({ offered: 65_536, arrived: 65_536, lostInRing: 0 });
    const slow = await injector.inject(2_000, { ratePps: 10_000 });
    expect(slow).toMatchObject({ offered: 2_000, arrived: 2_000 });
    expect(slow.seconds).toBeGreaterThan(0.19);
    injector.close();
  });

  test("names the loss when the peer has no NAPI context", async () => {
    const testbed = make();
    testbed.inside("b", "ethtool", "-K", "veth-b", "gro", "off");
    const injector = new Injector(testbed, "a");
    expect(await injector.inject(1_000)).toMatchObject({ offered: 1_000, arrived: 0, lostInRing: 1_000 });
    injector.close();
  });

  test("stops between calls when it is told to", async () => {
    const injector = new Injector(make(), "a");
    const stop = AbortSignal.timeout(50);
    await expect(injector.inject(1e9, { signal: stop })).rejects.toThrow(/timeout/i);
    injector.close();
  });
});
