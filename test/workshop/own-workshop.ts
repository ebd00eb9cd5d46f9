// A workshop of one's own for live tests: a real Jupyter server behind it, in a folder inside the project, where `ringside`
// resolves; learners as Chromium has them, or as plain requests.
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { BoardView } from "ringside/course";
import { type Agenda, startWorkshop, type Workshop } from "ringside/workshop";
import { writeCourse } from "../course/write-course.js";

const ROOT = resolve(import.meta.dirname, "../..");
export const SCREENSHOTS: string = join(ROOT, ".ringside/screenshots");

export const SMALL = "10-small";
/** Counts with tracepoints, in turns; the gate is open, since what it counts is exact. */
export const MEASURES = "21-measures";

/** Judges an answer that is wrong. */
export const CHECKS = "22-checks";

const CHECK = `import { check } from "ringside";
await check("20-one-skb-per-packet/the-buffer-that-never-dies", (events: unknown) => []);`;

const MEASURE = `import { measure, predict } from "ringside";
const result = await measure.skbCount({ guess: predict(1, "skbs"), frames: 4096 });
console.log(result.status === "ok" ? \`made \${result.outcome.made}\` : result.reason);`;

export const AGENDA: Agenda = {
  title: "A room <b>of one's own</b>",
  about: "",
  sections: [
    { title: "First", minutes: 10, notebook: SMALL, releases: [], notes: "Say hello." },
    {
      title: "One skb per packet",
      minutes: 20,
      notebook: "20-one-skb-per-packet",
      releases: ["20-one-skb-per-packet/the-buffer-that-never-dies"],
      notes: "",
    },
  ],
};

export class OwnWorkshop {
  private constructor(
    readonly folder: string,
    public workshop: Workshop,
  ) {}

  static async open(): Promise<OwnWorkshop> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const folder = mkdtempSync(join(ROOT, `.ringside/workshop-${process.pid}-`));
    const course = join(folder, "course");
    mkdirSync(join(course, "src"), { recursive: true });
    for (const name of ["20-one-skb-per-packet.ipynb", "glossary.md", "src/20-one-skb-per-packet.ts"]) {
      copyFileSync(join(ROOT, "notebooks", name), join(course, name));
    }
    cpSync(join(ROOT, "notebooks/images"), join(course, "images"), { recursive: true });
    writeCourse(course, SMALL, ["# Small", "console.log(1);", "console.log(2);"]);
    writeCourse(course, MEASURES, ["# Measures", MEASURE]);
    writeCourse(course, CHECKS, ["# Checks", CHECK]);
    return new OwnWorkshop(folder, await OwnWorkshop.start(folder));
  }

  private static start(folder: string): Promise<Workshop> {
    return startWorkshop({ agenda: AGENDA, name: "own", course: join(folder, "course"), folder });
  }

  get address(): string {
    return `http://127.0.0.1:${this.workshop.port}`;
  }

  /** Ends the pages as a kill would, as far as the room's state goes, and starts them again. */
  async startAgain(): Promise<void> {
    await this.workshop.stop();
    this.workshop = await OwnWorkshop.start(this.folder);
  }

  async close(): Promise<void> {
    await this.workshop.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A learner in a browser of his own, on the outline. */
  async join(browser: Browser, name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(`${this.address}/`);
    await page.getByLabel("Code of the room").fill(this.workshop.room.code);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Join" }).click();
    await page.locator(".cards").waitFor();
    return page;
  }

  /** The board in a browser of its own. */
  async board(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(this.workshop.boardUrl);
    await page.locator(".sections").waitFor();
    return page;
  }

  /** Everything that the board would show now. */
  seen(): BoardView {
    return this.workshop.hall.board();
  }
}

/** A learner without a browser: his cookie, and requests as the page makes them. */
export class Client {
  private constructor(
    readonly address: string,
    private readonly cookie: string,
  ) {}

  static async join({ address, workshop }: OwnWorkshop, name: string): Promise<Client> {
    const headers = { Origin: address, "Content-Type": "application/json" };
    const body = JSON.stringify({ code: workshop.room.code, name, trouble: "" });
    const answer = await fetch(`${address}/api/join`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    return new Client(address, answer.headers.getSetCookie()[0]!.split(";")[0]!);
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.address}${path}`, { headers: { Cookie: this.cookie } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async order<T>(path: string, body: object = {}): Promise<T> {
    const headers = { Cookie: this.cookie, Origin: this.address, "Content-Type": "application/json" };
    const answer = await fetch(`${this.address}${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Listens as a tab does. @returns stops it */
  async listen(path: string, onEvent: (event: unknown) => void = () => undefined): Promise<() => void> {
    const stop = new AbortController();
    const answer = await fetch(`${this.address}${path}`, {
      headers: { Cookie: this.cookie },
      signal: stop.signal,
    });
    void (async () => {
      let text = "";
      for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
        const events = (text + piece).split("\n\n");
        text = events.pop()!;
        for (const event of events) onEvent(JSON.parse(event.slice("data: ".length)));
      }
    })().catch(() => undefined);
    return () => stop.abort();
  }
}
