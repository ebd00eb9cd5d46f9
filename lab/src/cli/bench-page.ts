// What a reader of the course page waits for: an edited cell is saved, run, and its first output arrives. It is asked as the page
// asks, and heard on the stream that the page hears; what is left out is the browser's own drawing. On a quiet machine it is
// the 40 ms for which the stream joins events, since the saving of the edit has just sent one: 39.7 [39.3, 40.0].

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CourseEvent, EditAnswer, NotebookView } from "../course/index.js";
import { STATE_FOLDER } from "./place.js";

const TRIES = 40;
const SLUG = "10-bench";
const DEADLINE_MS = 10_000;

/** @returns milliseconds from the edit to its output's event, one figure a try */
export async function timePage(): Promise<number[]> {
  const { NOTEBOOK_METADATA, startServer, writeNotebook } = await import("../jupyter/index.js");
  const { startCoursePage } = await import("../course/index.js");
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(STATE_FOLDER, `grading-${process.pid}-`));
  const cell = {
    cell_type: "code",
    id: "only",
    metadata: {},
    source: "1",
    execution_count: null,
    outputs: [],
  } as const;
  writeNotebook(join(folder, `${SLUG}.ipynb`), {
    cells: [{ ...cell, outputs: [] }],
    metadata: NOTEBOOK_METADATA,
  });
  try {
    const jupyter = await startServer({ folder });
    const page = await startCoursePage({ jupyter });
    try {
      return await timeEdits(new Tab(page.port, page.token));
    } finally {
      await page.stop();
      await jupyter.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeEdits(tab: Tab): Promise<number[]> {
  const times: number[] = [];
  const view = await tab.ask<NotebookView>(`/api/notebook/${SLUG}`);
  let { version } = view.cells[0]!;
  const stop = await tab.listen();
  for (let n = 0; n <= TRIES; n++) {
    const text = `console.log("answer " + ${n});`;
    const heard = tab.hear(`answer ${n}`);
    const began = performance.now();
    ({ version } = await tab.ask<EditAnswer>(`/api/edit/${SLUG}`, { cell: "only", text, version }));
    await tab.ask(`/api/run/${SLUG}`, { cell: "only" });
    await heard;
    // The first one waits for the kernel.
    if (n > 0) times.push(performance.now() - began);
    await tab.ended;
  }
  stop();
  return times;
}

/** A browser's tab without the browser. */
class Tab {
  /** The cell that ran last has ended. */
  ended: Promise<void> = Promise.resolve();
  private readonly address: string;
  private readonly headers: Record<string, string>;
  private onEvent: (event: CourseEvent) => void = () => {};

  constructor(port: number, token: string) {
    this.address = `http://127.0.0.1:${port}`;
    const cookie = `ringside-${port}=${token}`;
    this.headers = { Cookie: cookie, Origin: this.address, "Content-Type": "application/json" };
  }

  async ask<Answer>(path: string, body?: object): Promise<Answer> {
    const order = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${this.address}${path}`, { headers: this.headers, ...order });
    if (!answer.ok)
      throw new Error(`Cannot time the course page: ${await answer.text()} -> run a cell on it`);
    return (await answer.json()) as Answer;
  }

  /** @returns stops it */
  async listen(): Promise<() => void> {
    const stop = new AbortController();
    const path = `${this.address}/api/events?notebook=${SLUG}&since=${Date.now() * 1000}`;
    const answer = await fetch(path, { headers: this.headers, signal: stop.signal });
    void this.read(answer.body!).catch(() => {});
    return () => stop.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      const events = (text + decoder.decode(piece, { stream: true })).split("\n\n");
      text = events.pop()!;
      for (const event of events) this.onEvent(JSON.parse(event.slice("data: ".length)) as CourseEvent);
    }
  }

  /** Resolves when an output holds a text; `ended` resolves when the cell that put it out is done. */
  hear(text: string): Promise<void> {
    return new Promise((heard, reject) => {
      const late = setTimeout(
        () => reject(new Error(`Cannot time the course page: no output for 10 s -> run a cell on it`)),
        DEADLINE_MS,
      );
      this.ended = new Promise((end) => {
        let seen = false;
        this.onEvent = (event) => {
          if (event.kind !== "changes") return;
          for (const { outputs = [], run } of event.cells) {
            const shown = outputs.some(({ output }) => output.kind === "text" && output.text.includes(text));
            if (shown) {
              seen = true;
              clearTimeout(late);
              heard();
            }
            if (seen && run?.state === "ok") end();
          }
        };
      });
    });
  }
}
