// Who runs the cells of a sheet: a kernel and a queue. A cell that fails takes those behind it out of the queue. Where a server
// was killed in the middle, the next one's worker goes on with the same run and the same queue. Where the connection to the
// kernel breaks off, the run is followed over another.

import { randomUUID } from "node:crypto";
import type { Completions } from "../jupyter/index.js";
import { HeldKernel, type HeldKernelSpec } from "./held-kernel.js";
import { type Job, runToTheEnd } from "./job.js";
import type { KernelView, RunState } from "./protocol.js";
import type { Sheet } from "./sheet.js";

const SAVE_MS = 1_000;
/** How often a cell is asked to stop, and how long it is given each time. */
const STOP_TRIES = 3;
const STOP_PATIENCE_MS = 1_500;
const NO_REACTION = "The cell does not react to the stop button. Restart the kernel.";

/** Whose cells a worker runs, where, and who is told. */
export interface WorkerSpec extends HeldKernelSpec {
  readonly sheet: Sheet;
  /** Whether the kernel waits for the first cell that is run; else it starts when somebody looks at the notebook. */
  readonly sparing: boolean;
  /** Told when nothing runs or waits any more. */
  onIdle(): void;
}

export class Worker {
  private readonly kernel: HeldKernel;
  private queue: Job[] = [];
  private working = false;
  private closed = false;
  private stopping = false;
  private saveTimer: NodeJS.Timeout | null = null;
  private isUnsaved = false;
  /** Why the file could not be read or written last, or empty. */
  private fileTrouble = "";
  private readonly sheet: Sheet;

  constructor(private readonly spec: WorkerSpec) {
    this.sheet = spec.sheet;
    this.kernel = new HeldKernel(spec);
  }

  /** Whether a cell runs or waits. */
  get isWorking(): boolean {
    return this.working;
  }

  get view(): KernelView {
    return this.kernel.view;
  }

  /** Fetches the kernel, so that the first cell need not wait for it. */
  warmUp(): void {
    if (this.spec.sparing) return;
    this.kernel.fetch().catch(() => {});
  }

  /** Attaches to the kernel that a killed server left, and goes on with what it was at. */
  adopt(): void {
    this.kernel.fetch(true).catch(() => {});
    this.resume();
  }

  /** Takes over what Jupyter saved into the file, and saves what could not be saved yet. What hinders it the reader is told. */
  syncFile(): void {
    const { state, message } = this.kernel.view;
    try {
      this.sheet.reloadIfChanged();
      if (this.isUnsaved) this.sheet.save();
      this.isUnsaved = false;
      if (this.fileTrouble !== "" && message === this.fileTrouble) this.kernel.say(state, "");
      this.fileTrouble = "";
    } catch (error) {
      this.fileTrouble = (error as Error).message;
      this.kernel.say(state, this.fileTrouble);
    }
  }

  /** Puts cells at the end of the queue; what waits or runs already stays where it is. */
  run(ids: readonly string[]): void {
    for (const id of ids) {
      const { state, count } = this.sheet.run(id);
      if (state === "queued" || state === "running") continue;
      this.queue.push({ id, run: randomUUID(), isBegun: false, sent: null });
      this.sheet.setRun(id, { state: "queued", count, ms: null });
    }
    // Who waits is in the file at once, should the server be killed; `work` sees to it, too.
    if (this.working) this.saveNow();
    else void this.work();
  }

  /** Goes on with what a killed server was at. */
  resume(): void {
    const { running, waiting } = this.sheet.unfinished;
    if (running === null) return;
    this.queue.push({ ...running, isBegun: true, sent: null });
    this.run(waiting);
  }

  /** Empties the queue and ends the running cell. */
  async stop(): Promise<void> {
    this.emptyQueue("stopped");
    if (!this.working) return;
    this.stopping = true;
    for (let tries = 0; tries < STOP_TRIES && this.working; tries++) {
      await (await this.kernel.fetch()).interrupt();
      const until = performance.now() + STOP_PATIENCE_MS;
      while (this.working && performance.now() < until) await new Promise((done) => setTimeout(done, 20));
    }
    if (this.working) this.kernel.say("busy", NO_REACTION);
  }

  /** Ends the kernel's process and fetches another. */
  async restart(): Promise<void> {
    this.emptyQueue("stopped");
    await this.kernel.restart();
  }

  async complete(code: string, cursor: number): Promise<Completions | null> {
    return this.mayHelp ? (await this.kernel.fetch()).complete(code, cursor) : null;
  }

  async inspect(code: string, cursor: number): Promise<string | null> {
    return this.mayHelp ? (await this.kernel.fetch()).inspect(code, cursor) : null;
  }

  /** Ends the kernel, where there is one; the next cell that is run gets another. */
  async end(message: string): Promise<void> {
    await this.kernel.end(message);
  }

  /** Who only types shall not have to wait for a cell, nor start a kernel where they are scarce. */
  private get mayHelp(): boolean {
    return !this.working && !(this.spec.sparing && !this.kernel.isThere);
  }

  /** Lets go of the kernel; it runs on. */
  async close(): Promise<void> {
    this.closed = true;
    this.queue = [];
    await this.kernel.release();
    if (this.saveTimer !== null) this.saveNow();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (let job = this.queue.shift(); job !== undefined; job = this.queue.shift()) {
      const run = await this.runOne(job);
      // The cell runs on, and the next server goes on with it.
      if (this.closed) return;
      if (run.state !== "ok") this.emptyQueue("stopped");
      this.sheet.setRun(job.id, run);
      this.saveNow();
    }
    this.working = false;
    this.stopping = false;
    const { state, message } = this.kernel.view;
    if (state === "busy") this.kernel.say("idle", message === NO_REACTION ? "" : message);
    this.spec.onIdle();
  }

  private async runOne(job: Job): Promise<RunState> {
    const { id, run } = job;
    if (!job.isBegun) this.sheet.setOutputs(id, []);
    this.sheet.setRun(id, { state: "running", count: null, ms: null }, run);
    // The mark is in the file before the kernel hears of the run.
    this.saveNow();
    const started = performance.now();
    const ended = await runToTheEnd(this.kernel, this.sheet, job, () => this.saveSoon()).catch(() => null);
    if (ended === null) return { state: "lost", count: null, ms: performance.now() - started };
    // An interrupted cell ends in an error; one that was quicker than the button has ended well.
    return this.stopping && ended.state === "error" ? { ...ended, state: "stopped" } : ended;
  }

  private emptyQueue(state: "stopped"): void {
    for (const { id } of this.queue.splice(0)) this.sheet.setRun(id, { state, count: null, ms: null });
  }

  private saveSoon(): void {
    this.saveTimer ??= setTimeout(() => this.saveNow(), SAVE_MS);
  }

  private saveNow(): void {
    if (this.saveTimer !== null) clearTimeout(this.saveTimer);
    this.saveTimer = null;
    this.isUnsaved = true;
    this.syncFile();
  }
}
