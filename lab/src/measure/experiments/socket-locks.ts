// Does a socket that two threads share make them wait for each other? Two threads pass bytes through one TCP connection, then through
// a connection each; beside it a pipe, whose lock is a mutex that the tracepoint for locks knows. Waits are counted, not timed.
import { NotSupportedError } from "../../base/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { IPPROTO_TCP, kernels, openPipe, setSocketOption, TCP_NODELAY } from "../../sys/index.js";
import { type Contention, countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";
import { openTcpPair } from "../tcp-pair.js";

/** How much to pass. */
export interface SocketLocksParams {
  /** Bytes that each thread writes and reads, one by one, 1 or more. */
  readonly bytes: number;
}

/** What two threads went through, and whether both went through the same one. */
export type SharedWire = "one connection" | "a connection each" | "one pipe" | "a pipe each";

/** What two threads waited for. */
export interface SocketLocksRow {
  readonly wire: SharedWire;
  /** Calls of both threads that took the lock: a write and a read for each byte. */
  readonly calls: number;
  /** Times that a thread slept because the other one owned the socket. */
  readonly socketWaits: number;
  /** Locks that the tracepoint `contention_begin` says were found taken, by kind and place. */
  readonly contentions: readonly Contention[];
}

/** The counts. The figure that is guessed is the waits for one connection's owner. */
export interface SocketLocksOutcome {
  readonly rows: readonly SocketLocksRow[];
}

interface Wire {
  readonly from: number;
  readonly to: number;
}

function openConnection(testbed: Testbed): Wire {
  const pair = openTcpPair(testbed);
  // Else a byte waits until the one before it is acknowledged.
  setSocketOption(pair.from, IPPROTO_TCP, TCP_NODELAY, Uint8Array.of(1, 0, 0, 0), "TCP_NODELAY");
  return pair;
}

function openWires(context: Context): Readonly<Record<SharedWire, readonly [Wire, Wire]>> {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const connections = [openConnection(testbed), openConnection(testbed)] as const;
  const pipes = [openPipe(), openPipe()] as const;
  for (const pipe of pipes) context.onClose(() => pipe.close());
  return {
    "one connection": [connections[0], connections[0]],
    "a connection each": connections,
    "one pipe": [pipes[0], pipes[0]],
    "a pipe each": pipes,
  };
}

async function run({ bytes }: SocketLocksParams, context: Context): Promise<SocketLocksOutcome> {
  if (!(Number.isInteger(bytes) && bytes >= 1)) {
    throw new RangeError(`Cannot pass ${bytes} bytes: not a whole number above 0 -> try 20000`);
  }
  const here = context.cpu;
  const there = context.cpus.find((cpu) => cpu !== here);
  if (there === undefined) {
    throw new NotSupportedError(
      "two threads that meet at a lock",
      "two CPUs",
      "one CPU",
      "give the machine another one",
    );
  }
  const rows: SocketLocksRow[] = [];
  for (const [wire, [mine, theirs]] of Object.entries(openWires(context))) {
    const pass = (times: number) =>
      kernels.sharedWire(times, mine.from, mine.to, theirs.from, theirs.to, here, there);
    pass(1); // loads the library
    const { counts } = await countDuring({ locks: { pids: [process.pid] } }, () => pass(bytes));
    if (counts.uncounted > 0) {
      throw new Error(`Cannot tell who waited: ${counts.uncounted} waits were not counted -> run it again`);
    }
    const { sockets, contentions } = counts.locks;
    rows.push({ wire: wire as SharedWire, calls: 4 * bytes, socketWaits: sockets, contentions });
    await context.breathe();
  }
  return { rows };
}

const experiment: Experiment<SocketLocksParams, SocketLocksOutcome> = {
  name: "socket-locks",
  module: import.meta.url,
  question: "Does a socket that two threads share make them wait for each other?",
  needs: ["root", "compiled"],
  unit: "waits",
  defaults: { bytes: 20_000 },
  unseen: [
    "spins of the second CPU: who finds a spin lock taken and nobody else waiting sets a bit and spins, and contention_begin is told of those only that come after it; so its spin locks are a lower bound",
    "how long anybody waited: tracing makes the waits longer",
    "packets that came while the socket had an owner: they go to its backlog, and nobody waits",
  ],
  headline: ({ rows }) => rows[0]!.socketWaits,
  run,
};
export default experiment;
