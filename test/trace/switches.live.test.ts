import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { threadId } from "ringside/sys";
import { countDuring, startTrace } from "ringside/trace";
import { describe, expect, test } from "vitest";

interface Switches {
  readonly voluntary: number;
  readonly involuntary: number;
}

/** What the kernel itself counts. */
function ofKernel(tid: number): Switches {
  const status = readFileSync(`/proc/${process.pid}/task/${tid}/status`, "utf8");
  const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)![1]);
  return {
    voluntary: value("voluntary_ctxt_switches"),
    involuntary: value("nonvoluntary_ctxt_switches"),
  };
}

describe("counting context switches", () => {
  test("agrees with the kernel's own count of this thread", async () => {
    const tid = threadId();
    const never = new Int32Array(new SharedArrayBuffer(4));
    let before = ofKernel(tid);
    let after = before;
    const { counts } = await countDuring({ switches: { tids: [tid] } }, () => {
      before = ofKernel(tid);
      for (let i = 0; i < 50; i++) Atomics.wait(never, 0, 0, 1);
      after = ofKernel(tid);
    });
    const ours = counts.switches.find((row) => row.tid === tid)!;
    // The windows differ by the few system calls that read the file: none of them waits for anything.
    expect(ours.voluntary).toBe(after.voluntary - before.voluntary);
    expect(ours.voluntary).toBeGreaterThanOrEqual(50);
    expect(ours.involuntary).toBeGreaterThanOrEqual(after.involuntary - before.involuntary);
  });

  test("counts every thread of a watched process that is not our own", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      await once(child, "spawn");
      const trace = startTrace({ switches: { pids: [child.pid!] } });
      child.kill("SIGTERM");
      await once(child, "exit");
      const { switches, uncounted } = trace.stop();
      expect(switches.map(({ tid }) => tid)).toEqual([child.pid]);
      expect(uncounted).toBe(0);
      expect(trace.stop().switches).toEqual(switches);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
