import { fork } from "node:child_process";
import { once } from "node:events";
import { openPortLosses, type PortDriver, Testpmd } from "ringside/dpdk";
import { removeTestbedsOf, Testbed, twoHosts } from "ringside/net";
import { allowedCpus } from "ringside/sys";
import { afterEach, describe, expect, test } from "vitest";
import { isRunning, namedAfter, until } from "../net/leftovers.js";

const [main] = allowedCpus();
const cpus = { main: main!, forward: allowedCpus().at(-1)! };
const open: Testbed[] = [];
afterEach(() => {
  for (const testbed of open.splice(0)) testbed.close();
  expect(namedAfter(process.pid)).toEqual({ namespaces: [], folders: [] });
});

async function start(driver: PortDriver, device = "veth-b"): Promise<{ testbed: Testbed; testpmd: Testpmd }> {
  const testbed = Testbed.create(twoHosts());
  open.push(testbed);
  return { testbed, testpmd: await Testpmd.start(testbed, "b", { driver, device, cpus }) };
}

describe.each(["net_af_xdp", "net_af_packet"] as const)("a port of %s", (driver) => {
  test("receives every packet that is injected slowly enough, and counts its bytes", async () => {
    const { testbed, testpmd } = await start(driver);
    await testpmd.forward();
    const { arrived } = await testbed.injector("a").inject(2000, { ratePps: 20_000 });
    let stats = await testpmd.stats();
    for (let asked = 0; stats.rxPackets < arrived && asked < 200; asked++) stats = await testpmd.stats();
    expect([arrived, stats.rxPackets, stats.rxBytes]).toEqual([2000, 2000, 2000 * 60]);
  });

  test("has its losses counted by the kernel while nobody takes its packets", async () => {
    const { testbed, testpmd } = await start(driver);
    const losses = openPortLosses(testpmd);
    testbed.own(losses);
    const { arrived } = await testbed.injector("a").inject(20_000);
    const lost = losses.read().reduce((sum, { packets }) => sum + packets, 0);
    await testpmd.forward();
    let { rxPackets } = await testpmd.stats();
    for (let asked = 0; rxPackets + lost < arrived && asked < 200; asked++)
      ({ rxPackets } = await testpmd.stats());
    expect(lost).toBeGreaterThan(10_000);
    expect(rxPackets + lost).toBe(20_000);
  });
});

test("a port of net_null gives packets out of nothing for as long as somebody looks", async () => {
  const { testpmd } = await start("net_null");
  expect((await testpmd.stats()).rxPackets).toBe(0);
  await testpmd.forward();
  await testpmd.stop();
  const { rxPackets } = await testpmd.stats();
  expect(rxPackets).toBeGreaterThan(0);
  expect((await testpmd.stats()).rxPackets).toBe(rxPackets);
});

test("its forwarding thread stays on its CPU", async () => {
  const { testpmd } = await start("net_null");
  expect(allowedCpus(testpmd.forwardTid())).toEqual([cpus.forward]);
});

describe("testpmd ends", () => {
  test("by quit, and leaves no program on the interface", async () => {
    const { testbed, testpmd } = await start("net_af_xdp");
    expect(testbed.facts("b").xdp).toBe("native");
    await testpmd.quit();
    expect(isRunning(testpmd.pid)).toBe(false);
    expect(testbed.facts("b").xdp).toBe("none");
  });

  test("with its testbed", async () => {
    const { testbed, testpmd } = await start("net_af_packet");
    await testpmd.forward();
    testbed.close();
    await until("it to end", () => !isRunning(testpmd.pid));
  });

  test("when somebody kills it, and the next question says so", async () => {
    const { testpmd } = await start("net_null");
    process.kill(testpmd.pid, "SIGKILL");
    await expect(testpmd.stats()).rejects.toThrow(/^Cannot run testpmd with net_null .* SIGKILL.* -> /);
  });

  test("when its maker is killed", async () => {
    const maker = fork(new URL("./child-with-testpmd.mjs", import.meta.url), [], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const [{ inside }] = (await once(maker, "message")) as [{ inside: number }];
    expect(isRunning(inside)).toBe(true);
    maker.kill("SIGKILL");
    await once(maker, "exit");
    await until("it to end", () => !isRunning(inside));
    removeTestbedsOf(maker.pid!);
    expect(namedAfter(maker.pid!)).toEqual({ namespaces: [], folders: [] });
  });

  test("with its own last words where it cannot have the interface", async () => {
    await expect(start("net_af_xdp", "nowhere")).rejects.toThrow(
      /^Cannot run testpmd with net_af_xdp on nowhere: it found no port; its last words: .*nowhere.* -> /,
    );
  });
});

test("a burst that testpmd does not take is refused in its words", async () => {
  const { testpmd } = await start("net_null");
  await testpmd.setBurst(1);
  await expect(testpmd.setBurst(513)).rejects.toThrow(RangeError);
});
