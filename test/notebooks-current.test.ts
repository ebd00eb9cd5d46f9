import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { buildAll, notebookSources } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const NOTEBOOKS = resolve(import.meta.dirname, "../notebooks");

const built = buildAll(`${NOTEBOOKS}/src`, NOTEBOOKS, "learner");

describe("the notebooks that learners open", () => {
  test.each(built.map(({ path, text }) => [basename(path), path, text]))(
    "%s is what its source builds (else: npx ringside nb build)",
    (_name, path, text) => {
      expect(existsSync(path)).toBe(true);
      // Not toEqual: a diff of two whole notebooks tells nobody anything.
      expect(readFileSync(path, "utf8") === text).toBe(true);
    },
  );

  test("have a source each", () => {
    const sources = notebookSources(`${NOTEBOOKS}/src`).map((path) => basename(path, ".ts"));
    const files = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));
    expect(files.map((name) => basename(name, ".ipynb")).filter((slug) => !sources.includes(slug))).toEqual(
      [],
    );
  });

  test("stand in the README's table, in their order", () => {
    const readme = readFileSync(resolve(NOTEBOOKS, "../README.md"), "utf8");
    const rows = [...readme.matchAll(/^\| `(\d\d-[a-z0-9-]+)` \|/gm)].map(([, slug]) => slug);
    expect(rows).toEqual(notebookSources(`${NOTEBOOKS}/src`).map((path) => basename(path, ".ts")));
  });
});
