// The kernel's thread that runs an io_uring's receive: its CPU time is told beside the program's, and nobody else has one.
import { readdirSync, readFileSync } from "node:fs";
import { type PathName, type Run, Stage } from "ringside/paths";
import { describe, expect, test } from "vitest";

const PACKETS = 100_000;
const TASKS = "/proc/self/task";

/** CPU time of each of this process's threads so named, in ns. */
function pollers(): Map<string, number> {
  const tids = readdirSync(TASKS).filter((tid) =>
    readFileSync(`${TASKS}/${tid}/comm`, "utf8").startsWith("iou-sqp-"),
  );
  return new Map(
    tids.map((tid) => [tid, Number(readFileSync(`${TASKS}/${tid}/schedstat`, "utf8").split(" ")[0])]),
  );
}

async function runOn(path: PathName, language: "typescript" | "c"): Promise<{ run: Run; used: number }> {
  const others = new Set(pollers().keys());
  const stage = await Stage.open({ path, language });
  try {
    const sum = (): number =>
      [...pollers()].filter(([tid]) => !others.has(tid)).reduce((total, [, ns]) => total + ns, 0);
    const before = sum();
    const run = await stage.run({ frames: PACKETS, inFlight: 512 });
    return { run, used: sum() - before };
  } finally {
    await stage.close();
  }
}

describe("the kernel's thread behind SQPOLL", () => {
  test.each(["typescript", "c"] as const)(
    "its CPU time is the run's, the loop being in %s",
    async (language) => {
      const { run, used } = await runOn("io-uring-sqpoll", language);
      expect(run).toMatchObject({ received: PACKETS, losses: [], unaccounted: 0 });
      expect(run.cpuNs.helper).toBeGreaterThan(0);
      expect(run.cpuNs.helper).toBeLessThanOrEqual(used);
      expect(run.cpuNs.helper).toBeGreaterThan(PACKETS * 50); // it receives each of them
      expect(run.cpuNs.helper).toBeLessThan((run.seconds + 1) * 1e9);
    },
  );

  test("where we make the calls ourselves there is none", async () => {
    const { run, used } = await runOn("io-uring-multishot", "typescript");
    expect([run.cpuNs.helper, used]).toEqual([null, 0]);
  });
});
