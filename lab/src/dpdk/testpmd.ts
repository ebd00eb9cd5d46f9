// DPDK's own test program, driven through its prompt: a command in, an answer out, and behind it a thread that never
// sleeps. It is a process of its own, with its own way to end: it stops when its input closes, so it outlives neither us nor
// our death; and a testbed that is closed ends whatever runs inside it.
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { NotSupportedError } from "../base/index.js";
import { makeTemporaryFolder, type Testbed } from "../net/index.js";
import { commandLine, type TestpmdSpec } from "./command-line.js";
import { type PortStats, parsePortStats } from "./port-stats.js";
import { Prompt } from "./prompt.js";

/** Starting, it says so where its driver refused the interface, and then waits for commands all the same. */
const NO_PORT = "testpmd: No probed ethernet devices";
const QUIT_WITHIN_MS = 5000;
const TOLD_LINES = 4;

/** The last lines of output that say something. */
function lastWords(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-TOLD_LINES)
    .join("; ");
}

/** A testpmd that runs. Start it by `Testpmd.start`. */
export class Testpmd {
  readonly spec: TestpmdSpec;
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private readonly ended: Promise<void>;
  private readonly prompt: Prompt;

  private constructor(spec: TestpmdSpec, child: ChildProcess, folder: string) {
    this.spec = spec;
    this.child = child;
    this.folder = folder;
    this.pid = child.pid ?? 0;
    this.prompt = new Prompt(child.stdin!, child.stdout!);
    child.stderr!.resume();
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => this.prompt.end(error)).once("close", () => resolve());
      child.once("close", (code, signal) =>
        this.prompt.end(this.failure(`it ended with ${signal ?? `exit code ${code}`}`, this.prompt.unread)),
      );
    });
  }

  /**
   * Starts it inside a host and waits for its prompt, about half a second. Nothing is forwarded yet.
   *
   * @throws NotSupportedError where dpdk-testpmd is not installed; Error with its own last words where it ends at once.
   */
  static async start(testbed: Testbed, host: string, spec: TestpmdSpec): Promise<Testpmd> {
    const folder = makeTemporaryFolder("dpdk");
    const [program, ...args] = commandLine(spec, folder);
    const testpmd = testbed.own(new Testpmd(spec, testbed.spawn(host, program!, ...args), folder));
    try {
      const words = await testpmd.prompt.first();
      if (words.includes(NO_PORT)) throw testpmd.failure("it found no port", words.split(NO_PORT)[0]!);
      return testpmd;
    } catch (error) {
      testpmd.close();
      throw error;
    }
  }

  /** Gives a command and returns what it answers, without the prompt. @throws Error where it has ended, or says nothing for 5 s. */
  ask(command: string): Promise<string> {
    return this.prompt.ask(command);
  }

  /** Lets its other thread look at the port, again and again until it is stopped. */
  async forward(): Promise<void> {
    await this.ask("start");
  }

  /** Stops that. */
  async stop(): Promise<void> {
    await this.ask("stop");
  }

  /** Sets how many packets one look takes, 1 to 512; takes effect at the next `forward`. */
  async setBurst(packets: number): Promise<void> {
    const answer = await this.ask(`set burst ${packets}`);
    if (answer.includes("ignored")) {
      throw new RangeError(`Cannot set a burst of ${packets}: testpmd says ${lastWords(answer)} -> try 32`);
    }
  }

  /** The port's counters, as it tells them. */
  async stats(): Promise<PortStats> {
    return parsePortStats(await this.ask("show port stats 0"));
  }

  /** CPU time of its forwarding thread so far, in ns. @source proc(5), /proc/pid/task/tid/schedstat */
  forwardCpuNs(): number {
    return Number(readFileSync(`${this.forwardTask()}/schedstat`, "utf8").split(" ")[0]);
  }

  /** The forwarding thread's id, for counters. */
  forwardTid(): number {
    return Number(this.forwardTask().split("/").at(-1));
  }

  /** Ends it in good order: ports are closed, programs detached. */
  async quit(): Promise<void> {
    this.child.stdin!.end();
    const timer = setTimeout(() => this.close(), QUIT_WITHIN_MS);
    await this.ended;
    clearTimeout(timer);
    this.close();
  }

  /** Ends it at once. A second call does nothing. */
  close(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private forwardTask(): string {
    const folder = `/proc/${this.pid}/task`;
    const tid = readdirSync(folder).find((task) =>
      /^(lcore|rte)-worker-1$/m.test(readFileSync(`${folder}/${task}/comm`, "utf8")),
    );
    if (tid !== undefined) return `${folder}/${tid}`;
    throw new Error(
      `Cannot find the forwarding thread of testpmd ${this.pid}: no thread is named so -> start it again, or see \`npx ringside doctor\``,
    );
  }

  private failure(how: string, words: string): Error {
    const { driver, device = "no interface" } = this.spec;
    if (/dpdk-testpmd.*No such file/i.test(words)) {
      return new NotSupportedError("DPDK", "dpdk-testpmd", "no such program", "apt-get install dpdk-dev");
    }
    const last = lastWords(words);
    const said =
      last === "" ? "it said nothing -> start it again" : `its last words: ${last} -> mend what they name`;
    return new Error(
      `Cannot run testpmd with ${driver} on ${device}: ${how}; ${said}, or see \`npx ringside doctor\``,
    );
  }
}
