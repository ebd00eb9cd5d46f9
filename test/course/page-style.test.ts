// The page's style is part of what a measurement runs beside: a browser on the same machine draws whatever moves.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("nothing on the page moves without end", () => {
  const style = readFileSync("lab/src/course/browser/page.css", "utf8");
  expect(style).toContain('[data-run="running"]');
  expect(style).not.toMatch(/\binfinite\b|@keyframes/);
});
