import { countDuring } from "../trace/index.js";
import type { RunSpec, RunTally, Stand } from "./stand.js";

/** A run, and the system calls that its servers made while it was served. */
export interface CountedRun {
  readonly tally: RunTally;
  readonly calls: number;
  /** Calls by name, over all servers. */
  readonly byName: Readonly<Record<string, number>>;
  /** Calls that were seen and not counted: 0 where the counts are exact. */
  readonly uncounted: number;
}

/** Runs a load and counts every system call of its servers' threads. @throws what the run threw; Error where a connection failed */
export async function countCalls(stand: Stand, spec: RunSpec): Promise<CountedRun> {
  let counted = { calls: 0, byName: {} as Readonly<Record<string, number>>, uncounted: 0 };
  const tally = await stand.run(spec, async (play, tids) => {
    const { counts } = await countDuring({ syscalls: { tids } }, play);
    counted = { calls: counts.syscalls.total, byName: counts.syscalls.byName, uncounted: counts.uncounted };
  });
  const failed = Object.entries(tally.errors).map(([name, count]) => `${count} with ${name}`);
  if (failed.length > 0)
    throw new Error(
      `Cannot count the calls of ${spec.design}: connections failed, ${failed.join(", ")} -> run it again on a quieter machine`,
    );
  return { tally, ...counted };
}
