// A course page of one's own for live tests: a Jupyter server and a page on a folder inside the project, where `ringside`
// resolves, with the notebooks that the test asks for; and Chromium to look at it.

import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type CoursePage, startCoursePage } from "ringside/course";
import { type JupyterServer, NOTEBOOK_METADATA, type NotebookCell, startServer, writeNotebook } from "ringside/jupyter";

const ROOT = resolve(import.meta.dirname, "../..");
export const SCREENSHOTS: string = join(ROOT, ".ringside/screenshots");

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface OwnCourse {
  readonly folder: string;
  readonly jupyter: JupyterServer;
  /** The page that answers now; `restart` replaces it. */
  page: CoursePage;
  readonly browser: Browser;
  /** Opens a tab that is let in. @param path below the page's address */
  open(path: string, context?: BrowserContext): Promise<Page>;
  /** Ends the page's server without warning and starts it again on the same port, with the same token. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param slugs of the course's notebooks that this course has */
export async function openOwnCourse(slugs: readonly string[]): Promise<OwnCourse> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const folder = mkdtempSync(join(ROOT, `.ringside/course-${process.pid}-`));
  for (const slug of slugs) copyFileSync(join(ROOT, `notebooks/${slug}.ipynb`), join(folder, `${slug}.ipynb`));
  cpSync(join(ROOT, "notebooks/images"), join(folder, "images"), { recursive: true });
  cpSync(join(ROOT, "notebooks/glossary.md"), join(folder, "glossary.md"));
  const jupyter = await startServer({ folder });
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
  const course: OwnCourse = {
    folder,
    jupyter,
    browser,
    page: await startCoursePage({ jupyter }),
    async open(path, context) {
      const tab = await (context ?? browser).newPage();
      await tab.goto(course.page.url);
      await tab.goto(new URL(path, course.page.url).href);
      return tab;
    },
    async restart() {
      const { port, token } = course.page;
      await course.page.stop();
      course.page = await startCoursePage({ jupyter, port, token });
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

/** Writes a notebook of the course; cells that begin with `# ` are text. */
export function writeCourse(folder: string, slug: string, sources: readonly string[]): void {
  const cells = sources.map((source, index): NotebookCell => {
    const id = `${slug}-${String(index + 1).padStart(2, "0")}`;
    if (source.startsWith("# ")) return { cell_type: "markdown", id, metadata: {}, source };
    return { cell_type: "code", id, metadata: {}, source, execution_count: null, outputs: [] };
  });
  writeNotebook(join(folder, `${slug}.ipynb`), { cells, metadata: NOTEBOOK_METADATA });
}
