// How many system calls does a server make for a message? One echo program answers datagrams, first on Linux's sockets, then
// on the same calls as a library over our stack and AF_XDP. The kernel counts the calls of the thread that serves.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { machineClock, openStackOn } from "../../links/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { DatagramEcho, KernelSockets, type Sockets, StackSockets } from "../../sockets/index.js";
import { inNamespace, threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import type { EchoClientSpec, EchoOrder, EchoReport } from "../echo-client.js";
import type { Context, Experiment } from "../experiment.js";

/** What to count. */
export interface EchoCallsParams {
  /** Messages of each run. */
  readonly messages: number;
  /** Messages on their way at once, each 1 to 64. */
  readonly windows: readonly number[];
}

/** What one run took. */
export interface EchoRun {
  readonly sockets: "kernel" | "library";
  readonly window: number;
  readonly messages: number;
  /** System calls of the serving thread about packets, by name. */
  readonly calls: Readonly<Record<string, number>>;
  readonly callsPerMessage: number;
}

/** The counts. The figure that is guessed is the library's calls a message with the largest window. */
export interface EchoCallsOutcome {
  readonly runs: readonly EchoRun[];
}

const PORT = 7; // RFC 862, the echo protocol
const WAIT_MS = 1;
/** How long the server may be deaf to everything but its socket. */
const SLICE_MS = 50;
/** Calls that are about packets. The rest (futex, madvise, ...) is the language's runtime. */
const ABOUT_PACKETS = ["recvfrom", "sendto", "poll"];

interface Setting {
  readonly server: DatagramEcho;
  readonly client: Worker;
  readonly done: Int32Array;
}

/** A wire, the sockets of its host b, and a client on host a. */
async function open(which: EchoRun["sockets"], context: Context): Promise<Setting> {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const address = testbed.end("b").addresses[0]!.split("/")[0]!;
  const at = { address, port: PORT };
  const server =
    which === "kernel"
      ? inNamespace(testbed.path("b"), () => new DatagramEcho(new KernelSockets(), at))
      : new DatagramEcho(library(testbed), at);
  context.onClose(() => server.close());
  const cpu = context.cpus.find((other) => other !== context.cpu) ?? context.cpu;
  const done = new SharedArrayBuffer(4);
  const workerData: EchoClientSpec = { namespace: testbed.path("a"), server: at, cpu, done };
  const client = new Worker(new URL("../echo-client.js", import.meta.url), { workerData });
  context.onClose(async () => void (await client.terminate()));
  await once(client, "message"); // it is ready
  return { server, client, done: new Int32Array(done) };
}

function library(testbed: Testbed): Sockets {
  const { stack } = openStackOn(testbed, { sendsLater: true });
  return new StackSockets(stack, { nowMs: () => machineClock.nowMs(), pump: () => void stack.poll() });
}

async function count(
  { server, client, done }: Setting,
  which: EchoRun["sockets"],
  order: EchoOrder,
  context: Context,
): Promise<{ readonly run: EchoRun; readonly repeated: number }> {
  Atomics.store(done, 0, 0);
  client.postMessage(order);
  const report = once(client, "message", { signal: context.signal }) as Promise<[EchoReport]>;
  const serve = async (): Promise<void> => {
    while (Atomics.load(done, 0) === 0) {
      const sliceMs = performance.now() + SLICE_MS;
      while (Atomics.load(done, 0) === 0 && performance.now() < sliceMs) server.turn(WAIT_MS);
      await context.breathe();
    }
  };
  const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, serve);
  const [{ repeated }] = await report;
  const calls = Object.fromEntries(ABOUT_PACKETS.map((name) => [name, counts.syscalls.byName[name] ?? 0]));
  const total = Object.values(calls).reduce((sum, each) => sum + each, 0);
  return { run: { sockets: which, ...order, calls, callsPerMessage: total / order.messages }, repeated };
}

async function run({ messages, windows }: EchoCallsParams, context: Context): Promise<EchoCallsOutcome> {
  const wrong = windows.find((window) => !(Number.isInteger(window) && window >= 1 && window <= 64));
  if (wrong !== undefined || windows.length === 0) {
    throw new RangeError(
      `Cannot keep ${wrong ?? "no"} messages on their way -> try windows of 1 to 64, e.g. [1, 8, 32]`,
    );
  }
  const runs: EchoRun[] = [];
  for (const which of ["kernel", "library"] as const) {
    const setting = await open(which, context);
    // From here on the code is warm, and the stack knows its neighbour: what waited for that may have been lost.
    await count(setting, which, { messages: 256, window: 8 }, context);
    for (const window of windows) {
      const { run, repeated } = await count(setting, which, { messages, window }, context);
      if (repeated > 0) {
        throw new Error(`Cannot count: ${repeated} datagrams were lost -> run it again on a quieter machine`);
      }
      runs.push(run);
      await context.breathe();
    }
  }
  return { runs };
}

const experiment: Experiment<EchoCallsParams, EchoCallsOutcome> = {
  name: "echo-calls",
  module: import.meta.url,
  question:
    "How many system calls does an echo server make for a message, on Linux's sockets and on a library?",
  needs: ["root"],
  unit: "calls",
  defaults: { messages: 4096, windows: [1, 8, 32] },
  unseen: [
    "a network card with zero-copy AF_XDP, where sending takes no call either while the driver is awake",
    "the work of a call: a kick to send does a whole batch's",
    "the client, which asks by Linux's sockets both times",
  ],
  headline: ({ runs }) => runs.filter(({ sockets }) => sockets === "library").at(-1)!.callsPerMessage,
  run,
};
export default experiment;
