// A newcomer's first quarter of an hour on the course page: opens it, runs 00 and 20, predicts, sees the figure move, fails an
// exercise, reads the hint, mends it, passes, and finds all of it again after a reload.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { PROGRESS_VARIABLE } from "ringside/progress";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnCourse, openOwnCourse, replaceCode, runCell, runState, SCREENSHOTS } from "./own-course.js";

let course: OwnCourse;
let tab: Page;
const progress = mkdtempSync(join(tmpdir(), "ringside-test-progress-"));
const before = process.env[PROGRESS_VARIABLE];
const complaints: string[] = [];

beforeAll(async () => {
  process.env[PROGRESS_VARIABLE] = progress;
  course = await openOwnCourse(["00-start-here", "20-one-skb-per-packet"]);
  tab = await course.open("/");
  await tab.setViewportSize({ width: 1500, height: 1000 });
  tab.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(error.message));
});
afterAll(async () => {
  await course?.close();
  rmSync(progress, { recursive: true, force: true });
  if (before === undefined) delete process.env[PROGRESS_VARIABLE];
  else process.env[PROGRESS_VARIABLE] = before;
});

/** The number, from 1, of the code cell that holds a text. */
async function cellWith(text: string): Promise<number> {
  const cells = await tab.locator(".cell.code .cm-content").allInnerTexts();
  const at = cells.findIndex((code) => code.includes(text));
  expect(at, `a cell with ${text}`).toBeGreaterThanOrEqual(0);
  return at + 1;
}

async function runAll(): Promise<void> {
  await tab.getByRole("button", { name: "Run all" }).click();
  await tab.locator('[data-run="queued"], [data-run="running"]').first().waitFor();
  await expect
    .poll(() => tab.locator('[data-run="queued"], [data-run="running"]').count(), { timeout: 120_000 })
    .toBe(0);
}

test("begins where the page says, and runs notebook 00", { timeout: 150_000 }, async () => {
  await tab.getByRole("link", { name: "Begin: Start here" }).click();
  await tab.getByRole("heading", { name: "Start here" }).waitFor();
  await tab.locator('.kernel[data-state="idle"]').waitFor();
  await runAll();
  expect(await tab.locator('.cell.code:not([data-run="ok"])').count()).toBe(0);
  await tab.getByRole("navigation", { name: "Course" }).getByText("all cells run").waitFor();
});

test("predicts in notebook 20, and sees the figure move while packets are counted", {
  timeout: 150_000,
}, async () => {
  await tab.getByRole("link", { name: "One skb per packet" }).click();
  await tab.locator('.kernel[data-state="idle"]').waitFor();
  const guess = await cellWith("drop: predict(");
  await replaceCode(
    tab,
    guess,
    'const guesses = {\n  drop: predict(7, "skbs"),\n  pass: predict(65_536, "skbs"),\n  afXdp: predict(1, "skbs"),\n  fullSocket: predict(500, "skbs"),\n};',
  );
  await tab.evaluate(`(() => {
    window.pictures = new Set();
    const look = () => document.querySelectorAll(".output-figure svg").forEach((svg) => window.pictures.add(svg.outerHTML.length + svg.textContent));
    new MutationObserver(look).observe(document.querySelector(".cells"), { childList: true, subtree: true });
  })()`);
  await runAll();
  expect(await tab.locator('.cell.code:not([data-run="ok"])').count()).toBe(0);
  const figures = await tab.locator(".output-figure svg").count();
  expect(figures).toBeGreaterThan(3);
  // More pictures than figures: at least one of them was drawn anew while its cell ran.
  expect(Number(await tab.evaluate("window.pictures.size"))).toBeGreaterThan(figures + 2);
});

test("fails an exercise, reads the hint, mends the code, passes, and still has it after a reload", {
  timeout: 90_000,
}, async () => {
  const number = await cellWith("const findImmortal");
  const check = tab
    .locator(".cell.code")
    .nth(number - 1)
    .locator(".check");
  await check.getByText("Not yet").waitFor();
  expect(await check.locator(".hint").innerText()).toMatch(/^Hint/);
  await check.scrollIntoViewIfNeeded();
  await tab.screenshot({ path: join(SCREENSHOTS, "course-hint.png") });
  await replaceCode(
    tab,
    number,
    `const findImmortal: FindImmortal = (events) => {
  const alive = new Map<string, number>();
  for (const { event, address, atUs } of events) {
    if (event === "alloc") alive.set(address, atUs);
    else alive.delete(address);
  }
  return [...alive.values()];
};
display(await check("20-one-skb-per-packet/the-buffer-that-never-dies", findImmortal));`,
  );
  await runCell(tab, number);
  await check.getByText("Passed").waitFor();
  await runState(tab, number, "ok");
  await tab.getByRole("navigation", { name: "Course" }).getByText("1 of 2 exercises passed").waitFor();
  await tab.reload();
  await tab
    .locator(".cell.code")
    .nth(number - 1)
    .getByText("alive.delete(address)")
    .waitFor();
  await check.getByText("Passed").waitFor();
  await tab.getByRole("navigation", { name: "Course" }).getByText("1 of 2 exercises passed").waitFor();
  await tab.screenshot({ path: join(SCREENSHOTS, "course-passed.png") });
});

test("meets no error on the way", () => {
  expect(complaints).toEqual([]);
});
