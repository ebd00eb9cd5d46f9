// Which of the wanted paths this machine can open, and why not the others: a comparison goes on without them and says so.
import { describeMissing, type Path, type PathName, pathsAvailable } from "../paths/index.js";

/** A path that this machine cannot open. */
export interface PathMissing extends Pick<Path, "name" | "title"> {
  readonly reason: string;
}

/**
 * Chooses.
 *
 * @param wanted all that there are where empty
 * @throws RangeError where none of them can be opened here.
 */
export async function choosePaths(
  wanted: readonly PathName[],
): Promise<{ found: Path[]; missing: PathMissing[] }> {
  const all = (await pathsAvailable()).filter(
    ({ path }) => wanted.length === 0 || wanted.includes(path.name),
  );
  const found = all.filter(({ missing }) => missing.length === 0).map(({ path }) => path);
  const missing = all
    .filter(({ missing }) => missing.length > 0)
    .map(({ path: { name, title }, missing }) => ({ name, title, reason: describeMissing(missing) }));
  if (found.length > 0) return { found, missing };
  throw new RangeError(
    `Cannot compare paths: none of them can be opened here: ${missing.map(({ title, reason }) => `${title}: ${reason}`).join("; ")} -> run npx ringside doctor`,
  );
}
