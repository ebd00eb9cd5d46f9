// Measurements save their results under the working directory. A test file that measures works in a scratch folder, so
// that what it saves is gone with it and a learner's own results stay a learner's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/**
 * Makes a new, empty folder the working directory while the tests of this file run, and removes it after them.
 *
 * @param name a word for the folder's name, e.g. `claims`
 */
export function workInScratch(name: string): void {
  const home = process.cwd();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `ringside-${name}-`));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
}
