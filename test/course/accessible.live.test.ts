// The course page without a mouse, to a screen reader, in the dark and on a phone. The screenshots that people look at are made
// here; they land in .ringside/screenshots.
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seriousViolations } from "../axe.js";
import { cell, type OwnCourse, openOwnCourse, runState, SCREENSHOTS } from "./own-course.js";
import { writeCourse } from "./write-course.js";

const SLUG = "02-packet-budgets";

let course: OwnCourse;

beforeAll(async () => {
  course = await openOwnCourse(["00-start-here", SLUG]);
});
afterAll(async () => {
  await course?.close();
});

async function openIn(
  size: { width: number; height: number },
  colorScheme: "light" | "dark",
  path: string,
): Promise<Page> {
  const context = await course.browser.newContext({ viewport: size, colorScheme });
  const tab = await course.open(path, context);
  if (path !== "/") await tab.locator('.kernel[data-state="idle"]').waitFor();
  return tab;
}

test("the keyboard alone opens a notebook, writes and runs a cell, leaves it and stops another", async () => {
  const tab = await openIn({ width: 1400, height: 900 }, "light", "/");
  await tab.keyboard.press("Tab");
  expect(await tab.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Tab"); // Begin
  await tab.keyboard.press("Enter");
  await tab.locator('.kernel[data-state="idle"]').waitFor();
  await cell(tab, 1).focus();
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Control+a");
  await tab.keyboard.press("Delete");
  await tab.keyboard.type("console.log('by hand');");
  await tab.keyboard.press("Control+Enter");
  await cell(tab, 1).locator(".output-text").getByText("by hand").waitFor();
  await tab.keyboard.press("Escape");
  expect(await tab.evaluate("document.activeElement.classList.contains('code')")).toBe(true);
  await tab.keyboard.press("j");
  expect(await tab.evaluate("document.activeElement.classList.contains('cell')")).toBe(true);
  await tab.keyboard.press("k");
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Control+a");
  await tab.keyboard.press("Delete");
  await tab.keyboard.type("while (true) {{}");
  await tab.keyboard.press("Control+Enter");
  await runState(tab, 1, "running");
  await tab.getByRole("button", { name: "Stop" }).focus();
  await tab.keyboard.press("Enter");
  await runState(tab, 1, "stopped");
  await tab.context().close();
});

test.each([
  ["a mouse", {}],
  ["a finger", { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } }],
] as const)(
  "a word of the field is explained to the keyboard and to %s, until they go on",
  async (how, options) => {
    writeCourse(course.folder, "10-words", ["# The umem\n\nIts memory is the umem, in frames.", "1"]);
    const tab = await course.open("/n/10-words", await course.browser.newContext(options));
    const [word, note] = [tab.getByRole("button", { name: "umem" }), tab.locator(".term-note:popover-open")];
    expect(await note.count()).toBe(0);
    if (how === "a finger") await word.tap();
    else {
      await word.hover();
      await note.waitFor();
      await word.click();
    }
    await expect.poll(() => note.innerText()).toContain("the memory of an AF_XDP socket");
    if (how === "a finger") await tab.getByRole("heading", { level: 1 }).tap();
    else await tab.getByRole("heading", { level: 1 }).hover();
    await note.waitFor({ state: "hidden" });
    await word.focus();
    await tab.keyboard.press("Enter");
    await note.waitFor();
    await tab.keyboard.press("Escape");
    await note.waitFor({ state: "hidden" });
    await tab.context().close();
  },
);

test("the kernel completes a name and explains it", async () => {
  writeCourse(course.folder, "10-help", ["# Help", "const a = 1;"]);
  const tab = await openIn({ width: 1400, height: 900 }, "light", "/n/10-help");
  await cell(tab, 1).locator(".cm-content").click();
  await tab.keyboard.press("Control+End");
  await tab.keyboard.type("\nconsole.lo");
  await tab.locator(".cm-tooltip-autocomplete").getByText("log", { exact: true }).waitFor();
  // CodeMirror takes no answer in the first 75 ms, lest a key meant for the text accept what has just appeared.
  await tab.waitForTimeout(150);
  await tab.keyboard.press("Tab");
  await expect.poll(() => cell(tab, 1).locator(".cm-content").innerText()).toContain("console.log");
  await tab.keyboard.press("Shift+Tab");
  await tab.locator(".explanation").getByText("log").waitFor();
  await tab.context().close();
});

test("the side panel draws a testbed with its wire, and how full the rings of its socket are", async () => {
  writeCourse(course.folder, "10-rings", [
    "# Rings",
    `import { openXdpSocketOn, Testbed, twoHosts } from "ringside";
const bed = Testbed.create(twoHosts());
const socket = openXdpSocketOn(bed, "b", { ringSize: 512 });
socket.fillRing.reserve(100);
socket.fillRing.submit(100);`,
    "socket.close(); bed.close();",
  ]);
  const tab = await openIn({ width: 1500, height: 1000 }, "light", "/n/10-rings");
  await cell(tab, 1).getByRole("button", { name: "Run cell 1" }).click();
  const panel = tab.getByRole("complementary", { name: "Machine and testbeds" });
  await panel.getByText("100 of 512: empty frames for the kernel").waitFor();
  await panel.getByText("0 of 512: packets for the program").waitFor();
  await panel.getByText("wire to b").waitFor();
  await tab.screenshot({ path: join(SCREENSHOTS, "course-rings.png") });
  await cell(tab, 2).getByRole("button", { name: "Run cell 2" }).click();
  await panel.getByText("None right now").waitFor();
  await tab.context().close();
});

test.each([
  ["light", "light", 1500, 1000],
  ["dark", "dark", 1500, 1000],
  ["phone", "light", 390, 844],
] as const)(
  "%s: nothing serious for axe-core, nothing wider than the window",
  { timeout: 90_000 },
  async (name, scheme, width, height) => {
    const home = await openIn({ width, height }, scheme, "/");
    expect(await seriousViolations(home)).toEqual([]);
    await home.screenshot({ path: join(SCREENSHOTS, `course-home-${name}.png`) });
    await home.context().close();
    const tab = await openIn({ width, height }, scheme, `/n/${SLUG}`);
    await tab.getByRole("button", { name: "Run all" }).click();
    const going = tab.locator('[data-run="queued"], [data-run="running"]');
    await going.first().waitFor();
    await expect.poll(() => going.count(), { timeout: 60_000 }).toBe(0);
    expect(await seriousViolations(tab)).toEqual([]);
    expect(Number(await tab.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(width);
    await tab.screenshot({ path: join(SCREENSHOTS, `course-top-${name}.png`) });
    await tab.locator(".output-figure, .output-html").first().scrollIntoViewIfNeeded();
    await tab.screenshot({ path: join(SCREENSHOTS, `course-figure-${name}.png`) });
    await tab.context().close();
  },
);
