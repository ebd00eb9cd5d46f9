// A desk is where one learner works: his copies of the notebooks, each with its worker, opened when first asked for.

import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type JupyterServer, readNotebook } from "../jupyter/index.js";
import { copyFile } from "./copy-file.js";
import { titleOf } from "./outline.js";
import type { NotebookView } from "./protocol.js";
import { RequestError } from "./reply.js";
import { Sheet } from "./sheet.js";
import { Worker } from "./worker.js";

/** Where the copies live, below the notebooks' folder, so that `import "ringside"` and Jupyter find everything there. */
export const COPIES = "mine";

const SLUG = /^\d\d-[a-z0-9-]+$/;

/** One notebook that is open. */
export interface Open {
  readonly slug: string;
  readonly sheet: Sheet;
  readonly worker: Worker;
  /** Called when something of it changes that is not in the sheet. */
  onKernel(listener: () => void): () => void;
}

/** What a desk is to be. */
export interface DeskSpec {
  /** Runs the kernels; the copies are below its folder. */
  readonly server: Pick<JupyterServer, "baseUrl" | "token" | "folder">;
  /** Folder of the course's notebooks. */
  readonly course: string;
  /** Folder of the copies, below the server's. */
  readonly copies: string;
  /**
   * Whether kernels are scarce, because many desks share a machine: then one starts when the first cell is run and not
   * before, and a desk has one at a time.
   */
  readonly sparing: boolean;
}

const ENDED =
  "Its kernel was ended when you ran another notebook; its variables are gone. Run its cells again.";

export class Desk {
  private readonly opened = new Map<string, Open>();
  /** Whose kernel started last. */
  private latest: Worker | null = null;

  constructor(private readonly spec: DeskSpec) {}

  get server(): DeskSpec["server"] {
    return this.spec.server;
  }

  get sparing(): boolean {
    return this.spec.sparing;
  }

  /** What is open now. */
  notebooks(): Open[] {
    return [...this.opened.values()];
  }

  /** The course's notebooks, in reading order. */
  slugs(): string[] {
    const files = readdirSync(this.spec.course).filter((name) => name.endsWith(".ipynb"));
    return files
      .map((name) => basename(name, ".ipynb"))
      .filter((name) => SLUG.test(name))
      .sort();
  }

  /** Path of the copy below the server's folder. */
  copyPath(slug: string): string {
    return `${this.spec.copies}/${slug}.ipynb`;
  }

  /** Where the copy is if there is one already. */
  existingCopy(slug: string): string | null {
    const path = join(this.server.folder, this.copyPath(slug));
    return existsSync(path) ? path : null;
  }

  /** The course's own file. */
  coursePath(slug: string): string {
    return join(this.spec.course, `${slug}.ipynb`);
  }

  /** @throws RequestError where the course has no such notebook */
  open(slug: string): Open {
    const known = this.opened.get(slug);
    if (known !== undefined) return known;
    if (!SLUG.test(slug) || !existsSync(this.coursePath(slug))) {
      throw new RequestError(
        404,
        "Cannot open the notebook: the course has none of that name -> choose one in the outline",
      );
    }
    const listeners = new Set<() => void>();
    const file = copyFile(join(this.server.folder, this.copyPath(slug)));
    const sheet = new Sheet(readNotebook(this.coursePath(slug)), file);
    const worker: Worker = new Worker({
      server: this.server,
      path: this.copyPath(slug),
      sheet,
      sparing: this.sparing,
      onKernel: () => {
        for (const listener of listeners) listener();
      },
      onStart: () => {
        this.latest = worker;
        this.endOthers();
      },
      onIdle: () => this.endOthers(),
    });
    const onKernel = (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const open = { slug, sheet, worker, onKernel };
    this.opened.set(slug, open);
    // Where kernels are scarce none is started to be asked for a run; `adopt` is told where one was left.
    if (!this.sparing) worker.resume();
    return open;
  }

  /** Takes over a notebook with the kernel that a killed server left it. @throws RequestError where the course has no such notebook */
  adopt(slug: string): void {
    this.open(slug).worker.adopt();
  }

  view({ slug, sheet, worker }: Open): NotebookView {
    worker.syncFile();
    const cells = sheet.view();
    return { slug, title: titleOf(cells), seq: sheet.lastSeq, cells, kernel: worker.view };
  }

  /** Where kernels are scarce, the notebook that ran last keeps its own; others end when nothing runs in them. */
  private endOthers(): void {
    if (!this.sparing) return;
    for (const { worker } of this.opened.values()) {
      if (worker !== this.latest && !worker.isWorking) void worker.end(ENDED);
    }
  }

  /** Ends every kernel. */
  async endKernels(message: string): Promise<void> {
    await Promise.all(this.notebooks().map(({ worker }) => worker.end(message)));
  }

  /** Lets go of every kernel and saves what is not saved. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ worker }) => worker.close()));
  }
}
