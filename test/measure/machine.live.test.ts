// What measurements say of this machine: what it is, whether it is quiet, and figures in the only order they can have.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { measure, outcomeOf, predict, type Result, recordEnvironment, saveResult } from "ringside/measure";
import { Testbed, twoHosts } from "ringside/net";
import { attachXdp, loadCounter } from "ringside/xdp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { workInScratch } from "../scratch.js";

/** For figures whose order holds on a busy machine too. */
const anyMachine = { minIdle: 0, maxSteal: 1 };
const spinners: ChildProcess[] = [];

workInScratch("machine");
afterEach(() => {
  for (const spinner of spinners.splice(0)) spinner.kill("SIGKILL");
});

describe("the environment", () => {
  test("is complete on a kernel that tells everything", () => {
    const environment = recordEnvironment();
    expect(JSON.stringify(environment)).not.toContain("unknown");
    expect(environment.hz).toMatch(/^\d+ \(\/(proc|boot)\/config/);
    expect(environment.libbpf).toMatch(/^v1\.\d+$/);
    expect(environment.mitigations.meltdown).toBeTruthy();
    expect(environment.cpuCount).toBe(availableParallelism());
    expect(environment.load).toHaveLength(3);
    expect(environment.stealSinceBoot).toBeLessThan(1);
    expect(Date.parse(environment.date)).toBeLessThanOrEqual(Date.now());
  });
});

describe("the gate", () => {
  test("refuses while something else is running, and says what to do", async () => {
    for (let i = 0; i < availableParallelism(); i++) {
      spinners.push(spawn(process.execPath, ["-e", "for(;;);"], { stdio: "ignore" }));
    }
    const waits: string[] = [];
    const result = await measure.syscallCost({
      guess: predict(80, "ns"),
      gate: { waitMs: 2500 },
      onProgress: ({ text }) => waits.push(text),
    });
    expect(result.status).toBe("refused");
    expect(() => outcomeOf(result)).toThrow(
      /Cannot show syscall-cost: (CPU \d was \d+ % idle|the hypervisor took)/,
    );
    expect(result).toMatchObject({ next: expect.stringContaining("stop what else is running") });
    expect(waits.some((text) => text.startsWith("waiting for a quiet machine: "))).toBe(true);
  });

  test("sees an XDP program on an interface of its own namespace", () => {
    const gate = new URL("./fixtures/gate.mjs", import.meta.url).pathname;
    const testbed = Testbed.create(twoHosts());
    try {
      const reason = (): unknown => JSON.parse(testbed.inside("b", process.execPath, gate));
      expect(reason()).toBeNull();
      attachXdp(testbed, "b", loadCounter("PASS"));
      expect(reason()).toBe("an XDP program that is not ours is attached to veth-b");
    } finally {
      testbed.close();
    }
  });
});

describe("measured figures", () => {
  test("put a system call between a function call and a context switch", async () => {
    const params = { gate: anyMachine, rounds: 10 };
    const crossing = outcomeOf(await measure.syscallCost({ guess: predict(80, "ns"), ...params }));
    const switches = outcomeOf(await measure.contextSwitch({ guess: predict(1, "µs"), ...params }));
    expect(crossing.functionCall.ns * 5).toBeLessThan(crossing.syscallGetppid.ns);
    expect(crossing.vdsoClock.ns).toBeLessThan(crossing.forcedClock.ns);
    expect(crossing.syscallGetppid.ns * 2).toBeLessThan(switches.contextSwitch.ns);
    expect(switches.pipeCopy.ns).toBeLessThan(switches.contextSwitch.ns);
  });

  test("put a cache miss above a hit, and a long copy above a short one", async () => {
    const params = { gate: anyMachine, rounds: 10 };
    const parts = outcomeOf(await measure.componentCosts({ guess: predict(30, "ns"), ...params }));
    expect(parts.cacheHit.ns * 5).toBeLessThan(parts.cacheMiss.ns);
    const sweep = { ...params, sizes: [64, 65_536], guessedBytes: 64 };
    const { points } = outcomeOf(await measure.payloadSweep({ guess: predict(1, "µs"), ...sweep }));
    expect(points[0]!.pipeCopy.ns).toBeLessThan(points[1]!.pipeCopy.ns);
    expect(points[1]!.writeNull.ns * 2).toBeLessThan(points[1]!.pipeCopy.ns);
  });

  test("put a line that another core wrote above one that nobody else wants, and a far copy above a near one", async () => {
    const params = { gate: anyMachine, rounds: 10 };
    const shared = outcomeOf(await measure.sharedLines({ guess: predict(100, "ns"), ...params }));
    expect(shared.atomicAlone.ns * 3).toBeLessThan(shared.lineTransfer.ns);
    expect(new Set(shared.cpus).size).toBe(2);
    const sizes = { sizes: [4096, 64 * 1024 * 1024], copies: [1518] };
    const { steps, copies } = outcomeOf(
      await measure.cacheLadder({ guess: predict(100, "ns"), ...params, ...sizes }),
    );
    expect(steps[0]!.access.ns * 5).toBeLessThan(steps[1]!.access.ns);
    expect(copies[0]!.near.ns).toBeLessThan(copies[0]!.far.ns);
  });

  test("put waking a thread above a call, whatever it is woken by", async () => {
    const costs = outcomeOf(
      await measure.contextSwitch({ guess: predict(1, "µs"), gate: anyMachine, rounds: 10 }),
    );
    for (const place of [costs.oneCpu, costs.twoCpus!]) {
      for (const { ns } of Object.values(place)) expect(ns).toBeGreaterThan(2 * costs.syscallGetppid.ns);
    }
  });

  test("are slower after system calls than before", async () => {
    const params = { gate: anyMachine, rounds: 10, calls: [0, 16] };
    const { points } = outcomeOf(await measure.pollution({ guess: predict(1, "×"), ...params }));
    expect(points[1]!.slowdown).toBeGreaterThan(1);
  });

  test("come with everything that is needed to doubt them, in a file", async () => {
    const result = await measure.compareKernels("syscallGetppid", "functionCall", {
      guess: predict([20, 200], "×"),
      gate: anyMachine,
      pairs: 12,
    });
    expect(outcomeOf(result).result).toMatchObject({ verdict: "supports", n: 12 });
    const saved = JSON.parse(readFileSync(`.ringside/results/${result.id}.json`, "utf8"));
    expect(saved).toEqual(JSON.parse(JSON.stringify(result)));
    expect(result.id).toMatch(/^r-compare-kernels-\d{8}-[0-9a-f]{8}$/);
    expect(result.environment.kernel).toBeTruthy();
  });

  test("of identical code are never found different in turns", async () => {
    const noise = await measure.noiseFloor({ guess: predict(3, "%"), gate: anyMachine, pairs: 20 });
    expect(outcomeOf(noise).inTurns.verdict).toBe("inconclusive");
  });
});

describe("a full disk", () => {
  test("costs the file and not the measurement", () => {
    const mount = resolve("full");
    execFileSync("mkdir", [mount]);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "ringside-test", mount]);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    try {
      writeFileSync(join(mount, "ballast"), Buffer.alloc(4096));
      const large = { id: "r-large", params: { text: "x".repeat(20_000) } } as unknown as Result<unknown>;
      expect(saveResult(large, join(mount, "results"))).toBeNull();
      expect(warn.mock.calls[0]![0]).toContain("the disk is full; the results are shown but not kept");
      expect(
        readdirSync(mount, { recursive: true }).filter((name) => String(name).includes("r-large")),
      ).toEqual([]);
    } finally {
      warn.mockRestore();
      execFileSync("umount", [mount]);
    }
  });
});
