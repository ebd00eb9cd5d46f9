// A page without a browser: its cookie, and requests as the page makes them. With it come cells that count what they print, so
// that a gap, a repetition or a wrong order is seen.
import { request as httpRequest } from "node:http";
import type { CellView, NotebookView } from "ringside/course";
import { expect } from "vitest";

const DEADLINE_MS = 40_000;

/** Prints a line each 20 ms until the file END is there, and then how many they were. */
export const COUNTING = `import { existsSync } from "node:fs";
let lines = 0;
while (!existsSync("END")) {
  console.log("line " + lines++);
  await new Promise((done) => setTimeout(done, 20));
}
console.log("total " + lines);`;

/** The same without letting anything else in the kernel have its turn, for two seconds. */
export const BLOCKING = `let lines = 0;
for (const until = performance.now() + 2000; performance.now() < until; ) {
  console.log("line " + lines++);
  for (const next = performance.now() + 20; performance.now() < next; );
}
console.log("total " + lines);`;

export const FAILING: string = `${COUNTING}\nthrow new Error("as it really ended");`;

/** What one tab knows and asks of one notebook. Cells are told by their place among the code cells, from 0. */
export class PageClient {
  /** @param cookie as `name=value` */
  constructor(
    private readonly port: number,
    private readonly cookie: string,
    readonly slug: string,
  ) {}

  /** A request on a connection of its own: a killed server leaves dead ones behind. */
  ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
    const { port } = this;
    const headers = {
      ...{ Cookie: this.cookie, Origin: `http://127.0.0.1:${port}` },
      "Content-Type": "application/json",
    };
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port, method, path, headers, agent: false };
      const asking = httpRequest(options, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        answer.once("error", reject);
        answer.once("end", () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(text)));
      });
      asking.once("error", reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  notebook(): Promise<NotebookView> {
    return this.ask("GET", `/api/notebook/${this.slug}`);
  }

  async cellAt(place: number): Promise<CellView> {
    const { cells } = await this.notebook();
    return cells.filter(({ kind }) => kind === "code")[place]!;
  }

  async run(place: number): Promise<void> {
    await this.ask("POST", `/api/run/${this.slug}`, { cell: (await this.cellAt(place)).id });
  }

  /** Waits until a cell is as wanted. */
  async see(place: number, what: string, wanted: (cell: CellView) => boolean): Promise<CellView> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const cell = await this.cellAt(place);
      if (wanted(cell)) return cell;
      if (performance.now() > deadline)
        throw new Error(`Waited in vain for ${what}: ${JSON.stringify(cell)}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Waits until a cell neither runs nor waits. */
  over(place: number): Promise<CellView> {
    return this.see(place, "its end", ({ run }) => run.state !== "running" && run.state !== "queued");
  }
}

/** The lines of a cell's text. */
export function printed({ outputs }: Pick<CellView, "outputs">): string[] {
  const text = outputs.map((output) => (output.kind === "text" ? output.text : "")).join("");
  return text.split("\n").filter((line) => line !== "");
}

export function hasLine(cell: CellView, number: number): boolean {
  return printed(cell).includes(`line ${number}`);
}

/** A counting cell's output has every line once, in order, and its total. */
export function expectWhole(cell: Pick<CellView, "outputs">): void {
  const lines = printed(cell);
  const count = lines.length - 1;
  expect(lines).toEqual([...Array.from({ length: count }, (_, n) => `line ${n}`), `total ${count}`]);
}
