// Experiments in their child process: that they can be stopped in time, and that nothing of them outlives them.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type Experiment, predict, type Result, runExperiment } from "ringside/measure";
import { afterEach, describe, expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

const guess = predict(1, "calls");
const fixture = (name: string): string => new URL(`./fixtures/${name}.mjs`, import.meta.url).href;
const started: ChildProcess[] = [];

workInScratch("run");
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

async function load(name: string): Promise<Experiment<object, unknown>> {
  return ((await import(fixture(name))) as { default: Experiment<object, unknown> }).default;
}

/** Living processes whose parent is `pid`. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : Number(parent);
  } catch {
    return null;
  }
}

const exists = (pid: number): boolean => parentOf(String(pid)) !== null;

function namespacesOf(pid: number): string[] {
  return readdirSync("/run/netns").filter((name) => name.startsWith(`rs-${pid}-`));
}

async function until(what: string, condition: () => boolean, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`);
    await new Promise((turn) => setTimeout(turn, 5));
  }
}

interface Started {
  readonly result: Promise<Result<unknown>>;
  readonly child: number;
  readonly stop: AbortController;
}

/** Starts an experiment and waits until it holds its testbed. */
async function startHolding(name: string): Promise<Started> {
  const stop = new AbortController();
  const before = childrenOf(process.pid);
  let holds = false;
  const onProgress = ({ text }: { text: string }): void => {
    holds ||= text.startsWith("holding");
  };
  const result = runExperiment(await load(name), { guess, signal: stop.signal, onProgress });
  await until("the testbed", () => holds, 20_000);
  const child = childrenOf(process.pid).find((pid) => !before.includes(pid))!;
  expect(namespacesOf(child)).toHaveLength(2);
  return { result, child, stop };
}

describe("the stop button", () => {
  test.each([
    ["long", "an experiment that breathes"],
    ["stuck", "an experiment that never breathes"],
  ])("ends %s within 300 ms and leaves nothing (%s)", async (name) => {
    const { result, child, stop } = await startHolding(name);
    const pressed = performance.now();
    stop.abort();
    const { status } = await result;
    const tookMs = performance.now() - pressed;
    expect(status).toBe("aborted");
    expect(exists(child)).toBe(false);
    expect(namespacesOf(child)).toEqual([]);
    expect(tookMs).toBeLessThan(300);
  });

  test("is taken from the notebook kernel where nobody passed another", async () => {
    const symbol = Symbol.for("ringside.interrupt");
    const button = new AbortController();
    const holder = globalThis as { [symbol]?: { signal: AbortSignal } };
    holder[symbol] = { signal: button.signal };
    try {
      const result = runExperiment(await load("long"), { guess, onProgress: () => button.abort() });
      expect((await result).status).toBe("aborted");
    } finally {
      delete holder[symbol];
    }
  });

  test("that was pressed before the start starts nothing", async () => {
    const before = childrenOf(process.pid);
    const result = await runExperiment(await load("long"), { guess, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ status: "aborted", next: "run the cell again" });
    expect(childrenOf(process.pid)).toEqual(before);
  });
});

describe("an experiment that fails", () => {
  test("by a crash is one clear error, and its network is gone", async () => {
    const run = runExperiment(await load("crash"), { guess });
    const { message } = (await run.catch((error: unknown) => error)) as Error;
    const words = /ended by SIGSEGV after "holding rs-(\d+)-.*"; nothing of it is running any more -> /.exec(
      message,
    );
    expect(words, message).not.toBeNull();
    expect(exists(Number(words![1]))).toBe(false);
    expect(namespacesOf(Number(words![1]))).toEqual([]);
  });

  test("by an exception is that exception, with its name and fields", async () => {
    const run = runExperiment(await load("refusal"), { guess });
    await expect(run).rejects.toMatchObject({
      name: "NotSupportedError",
      needs: "antimatter",
      message: "Cannot use warp drive: it needs antimatter; found none -> take the train",
    });
  });

  test("does not keep the next one from running", async () => {
    const failing = runExperiment(await load("refusal"), { guess });
    const next = runExperiment(await load("long"), { guess, signal: AbortSignal.timeout(500) });
    await expect(failing).rejects.toThrow("warp drive");
    expect((await next).status).toBe("aborted");
  });

  test("before it began, for want of a guess, says so at once", async () => {
    const experiment = await load("long");
    expect(() => runExperiment(experiment, {} as never)).toThrow("Cannot measure without a guess");
    expect(() => runExperiment(experiment, { guess: predict(1, "ns") })).toThrow(TypeError);
  });
});

describe("a parent that is killed", () => {
  /** Starts a parent with an experiment of its own, and kills it once that holds its testbed. */
  async function killParentOf(name: string): Promise<number> {
    const script = new URL("./fixtures/parent.mjs", import.meta.url).pathname;
    const parent = spawn(process.execPath, [script, fixture(name)]);
    started.push(parent);
    let said = "";
    parent.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until("the testbed", () => said.includes("holding"), 20_000);
    const [child] = childrenOf(parent.pid!);
    expect(namespacesOf(child!)).toHaveLength(2);
    parent.kill("SIGKILL");
    return child!;
  }

  test("leaves no child and no network", async () => {
    const child = await killParentOf("long");
    await until("the child's end", () => !exists(child) && namespacesOf(child).length === 0, 2000);
  });

  test("leaves no child even where that never breathes again", async () => {
    const child = await killParentOf("stuck");
    await until("the child's end", () => !exists(child), 15_000);
    const { resetLab } = await import("ringside/net");
    resetLab();
    expect(namespacesOf(child)).toEqual([]);
  });
});
