// The kernel's thread behind a cpumap: it is found, and what CPU time it has had is the path's, from the first packet to the last.
import { readFileSync } from "node:fs";
import { type PathName, Stage } from "ringside/paths";
import { allowedCpus } from "ringside/sys";
import { describe, expect, test } from "vitest";

const PACKETS = 100_000;

async function onStage<T>(path: PathName, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open({ path });
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

const cpuNsOf = (tid: number): number => Number(readFileSync(`/proc/${tid}/schedstat`, "utf8").split(" ")[0]);

describe.each(["xdp-cpumap", "xdp-cpumap-generic"] as const)("%s", (path) => {
  test("is ended by the kernel's thread of its own map on the consumer's CPU", async () => {
    // Two are open at once: each must find its own.
    await onStage(path, (stage) =>
      onStage("xdp-cpumap", async (other) => {
        const tids = [stage.far.tid!, other.far.tid!];
        expect(new Set(tids).size).toBe(2);
        for (const tid of tids) {
          expect(readFileSync(`/proc/${tid}/comm`, "utf8")).toMatch(
            new RegExp(`^cpumap/${stage.cpus.consumer}/map:\\d+\\n$`),
          );
          expect(allowedCpus(tid)).toEqual([stage.cpus.consumer]);
        }
      }),
    );
  });

  test("is charged what that thread used, which is more for more packets and nothing for none", async () => {
    await onStage(path, async (stage) => {
      const tid = stage.far.tid!;
      const used: number[] = [];
      for (const frames of [PACKETS, PACKETS / 10]) {
        const before = cpuNsOf(tid);
        const run = await stage.run({ frames, inFlight: 512 });
        const after = cpuNsOf(tid);
        expect(run).toMatchObject({ received: frames, losses: [], unaccounted: 0 });
        // Nothing came before the run or after it, so the thread slept: all its time is the run's.
        expect(run.cpuNs.consumer).toBe(after - before);
        expect(run.cpuNs.consumer).toBeLessThan((run.seconds + 1) * 1e9);
        used.push(run.cpuNs.consumer!);
      }
      expect(used[1]).toBeGreaterThan(0);
      expect(used[0]).toBeGreaterThan(2 * used[1]!);
    });
  });
});

test("a verdict that the softirq carries out has no such thread", async () => {
  const run = await onStage("xdp-drop", (stage) => {
    expect(stage.far.tid).toBeNull();
    return stage.run({ frames: 1000, inFlight: 512 });
  });
  expect(run.cpuNs.consumer).toBeNull();
});
