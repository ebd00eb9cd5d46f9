// A course page of one's own for live tests: a Jupyter server and a page on a folder inside the project, where `ringside`
// resolves, with the notebooks that the test asks for; and Chromium to look at it.

import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { type CoursePage, startCoursePage } from "ringside/course";
import { type JupyterServer, startServer } from "ringside/jupyter";
import { launchChromium } from "../chromium.js";

const ROOT = resolve(import.meta.dirname, "../..");
export const SCREENSHOTS: string = join(ROOT, ".ringside/screenshots");

export interface OwnCourse {
  readonly folder: string;
  readonly jupyter: JupyterServer;
  /** The page that answers now; `restart` replaces it. */
  page: CoursePage;
  readonly browser: Browser;
  /** Opens a tab that is let in. @param path below the page's address @param port of a relay to the page, if not its own */
  open(path: string, context?: BrowserContext, port?: number): Promise<Page>;
  /** Starts the page's server again after `page.stop()`. @param token of the former one, so that open tabs go on */
  startAgain(port: number, token?: string): Promise<void>;
  /** Ends the process of every kernel, as a crash would. */
  killKernels(): void;
  close(): Promise<void>;
}

/** @param slugs of the course's notebooks that this course has */
export async function openOwnCourse(slugs: readonly string[]): Promise<OwnCourse> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const folder = mkdtempSync(join(ROOT, `.ringside/course-${process.pid}-`));
  for (const slug of slugs)
    copyFileSync(join(ROOT, `notebooks/${slug}.ipynb`), join(folder, `${slug}.ipynb`));
  cpSync(join(ROOT, "notebooks/images"), join(folder, "images"), { recursive: true });
  cpSync(join(ROOT, "notebooks/glossary.md"), join(folder, "glossary.md"));
  const jupyter = await startServer({ folder });
  const browser = await launchChromium();
  const course: OwnCourse = {
    folder,
    jupyter,
    browser,
    page: await startCoursePage({ jupyter }),
    async open(path, context, port = course.page.port) {
      const tab = await (context ?? (await browser.newContext())).newPage();
      const address = new URL(course.page.url);
      address.port = String(port);
      await tab.goto(address.href);
      await tab.waitForURL(new URL("/", address).href);
      await tab.locator(".cards").waitFor();
      if (path !== "/") await tab.goto(new URL(path, address).href);
      return tab;
    },
    async startAgain(port, token) {
      course.page = await startCoursePage({ jupyter, port, ...(token !== undefined && { token }) });
    },
    killKernels() {
      const children = readFileSync(`/proc/${jupyter.pid}/task/${jupyter.pid}/children`, "utf8");
      for (const pid of children.split(" ").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
    },
    async close() {
      await browser.close();
      await course.page.stop();
      await jupyter.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return course;
}

/** The n-th code cell, from 1. */
export function cell(tab: Page, number: number): Locator {
  return tab.locator(".cell.code").nth(number - 1);
}

/** Presses the cell's own button. */
export async function runCell(tab: Page, number: number): Promise<void> {
  await cell(tab, number)
    .getByRole("button", { name: `Run cell ${number}` })
    .click();
}

/** Waits until a cell is `ok`, `error`, `running` ... */
export async function runState(tab: Page, number: number, state: string): Promise<void> {
  await cell(tab, number)
    .and(tab.locator(`[data-run="${state}"]`))
    .waitFor();
}

/** Selects all of a cell's code and types something else. */
export async function replaceCode(tab: Page, number: number, text: string): Promise<void> {
  await cell(tab, number).locator(".cm-content").click();
  await tab.keyboard.press("Control+a");
  // Deleted by the editor: what Chromium itself replaces, it styles in line, and the page's policy refuses that.
  await tab.keyboard.press("Delete");
  await tab.keyboard.insertText(text);
}
