// Which of the wanted paths this machine can open, and why not the others: a comparison goes on without them and says so.
import { describeMissing, type Path, type PathName, pathsAvailable } from "../paths/index.js";
import type { Probe } from "../sys/index.js";

/** A path that this machine cannot open, or that failed here. */
export interface PathMissing extends Pick<Path, "name" | "title"> {
  readonly reason: string;
}

/**
 * Chooses.
 *
 * @param wanted all that there are where empty
 * @param probes of this machine; asked for unless given
 * @throws RangeError where none of them can be opened here.
 */
export async function choosePaths(
  wanted: readonly PathName[],
  probes?: readonly Probe[],
): Promise<{ found: Path[]; missing: PathMissing[] }> {
  const all = (await pathsAvailable(probes)).filter(
    ({ path }) => wanted.length === 0 || wanted.includes(path.name),
  );
  const found = all.filter(({ missing }) => missing.length === 0).map(({ path }) => path);
  const missing = all
    .filter(({ missing }) => missing.length > 0)
    .map(({ path: { name, title }, missing }) => ({ name, title, reason: describeMissing(missing) }));
  if (found.length === 0) throw noneLeft(missing);
  return { found, missing };
}

/** What to throw where no path is left to compare. */
export function noneLeft(missing: readonly PathMissing[]): RangeError {
  const why = missing.map(({ title, reason }) => `${title}: ${reason}`).join("; ");
  return new RangeError(
    `Cannot compare paths: none of them can be opened here: ${why} -> run npx ringside doctor`,
  );
}
