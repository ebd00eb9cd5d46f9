// A room in Chromium, with real kernels: an instructor, learners with hostile names, each with a kernel, namespaces and files of
// his own; four measure at once and take turns; the server ends and comes back, and nobody joins anew.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { CellView, NotebookView, RoomView } from "ringside/course";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seriousViolations, tabTo } from "../axe.js";
import { launchChromium } from "../chromium.js";
import { cell as cellOf, replaceCode, runCell, runState } from "../course/own-course.js";
import { openRelay } from "../course/relay.js";
import { Client, MEASURES, OwnWorkshop, SCREENSHOTS } from "./own-workshop.js";

const HOSTILE = "<img src=x onerror=window.hacked=1>";

let own: OwnWorkshop;
let browser: Browser;
let board: Page;
let ada: Page;
let mallory: Page;
const complaints: string[] = [];

beforeAll(async () => {
  own = await OwnWorkshop.open();
  browser = await launchChromium();
  board = await own.board(browser, { viewport: { width: 1500, height: 1000 } });
  ada = await own.join(browser, "Ada", { viewport: { width: 1500, height: 1000 } });
  mallory = await own.join(browser, HOSTILE, { viewport: { width: 390, height: 844 } });
  for (const page of [board, ada, mallory]) page.on("pageerror", (error) => complaints.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await own?.close();
});

test("a wrong or hostile code is refused in words, and nothing typed becomes markup", async () => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await page.goto(`${own.address}/`);
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByLabel("Code of the room").fill("<b>x</b>");
  await page.getByLabel("Your name").fill("Eve");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("This is not the room's code").waitFor();
  await page.screenshot({ path: join(SCREENSHOTS, "workshop-join-phone.png") });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1500, height: 1000 });
  expect(await seriousViolations(page)).toEqual([]);
  await page.screenshot({ path: join(SCREENSHOTS, "workshop-join-dark.png") });
  await page.context().close();
  const row = board.getByRole("row", { name: HOSTILE });
  await row.waitFor();
  expect(await board.evaluate("window.hacked")).toBeUndefined();
  expect(await board.locator("img").count()).toBe(0);
});

test("30 notebooks that are read need no kernel; a section reaches every page, by keyboard too", async () => {
  await board.getByRole("button", { name: "Begin section 1, First" }).focus();
  await board.keyboard.press("Enter");
  for (const page of [ada, mallory]) {
    await page.getByRole("link", { name: "Go there" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".cell.code").first().waitFor();
    await page.getByText("left").waitFor();
  }
  expect(own.seen().machine.kernels).toBe(0);
  await ada.locator(".cm-content").first().click();
  await ada.keyboard.press("Control+End");
  await ada.keyboard.type("\nconsole.l");
  await ada.getByText("Saved").waitFor();
  expect(own.seen().machine.kernels).toBe(0);
});

test("each has variables, folder and copy of his own, and sees nothing of the other", async () => {
  const code = (mine: string): string =>
    `const mine = ${JSON.stringify(mine)}; console.log(mine, process.cwd().split("/").at(-1));`;
  await replaceCode(ada, 1, code("of Ada"));
  await replaceCode(mallory, 1, code("of Mallory"));
  await Promise.all([runCell(ada, 1), runCell(mallory, 1)]);
  await ada.locator(".output-text").getByText("of Ada 01").waitFor();
  await mallory.locator(".output-text").getByText("of Mallory 02").waitFor();
  await replaceCode(mallory, 2, "console.log(typeof mine, mine);");
  await runCell(mallory, 2);
  await mallory.locator(".output-text").getByText("string of Mallory").waitFor();
  expect(await ada.content()).not.toContain("of Mallory");
  await board.getByRole("row", { name: "Ada" }).getByText("cell 1 of 2, ok").waitFor();
});

test("a cell that reads its neighbour's folder, the room's secrets or Jupyter's token finds none of them", async () => {
  const look = `const { readdirSync, readFileSync } = require("node:fs");
const paths = ["../01/10-small.ipynb", "../../room.json", "../../course/10-small.ipynb"];
const found = paths.map((path) => { try { return readFileSync(path).length > 0; } catch (error) { return (error as { code: string }).code; } });
const kernels = readdirSync(require("node:path").dirname(process.argv.at(-1))).length;
console.log(found.join(), readdirSync("..").join(), kernels, process.env.JUPYTER_TOKEN);`;
  await replaceCode(mallory, 2, look);
  await runCell(mallory, 2);
  await expect
    .poll(() => cellOf(mallory, 2).locator(".output-text").innerText())
    .toContain("ENOENT,ENOENT,ENOENT 02 1 undefined");
  await replaceCode(mallory, 2, `require("node:fs").writeFileSync("../01/10-small.ipynb", "gone");`);
  await runCell(mallory, 2);
  await mallory.locator(".output-error").getByText("ENOENT").waitFor();
  expect(readFileSync(join(own.folder, "learners/01/10-small.ipynb"), "utf8")).toContain("of Ada");
  await replaceCode(mallory, 2, "console.log(typeof mine, mine);");
});

test("a learner who goes to another notebook takes the kernel along: there is one each", async () => {
  await ada.goto(`${own.address}/n/20-one-skb-per-packet`);
  await replaceCode(ada, 1, "console.log('in 20');");
  await runCell(ada, 1);
  await runState(ada, 1, "ok");
  await expect.poll(() => own.seen().machine.kernels).toBe(2);
});

test("a hand goes up on the board, and a released solution appears beside its cell", async () => {
  await mallory.getByRole("button", { name: "Raise hand" }).click();
  await board.getByText("hand up, just now").waitFor();
  await board.getByRole("button", { name: "Release solution of the buffer that never dies" }).click();
  await ada.getByText("The solution").click();
  await ada.locator(".solution pre").getByText("alive.delete(address)").waitFor();
  expect(await mallory.locator(".solution").count()).toBe(0);
  await board.getByRole("button", { name: /^Seen, lower the hand of/ }).click();
  await mallory.getByRole("button", { name: "Raise hand" }).waitFor();
});

test("no serious finding of axe-core on board and pages, nothing wider than a phone", async () => {
  for (const [page, name] of [
    [board, "board"],
    [ada, "learner"],
    [mallory, "learner-phone"],
  ] as const) {
    expect(await seriousViolations(page), name).toEqual([]);
    await page.screenshot({ path: join(SCREENSHOTS, `workshop-${name}.png`) });
  }
  await board.emulateMedia({ colorScheme: "dark" });
  await ada.emulateMedia({ colorScheme: "dark" });
  await board.setViewportSize({ width: 390, height: 844 });
  for (const [page, name] of [
    [board, "board-phone-dark"],
    [ada, "learner-dark"],
  ] as const) {
    expect(await seriousViolations(page), name).toEqual([]);
    await page.screenshot({ path: join(SCREENSHOTS, `workshop-${name}.png`) });
  }
  for (const page of [board, mallory]) {
    expect(Number(await page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(390);
  }
  await board.setViewportSize({ width: 1500, height: 1000 });
  expect(complaints).toEqual([]);
});

test("the keyboard alone joins, and on the board begins a section, gives it minutes and closes the door", async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${own.address}/`);
  // The page may have put the focus into the form already.
  await page.evaluate("document.activeElement.blur()");
  await tabTo(page, "Code of the room");
  await page.keyboard.type(own.workshop.room.code);
  await tabTo(page, "Your name");
  await page.keyboard.type("Keys");
  await tabTo(page, "Join");
  await page.keyboard.press("Enter");
  await page.locator(".cards").waitFor();
  await page.context().close();
  const orders = [
    ["Begin section 2, One skb", () => own.workshop.room.now?.section === 1],
    ["+5 min", () => own.seen().leftMs > 20 * 60_000],
    ["Close the door", () => !own.workshop.room.doorOpen],
    ["Open the door", () => own.workshop.room.doorOpen],
  ] as const;
  for (const [name, isDone] of orders) {
    await board.getByRole("button", { name }).waitFor();
    await board.evaluate("document.activeElement.blur()");
    await tabTo(board, name);
    await board.keyboard.press("Enter");
    await expect.poll(isDone, { message: name }).toBe(true);
  }
});

test("a board whose network is gone says so, and goes on once it is back", async () => {
  const relay = await openRelay(own.workshop.port);
  const page = await (await browser.newContext()).newPage();
  try {
    const address = new URL(own.workshop.boardUrl);
    address.port = String(relay.port);
    await page.goto(address.href);
    await page.getByRole("row", { name: "Ada" }).waitFor();
    relay.hold();
    await page.getByText("The workshop does not answer").waitFor();
    relay.mend();
    await page.getByText("The workshop does not answer").waitFor({ state: "hidden" });
  } finally {
    await page.context().close();
    await relay.close();
  }
});

test("four who measure at once take turns, see the queue, and each counts his own packets", {
  timeout: 120_000,
}, async () => {
  const learners = await Promise.all(["One", "Two", "Three", "Four"].map((name) => Client.join(own, name)));
  const longest = { queue: 0 };
  const stops = await Promise.all(
    learners.map((learner) =>
      learner.listen(`/api/events?notebook=${MEASURES}`, (event) => {
        const room = (event as { room?: RoomView }).room;
        if (room !== undefined) longest.queue = Math.max(longest.queue, room.queue.length);
      }),
    ),
  );
  const cells = await Promise.all(learners.map(async (learner) => (await cell(learner)).id));
  await Promise.all(learners.map((learner, n) => learner.order(`/api/run/${MEASURES}`, { cell: cells[n] })));
  await expect
    .poll(async () => (await Promise.all(learners.map(cell))).map(({ run }) => run.state), {
      timeout: 100_000,
    })
    .toEqual(["ok", "ok", "ok", "ok"]);
  for (const learner of learners) {
    const said = (await cell(learner)).outputs.map((output) => (output.kind === "text" ? output.text : ""));
    expect(said.join("")).toContain("made 0");
  }
  expect(longest.queue).toBeGreaterThan(1);
  expect(own.seen().predictions[0]).toMatchObject({ learners: 4 });
  for (const stop of stops) stop();
});

async function cell(learner: Client): Promise<CellView> {
  const { cells } = await learner.get<NotebookView>(`/api/notebook/${MEASURES}`);
  return cells.find(({ kind }) => kind === "code")!;
}

test("the server ends and comes back: the same code, the same learners, what they wrote and passed", async () => {
  const { code } = own.workshop.room;
  await own.startAgain();
  expect(own.workshop.room.code).toBe(code);
  await expect.poll(() => own.seen().learners.filter(({ here }) => here).length).toBeGreaterThanOrEqual(2);
  await mallory.locator(".cm-content").getByText("typeof mine, mine").waitFor();
  await replaceCode(mallory, 2, "console.log('after');");
  await runCell(mallory, 2);
  await mallory.locator(".output-text").getByText("after").waitFor();
  await board.getByRole("row", { name: "Ada" }).waitFor();
  expect(own.workshop.results()).toContain("skb-count");
});
