// Every test file belongs to one of vitest.config.ts's projects, and a live one to `live-pairs` only where it can bear another beside it.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import config from "../vitest.config.js";

interface Project {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  readonly maxWorkers?: number | string;
  readonly fileParallelism?: boolean;
  readonly sequence?: { readonly groupOrder: number };
}

const { test: whole } = config as { test: { projects: { test: Project }[] } };
const [pure, live, pairs] = whole.projects.map((project) => project.test) as [Project, Project, Project];

/** What a file has that times, counts the machine's events, or looks for what is left on it or removes it. */
const ALONE =
  /from "ringside\/(measure|paths|trace|claims)"|leftovers|traces\(|"reset"|"workshop"|performance\.now|toBeLessThan\(/;

test("each file is in one project, and no project begins before the one before it has ended", () => {
  expect([pure, live, pairs].map(({ name }) => name)).toEqual(["pure", "live", "live-pairs"]);
  expect(pure.exclude).toEqual(live.include);
  expect(live.exclude).toEqual(pairs.include);
  expect([pure, live, pairs].map(({ sequence }) => sequence?.groupOrder ?? 0)).toEqual([0, 1, 2]);
  expect([live.fileParallelism, pairs.maxWorkers]).toEqual([false, 2]);
});

test.each(pairs.include)(
  "%s is there, and neither measures nor counts what another file would change",
  (file) => {
    expect(file).toMatch(/\.live\.test\.ts$/);
    expect(existsSync(resolve(file))).toBe(true);
    expect(readFileSync(resolve(file), "utf8").match(ALONE)?.[0]).toBeUndefined();
  },
);
