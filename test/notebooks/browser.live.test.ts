// What a learner sees: Chromium opens a notebook in Jupyter Notebook, runs all of it, and sees the live figure change. The
// screenshots that the README shows are made here; they land in .ringside/screenshots.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type JupyterServer, startServer } from "ringside/jupyter";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../chromium.js";

const ROOT = resolve(import.meta.dirname, "../..");
const SCREENSHOTS = join(ROOT, ".ringside/screenshots");
let folder: string;
let server: JupyterServer;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  folder = mkdtempSync(join(ROOT, `.ringside/browser-${process.pid}-`));
  server = await startServer({ folder });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a notebook and waits for its kernel. */
async function open(slug: string): Promise<Page> {
  copyFileSync(join(ROOT, `notebooks/${slug}.ipynb`), join(folder, `${slug}.ipynb`));
  const page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
  await page.goto(`${server.baseUrl}notebooks/${slug}.ipynb?token=${server.token}`);
  await page.waitForSelector(".kernel_idle_icon", { timeout: 30_000 });
  return page;
}

/** Counts the different pictures that appear in each output area until the kernel has run every cell. */
const RUN_ALL_AND_WATCH = `new Promise((resolve) => {
  const seen = new Map();
  const look = () => document.querySelectorAll(".output_area svg").forEach((svg) => {
    const cell = svg.closest(".cell");
    if (!seen.has(cell)) seen.set(cell, new Set());
    seen.get(cell).add(svg.outerHTML);
  });
  new MutationObserver(look).observe(document.querySelector("#notebook-container"), { childList: true, subtree: true });
  const code = () => Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === "code");
  Jupyter.notebook.execute_all_cells();
  const poll = setInterval(() => {
    if (code().some((cell) => cell.input_prompt_number === "*" || cell.input_prompt_number == null)) return;
    clearInterval(poll);
    look();
    resolve({
      pictures: [...seen.values()].map((set) => set.size),
      errors: code().flatMap((cell) => cell.output_area.outputs.filter((o) => o.output_type === "error").map((o) => o.evalue)),
    });
  }, 100);
})`;

test.each(["20-one-skb-per-packet", "33-af-xdp"])(
  "%s runs in a browser, and a figure changes while it runs",
  { timeout: 150_000 },
  async (slug) => {
    const page = await open(slug);
    const { pictures, errors } = (await page.evaluate(RUN_ALL_AND_WATCH)) as {
      pictures: number[];
      errors: string[];
    };
    expect(errors).toEqual([]);
    expect(pictures.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...pictures)).toBeGreaterThanOrEqual(2);
    const figures = page.locator(".output_area svg");
    for (let i = 0; i < (await figures.count()); i++) {
      const path = join(SCREENSHOTS, `${slug}-${i + 1}.png`);
      await figures.nth(i).screenshot({ path });
      expect(statSync(path).size).toBeGreaterThan(2_000);
    }
    await page.close();
  },
);
