// Who runs the cells of a sheet: a kernel and a queue. A cell that fails takes those behind it out of the queue.

import type { Completions } from "../jupyter/index.js";
import { HeldKernel, type HeldKernelSpec } from "./held-kernel.js";
import { collectWithinLimits } from "./output-view.js";
import type { KernelView, RunState } from "./protocol.js";
import type { Sheet } from "./sheet.js";

const SAVE_MS = 1_000;
/** How often a cell is asked to stop, and how long it is given each time. */
const STOP_TRIES = 3;
const STOP_PATIENCE_MS = 1_500;

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
  private queue: string[] = [];
  private working = false;
  private stopping = false;
  private saveTimer: NodeJS.Timeout | null = null;
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

  /** Puts cells at the end of the queue; what waits or runs already stays where it is. */
  run(ids: readonly string[]): void {
    for (const id of ids) {
      const { state, count } = this.sheet.run(id);
      if (state === "queued" || state === "running") continue;
      this.queue.push(id);
      this.sheet.setRun(id, { state: "queued", count, ms: null });
    }
    if (!this.working) void this.work();
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
    if (this.working)
      this.kernel.say("busy", "The cell does not react to the stop button. Restart the kernel.");
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
    this.queue = [];
    await this.kernel.release();
    if (this.saveTimer !== null) this.saveNow();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (let id = this.queue.shift(); id !== undefined; id = this.queue.shift()) {
      const run = await this.runOne(id);
      if (run.state !== "ok") this.emptyQueue("stopped");
      this.sheet.setRun(id, run);
      this.saveNow();
    }
    this.working = false;
    this.stopping = false;
    if (this.kernel.view.state === "busy") this.kernel.say("idle", "");
    this.spec.onIdle();
  }

  private async runOne(id: string): Promise<RunState> {
    const collector = collectWithinLimits();
    let started = performance.now();
    let count: number | null = null;
    const ended = (state: RunState["state"]): RunState => ({ state, count, ms: performance.now() - started });
    this.sheet.setOutputs(id, []);
    this.sheet.setRun(id, { state: "running", count, ms: null });
    this.saveSoon();
    try {
      const kernel = await this.kernel.fetch();
      this.kernel.say("busy", "");
      started = performance.now();
      const executed = await kernel.run(this.sheet.source(id), (message) => {
        if (message.type === "execute_input") count = message.content.execution_count;
        if (!collector.accept(message)) return;
        this.sheet.setOutputs(id, collector.outputs);
        this.saveSoon();
      });
      count = executed.executionCount ?? count;
      if (this.stopping) return ended("stopped");
      return ended(executed.status === "ok" ? "ok" : executed.status === "error" ? "error" : "stopped");
    } catch {
      return ended("lost");
    }
  }

  private emptyQueue(state: "stopped"): void {
    for (const id of this.queue.splice(0)) this.sheet.setRun(id, { state, count: null, ms: null });
  }

  private saveSoon(): void {
    this.saveTimer ??= setTimeout(() => this.saveNow(), SAVE_MS);
  }

  private saveNow(): void {
    if (this.saveTimer !== null) clearTimeout(this.saveTimer);
    this.saveTimer = null;
    try {
      this.sheet.reloadIfChanged();
      this.sheet.save();
    } catch (error) {
      this.kernel.say(this.kernel.view.state, (error as Error).message);
    }
  }
}
