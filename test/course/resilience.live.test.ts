// What goes wrong while somebody learns: a reload in the middle, a kernel that dies, a server that is killed, a lost
// connection, two tabs. The page says what happened and goes on, and nothing that was typed is lost.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cell, type OwnCourse, openOwnCourse, replaceCode, runCell, runState } from "./own-course.js";
import { openRelay } from "./relay.js";
import { writeCourse } from "./write-course.js";

const SLOW = `for (let i = 0; i < 30; i++) {
  console.log("line " + i);
  await new Promise((done) => setTimeout(done, 100));
}`;

const CELLS = ["# Small", SLOW, "const a = 1;", "console.log('value', a);", "while (true) {}"];

let course: OwnCourse;
/** Each test has a notebook and a kernel of its own. */
let slug = "";
let tests = 0;
const tabs: Page[] = [];

beforeAll(async () => {
  course = await openOwnCourse([]);
});
beforeEach(() => {
  slug = `20-small-${++tests}`;
  writeCourse(course.folder, slug, CELLS);
});
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.context().close();
});
afterAll(async () => {
  await course?.close();
});

async function openTab(): Promise<Page> {
  const tab = await course.open(`/n/${slug}`, context());
  tabs.push(tab);
  await tab.waitForSelector('.kernel[data-state="idle"], .kernel[data-state="busy"]');
  return tab;
}

/** Every tab of a test shares cookies and storage, as a person's tabs do. */
function context() {
  return tabs[0]?.context();
}

const output = (tab: Page, number: number): Promise<string> =>
  cell(tab, number).locator(".outputs").innerText();

describe("while a cell runs", () => {
  test("a reload finds it running, with everything that it printed meanwhile", async () => {
    const tab = await openTab();
    await runCell(tab, 1);
    await cell(tab, 1).getByText("line 3").waitFor();
    await tab.reload();
    await runState(tab, 1, "running");
    await runState(tab, 1, "ok");
    expect((await output(tab, 1)).trim().split("\n")).toEqual(
      Array.from({ length: 30 }, (_, i) => `line ${i}`),
    );
  });

  test("the connection is lost: the page says so, and has all of it once it is back", async () => {
    const relay = await openRelay(course.page.port);
    try {
      const tab = await course.open(`/n/${slug}`, undefined, relay.port);
      tabs.push(tab);
      await runCell(tab, 1);
      await cell(tab, 1).getByText("line 3").waitFor();
      relay.cut();
      await tab.getByText("The lab does not answer").waitFor();
      relay.mend();
      await tab.getByText("The lab does not answer").waitFor({ state: "hidden" });
      await runState(tab, 1, "ok");
      expect((await output(tab, 1)).trim().split("\n")).toHaveLength(30);
    } finally {
      await relay.close();
    }
  });

  test("the network is gone, and ends no connection: the page says so, keeps what is typed, and goes on", async () => {
    const relay = await openRelay(course.page.port);
    try {
      const tab = await course.open(`/n/${slug}`, undefined, relay.port);
      tabs.push(tab);
      await runCell(tab, 1);
      await cell(tab, 1).getByText("line 3").waitFor();
      relay.hold();
      await replaceCode(tab, 2, "const a = 78;");
      await tab.getByText("Not saved yet: kept in this browser").waitFor();
      await tab.getByText("The lab does not answer").waitFor();
      const context = tab.context();
      await tab.close();
      relay.cut();
      relay.mend();
      const again = await course.open(`/n/${slug}`, context, relay.port);
      await cell(again, 2).getByText("const a = 78;").waitFor();
      await expect.poll(() => savedCode(2)).toBe("const a = 78;");
      await runState(again, 1, "ok");
    } finally {
      await relay.close();
    }
  });

  test("the stop button ends it, even where it loops for ever, and the kernel keeps its variables", async () => {
    const tab = await openTab();
    await runCell(tab, 2);
    await runState(tab, 2, "ok");
    await runCell(tab, 4);
    await runState(tab, 4, "running");
    await tab.getByRole("button", { name: "Stop" }).click();
    await runState(tab, 4, "stopped");
    await runCell(tab, 3);
    await runState(tab, 3, "ok");
    expect(await output(tab, 3)).toContain("value 1");
  });

  test("its kernel is killed: the page says that variables are gone, and the next cell runs on a new one", async () => {
    const tab = await openTab();
    await runCell(tab, 2);
    await runState(tab, 2, "ok");
    await runCell(tab, 1);
    await cell(tab, 1).getByText("line 1").waitFor();
    course.killKernels();
    await runState(tab, 1, "lost");
    await tab.getByText("its variables are gone").waitFor();
    await tab.waitForSelector('.kernel[data-state="idle"]');
    await runCell(tab, 3);
    await runState(tab, 3, "error");
    await runCell(tab, 2);
    await runState(tab, 2, "ok");
    await runCell(tab, 3);
    await runState(tab, 3, "ok");
  });

  test("the kernel is restarted by hand, and begins without variables", async () => {
    const tab = await openTab();
    await runCell(tab, 2);
    await runState(tab, 2, "ok");
    await tab.getByRole("button", { name: "Restart kernel" }).click();
    await tab.getByText("The kernel was restarted").waitFor();
    await tab.waitForSelector('.kernel[data-state="idle"]');
    await runCell(tab, 3);
    await runState(tab, 3, "error");
  });
});

describe("what is typed", () => {
  test("is in the file a moment later, and on the page after a reload", async () => {
    const tab = await openTab();
    await replaceCode(tab, 2, "const a = 42; // mine");
    await tab.getByText("Saved", { exact: true }).waitFor();
    expect(readFileSync(join(course.folder, `mine/${slug}.ipynb`), "utf8")).toContain(
      "const a = 42; // mine",
    );
    await tab.reload();
    await cell(tab, 2).getByText("const a = 42; // mine").waitFor();
    await cell(tab, 2).getByRole("button", { name: "Original back" }).click();
    await cell(tab, 2).getByText("const a = 1;").waitFor();
  });

  test("in two tabs at once is in both, and in the file", async () => {
    const [one, two] = [await openTab(), await openTab()];
    await replaceCode(one, 2, "const a = 1;\nconst b = 2;");
    await cell(two, 2).getByText("const b = 2;").waitFor();
    const typing = async (tab: Page, key: string, text: string): Promise<void> => {
      await cell(tab, 2).locator(".cm-content").click();
      await tab.keyboard.press(key);
      await tab.keyboard.type(text, { delay: 5 });
    };
    await Promise.all([
      typing(one, "Control+Home", "// the first tab wrote this\n"),
      typing(two, "Control+End", "\n// the second tab wrote this"),
    ]);
    for (const tab of [one, two]) {
      await cell(tab, 2).getByText("the first tab wrote this").waitFor();
      await cell(tab, 2).getByText("the second tab wrote this").waitFor();
    }
    await expect.poll(() => savedCode(2)).toContain("// the first tab wrote this");
    expect(savedCode(2)).toContain("// the second tab wrote this");
    expect(savedCode(2)).toContain("const b = 2;");
  });

  test("while the server is away comes back with it, also after the tab was closed", async () => {
    const tab = await openTab();
    const { port, token } = course.page;
    await course.page.stop();
    await tab.getByText("The lab does not answer").waitFor();
    await replaceCode(tab, 2, "const a = 77;");
    await tab.getByText("Not saved yet").waitFor();
    const context = tab.context();
    await tab.close();
    await course.startAgain(port, token);
    const again = await course.open(`/n/${slug}`, context);
    await cell(again, 2).getByText("const a = 77;").waitFor();
    await expect.poll(() => savedCode(2)).toBe("const a = 77;");
  });
});

test("what was saved, but whose confirmation was lost, is there once: in the same tab, and after a reload", async () => {
  const tab = await openTab();
  const loseAnswer = async (route: Route): Promise<void> => {
    await route.fetch();
    await route.abort();
  };
  await tab.route("**/api/edit/**", loseAnswer, { times: 1 });
  await cell(tab, 2).locator(".cm-content").click();
  await tab.keyboard.press("Control+End");
  await tab.keyboard.insertText(" // one");
  await tab.getByText("Not saved yet").waitFor();
  await tab.keyboard.insertText(" // two");
  await tab.getByText("Saved", { exact: true }).waitFor();
  expect(savedCode(2)).toBe("const a = 1; // one // two");
  // Without news from the server, too, only the browser's own store knows of it.
  await tab.route("**/api/events?*", (route) => route.abort());
  await tab.reload();
  await tab.route("**/api/edit/**", loseAnswer);
  await cell(tab, 2).locator(".cm-content").click();
  await tab.keyboard.press("Control+End");
  await tab.keyboard.insertText(" // three");
  await tab.getByText("Not saved yet").waitFor();
  await tab.reload();
  await cell(tab, 2).getByText("// three").waitFor();
  await tab.unrouteAll();
  await tab.getByText("Saved", { exact: true }).waitFor();
  expect(savedCode(2)).toBe("const a = 1; // one // two // three");
});

test("a browser that keeps nothing shows the page all the same", async () => {
  const context = await course.browser.newContext();
  await context.addInitScript(
    "Object.defineProperty(window, 'localStorage', { get() { throw new Error('none') } })",
  );
  const tab = await course.open(`/n/${slug}`, context);
  tabs.push(tab);
  await replaceCode(tab, 2, "const a = 79;");
  await tab.getByText("Saved", { exact: true }).waitFor();
  expect(savedCode(2)).toBe("const a = 79;");
});

test("a server that is started again goes on with open tabs and with the kernel's variables", async () => {
  const tab = await openTab();
  await replaceCode(tab, 2, "const a = 5;");
  await runCell(tab, 2);
  await runState(tab, 2, "ok");
  const { port, token } = course.page;
  await course.page.stop();
  await tab.getByText("The lab does not answer").waitFor();
  await course.startAgain(port, token);
  await tab.getByText("The lab does not answer").waitFor({ state: "hidden" });
  await tab.waitForSelector('.kernel[data-state="idle"]');
  await runCell(tab, 3);
  await runState(tab, 3, "ok");
  expect(await output(tab, 3)).toContain("value 5");
});

test("a cell that ran when the server ended runs on: all that it printed is there, and what waited for it follows", async () => {
  const tab = await openTab();
  await runCell(tab, 1);
  await runCell(tab, 2);
  await runCell(tab, 3);
  await cell(tab, 1).getByText("line 1").waitFor();
  const { port, token } = course.page;
  await course.page.stop();
  await tab.getByText("The lab does not answer").waitFor();
  await course.startAgain(port, token);
  await runState(tab, 1, "running");
  await runState(tab, 3, "queued");
  await runState(tab, 3, "ok");
  expect((await output(tab, 1)).trim().split("\n")).toEqual(
    Array.from({ length: 30 }, (_, i) => `line ${i}`),
  );
  expect(await output(tab, 3)).toContain("value 1");
});

test("a cell whose kernel died while no server listened is said to be lost, and what waited for it does not run", async () => {
  const tab = await openTab();
  await runCell(tab, 1);
  await runCell(tab, 3);
  await cell(tab, 1).getByText("line 1").waitFor();
  const { port, token } = course.page;
  await course.page.stop();
  course.killKernels();
  await course.startAgain(port, token);
  await runState(tab, 1, "lost");
  await cell(tab, 1).getByText("Run it again").waitFor();
  await runState(tab, 3, "stopped");
  expect(await output(tab, 1)).toContain("line 0");
  await runCell(tab, 1);
  await runState(tab, 1, "ok");
  expect(await output(tab, 1)).toContain("line 29");
});

test("a tab of a lab that was started with another token says where to go", async () => {
  const tab = await openTab();
  const { port } = course.page;
  await course.page.stop();
  await course.startAgain(port);
  await tab.getByText("Open the address that npm start printed").waitFor();
});

function savedCode(number: number): string {
  const { cells } = JSON.parse(readFileSync(join(course.folder, `mine/${slug}.ipynb`), "utf8"));
  return cells.filter((one: { cell_type: string }) => one.cell_type === "code")[number - 1].source.join("");
}
