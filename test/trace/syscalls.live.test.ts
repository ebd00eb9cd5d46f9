import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { libc, probeAll, threadId } from "ringside/sys";
import { countDuring, startTrace } from "ringside/trace";
import { describe, expect, test, vi } from "vitest";

const getppid = libc.declare("int getppid()");
const clockGettime = libc.declare("int clock_gettime(int clock, _Out_ uint8_t *time)");
const CLOCK_MONOTONIC = 1;

describe("counting system calls", () => {
  test("counts each call of this thread, and none of the tracer's own", async () => {
    getppid();
    const { result, counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      let parent = 0;
      for (let i = 0; i < 1000; i++) parent = getppid() as number;
      return parent;
    });
    expect(result).toBe(process.ppid);
    expect(counts.uncounted).toBe(0);
    expect(counts.syscalls.byName.getppid).toBe(1000);
    expect(counts.syscalls.byName.bpf).toBeUndefined();
  });

  test("sees no entry for a clock that the vDSO answers, and each for one that it cannot", async () => {
    const inUserSpace = (await probeAll()).find(({ name }) => name === "clock")?.state === "yes";
    const time = new Uint8Array(16);
    clockGettime(CLOCK_MONOTONIC, time);
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      for (let i = 0; i < 1000; i++) clockGettime(CLOCK_MONOTONIC, time);
    });
    expect(counts.syscalls.byName.clock_gettime ?? 0).toBe(inUserSpace ? 0 : 1000);
  });

  test("says how long the calls of a kind took, sleep included", async () => {
    const poll = libc.declare("int poll(uintptr_t entries, unsigned long count, int timeoutMs)");
    poll(0, 0, 0);
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      for (let i = 0; i < 3; i++) poll(0, 0, 20);
      for (let i = 0; i < 100; i++) getppid();
    });
    const ms = (wanted: string): number =>
      counts.syscalls.calls.find(({ name }) => name === wanted)!.insideNs / 1e6;
    expect(ms("poll")).toBeGreaterThanOrEqual(60);
    expect(ms("getppid")).toBeGreaterThan(0);
    expect(ms("getppid")).toBeLessThan(ms("poll"));
  });

  test("counts a call once that a stop interrupted and the kernel entered again, also one that slept before", async () => {
    const reader = spawn("sh", ["-c", "read line; echo; read line"], { stdio: ["pipe", "pipe", "inherit"] });
    const pids = [reader.pid!];
    const asleep = () =>
      vi.waitFor(() => expect(readFileSync(`/proc/${pids[0]}/wchan`, "utf8")).toMatch(/read/));
    const stopAndGoOn = async () => {
      reader.kill("SIGSTOP");
      await vi.waitFor(() => expect(readFileSync(`/proc/${pids[0]}/stat`, "utf8")).toMatch(/\) T /));
      reader.kill("SIGCONT");
      await asleep();
    };
    try {
      await asleep();
      const { counts } = await countDuring({ syscalls: { pids } }, async () => {
        await stopAndGoOn();
        reader.stdin.write("\n");
        await once(reader.stdout, "data");
        await asleep();
        await stopAndGoOn();
        await stopAndGoOn();
      });
      const read = counts.syscalls.calls.find(({ name }) => name === "read");
      expect(read).toMatchObject({ calls: 1, restarts: 3 });
    } finally {
      reader.kill("SIGKILL");
    }
  });

  test("names the thread that called when a process is watched", async () => {
    const { counts } = await countDuring({ syscalls: { pids: [process.pid] } }, () => void getppid());
    const call = counts.syscalls.calls.find(({ name }) => name === "getppid");
    expect(call).toMatchObject({ tid: threadId(), calls: 1 });
  });

  test("goes on counting until stop, and has only the counts that were asked for", () => {
    const trace = startTrace({ syscalls: { tids: [threadId()] } });
    getppid();
    expect(trace.read().syscalls.byName.getppid).toBe(1);
    getppid();
    const counts = trace.stop();
    expect(counts.syscalls.byName.getppid).toBe(2);
    expect(Object.keys(counts).sort()).toEqual(["syscalls", "uncounted"]);
  });

  test("refuses to watch nobody, or a number that is no id", () => {
    expect(() => startTrace({ syscalls: {} })).toThrow("Cannot watch nobody");
    expect(() => startTrace({ syscalls: { tids: [-1] } })).toThrow("Cannot watch thread or process -1");
  });

  test("passes on what the experiment throws", async () => {
    const failing = countDuring({ syscalls: { tids: [threadId()] } }, () => {
      throw new Error("the experiment failed");
    });
    await expect(failing).rejects.toThrow("the experiment failed");
  });
});
