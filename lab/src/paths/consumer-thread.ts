// The harness's side of the consuming thread: start it, command it, hear its report, and notice when it dies.
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { restoreClass } from "../base/index.js";
import { giveBack, newHoldingsList } from "../sys/index.js";
import { pathOf } from "./catalogue.js";
import type { ConsumerMessage, ConsumerSpec, ConsumerTask } from "./consumer-talk.js";
import { COMMAND, Control } from "./control.js";
import type { FarEnd, FarReport } from "./far-end.js";
import type { Expectation } from "./sink.js";
import type { WayBack } from "./way-back.js";

/** How long the consumer may take to notice a command, to report, to open its path, in ms. */
const DEADLINE_MS = 5000;
/** How long a packet that was sent back may take, in ms. */
const RETURN_MS = 200;
/** How long a thread that shall be killed may take to look for packets once more, in ms. */
const LOOK_MS = 50;

/** A thread that consumes on a CPU of its own. */
export class ConsumerThread implements FarEnd {
  private readonly what: string;
  /** Whether it looks for packets by itself; an event loop does not. */
  private readonly looks: boolean;
  private readonly control: Control;
  private readonly worker: Worker;
  /** Resolved when the thread has ended and left nothing open. */
  private readonly gone: Promise<void>;
  private readonly back: WayBack | undefined;
  private returnedBefore = 0;
  private threadIdentity = 0;
  private readonly death: AbortController = new AbortController();
  private heard: ((message: ConsumerMessage) => void) | undefined;
  private failed: ((error: Error) => void) | undefined;

  private constructor(spec: ConsumerTask, control: Control, back: WayBack | undefined) {
    this.back = back;
    this.what = spec.path;
    this.looks = pathOf(spec.path).ends === "thread" || spec.language === "c";
    this.control = control;
    const holdings = newHoldingsList();
    const workerData: ConsumerSpec = { ...spec, control: control.buffer, holdings };
    this.worker = new Worker(new URL("./consumer.js", import.meta.url), { workerData });
    this.worker.on("message", (message: ConsumerMessage) => this.heard?.(message));
    this.worker.on("error", (error: Error) => this.die(restoreClass(error)));
    this.gone = new Promise((resolve) => {
      this.worker.on("exit", () => {
        giveBack(holdings);
        this.die(new Error(`Cannot receive by ${this.what}: its thread has ended -> open it again`));
        resolve();
      });
    });
  }

  /** Starts the thread and waits until its path is open. @param back counts what it sends back @throws what opening it threw */
  static async open(spec: ConsumerTask, back?: WayBack): Promise<ConsumerThread> {
    const consumer = new ConsumerThread(spec, new Control(), back);
    try {
      const message = await consumer.message();
      if (message.type === "ready") consumer.threadIdentity = message.tid;
      return consumer;
    } catch (error) {
      await consumer.kill();
      throw error;
    }
  }

  get tid(): number {
    return this.threadIdentity;
  }

  received(): number {
    return this.control.received;
  }

  get ended(): AbortSignal {
    return this.death.signal;
  }

  emptyLooks(): number | null {
    return this.looks ? this.control.emptyLooks : null;
  }

  async begin(expectation: Expectation): Promise<void> {
    this.expect(expectation);
    await this.command(COMMAND.run, true);
  }

  /** As `begin`, but the consumer waits for `drain`: it spins and makes no system call, or sleeps where it shares the injector's CPU. */
  async beginHeld(expectation: Expectation): Promise<void> {
    this.expect(expectation);
    await this.command(COMMAND.hold, true);
  }

  private expect(expectation: Expectation): void {
    this.control.expectation = expectation;
    this.back?.times?.begin(expectation);
  }

  /** Lets a held consumer receive until it has so many packets of this run. @returns False where they did not come in time. */
  drain(target: number, deadlineMs: number): boolean {
    this.startDraining(target);
    return this.waitUntilDrained(deadlineMs);
  }

  /** The first half of `drain`, for who has something to do meanwhile. */
  startDraining(target: number): void {
    this.control.target = target;
    this.control.command = COMMAND.drain;
  }

  /** The second half. */
  waitUntilDrained(deadlineMs: number): boolean {
    const end = performance.now() + deadlineMs;
    while (this.control.command === COMMAND.drain && performance.now() < end) {
      this.control.waitWhile(COMMAND.drain, 1);
    }
    if (this.control.command !== COMMAND.drain) return true;
    this.control.command = COMMAND.hold;
    return false;
  }

  async finish(): Promise<FarReport> {
    const report = this.message();
    report.catch(() => undefined); // where the command below throws first
    await this.command(COMMAND.rest, false);
    const message = await report;
    if (message.type === "ran") return this.withReturned(message);
    throw new Error(
      `Cannot read the run of ${this.what}: its thread said ${message.type} instead -> open it again`,
    );
  }

  /** Adds what came back, where packets are sent back; the last of them may still be on their way. */
  private async withReturned(report: Omit<FarReport, "returned" | "returnedNumbers">): Promise<FarReport> {
    const { back, returnedBefore } = this;
    if (back === undefined) return { ...report, returned: null, returnedNumbers: null };
    const late = performance.now() + RETURN_MS;
    const returned = (): number => back.tally().packets - returnedBefore;
    while (returned() < report.taken.packets && performance.now() < late) await nextTurn();
    const all = returned();
    this.returnedBefore += all;
    const returnedNumbers = back.times?.numbers() ?? null;
    return { ...report, returned: all, returnedNumbers, drops: [...report.drops, ...back.drops()] };
  }

  /** Ends the thread in good order, or by force where it does not answer; either way nothing of it stays open. */
  async close(): Promise<void> {
    if (!this.ended.aborted) this.say(COMMAND.stop);
    const timer = setTimeout(() => void this.worker.terminate(), DEADLINE_MS);
    await this.gone;
    clearTimeout(timer);
  }

  /**
   * Ends the thread by force, and gives back what its path had open and mapped. One that receives has a moment to look once more: inside
   * a call that hands back more than a number, e.g. for the CPU time when a run begins, koffi ends the whole process with it.
   */
  async kill(): Promise<void> {
    await this.lookOnce();
    await this.worker.terminate();
    await this.gone;
  }

  /** Waits until a running thread has looked for packets again, for a moment at most. */
  private async lookOnce(): Promise<void> {
    const { control } = this;
    const [looks, received] = [control.emptyLooks, control.received];
    const end = performance.now() + LOOK_MS;
    const isStill = (): boolean => control.emptyLooks === looks && control.received === received;
    while (control.isRunning && isStill() && performance.now() < end) await nextTurn();
  }

  private say(command: (typeof COMMAND)[keyof typeof COMMAND]): void {
    this.control.command = command;
    this.worker.postMessage("look"); // for a path that lives in the event loop
  }

  /** Gives a command and waits until the thread obeys. */
  private async command(command: (typeof COMMAND)[keyof typeof COMMAND], running: boolean): Promise<void> {
    this.say(command);
    const end = performance.now() + DEADLINE_MS;
    while (this.control.isRunning !== running) {
      this.ended.throwIfAborted();
      if (performance.now() > end) {
        throw new Error(
          `Cannot command the consumer of ${this.what}: it did not answer in ${DEADLINE_MS} ms -> run it again on a quieter machine`,
        );
      }
      this.control.waitForRunning(running, 1);
      await new Promise((resolve) => setImmediate(resolve)); // lets in the news of its death
    }
  }

  private message(): Promise<ConsumerMessage> {
    if (this.ended.aborted) return Promise.reject(this.ended.reason);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `Cannot hear the consumer of ${this.what}: it said nothing in ${DEADLINE_MS} ms -> run it again on a quieter machine`,
            ),
          ),
        DEADLINE_MS,
      );
      const settle = (): void => {
        clearTimeout(timer);
        this.heard = this.failed = undefined;
      };
      this.heard = (message) => {
        settle();
        resolve(message);
      };
      this.failed = (error) => {
        settle();
        reject(error);
      };
    });
  }

  private die(error: Error): void {
    this.death.abort(error); // a second reason changes nothing
    this.failed?.(this.ended.reason as Error);
  }
}
