// The load: short connections at intended times. Its loop is kernels/native/connect_load.c; here are its orders and its account.
import { LogHistogram } from "../stats/index.js";
import { errnoName, ipv4SocketAddress, type Mapping, mapAnonymous, unmap } from "../sys/index.js";
import type { KernelThread } from "./kernel-thread.js";
import { Words } from "./words.js";

/** What one client does. */
export interface LoadSpec {
  /** Connections, each opened once. */
  readonly connections: number;
  /** Questions on each, 1 or more. */
  readonly requests: number;
  /** Connections a second, at intended times (open loop); null opens the next as soon as one has ended (closed loop). */
  readonly ratePerSecond: number | null;
  /** How many may be open at once, 1 to 4096. An open loop whose window is full starts late, and that counts into the latency. */
  readonly window: number;
  /** After so long without an event, what is still open has timed out; 4000 ms unless given. */
  readonly patienceMs?: number;
}

/** What became of the connections of one client. */
export interface LoadTally {
  readonly cpu: number;
  readonly completed: number;
  readonly answers: number;
  /** Connections that failed, by errno: ECONNREFUSED, ECONNRESET, ETIMEDOUT, ... */
  readonly errors: Readonly<Record<string, number>>;
  /** Started more than an interval after their time. */
  readonly late: number;
  readonly mostOpen: number;
  readonly elapsedNs: number;
  readonly cpuNs: number;
  /** From the intended start to the last answer, of every connection that completed. */
  readonly latencyNs: LogHistogram;
}

// struct lab_load of kernels/native/connect_load.c
const FIELDS = [
  "server",
  "connections",
  "intervalNs",
  "window",
  "requests",
  "patienceMs",
  "latencies",
  "completed",
  "answers",
  "late",
  "mostOpen",
] as const;
const ERRNOS = 256;
const MOST_WINDOW = 4096;
/** A lost SYN is sent again after a second, and after two more: what is silent for longer has timed out. */
const PATIENCE_MS = 4000;

/** @throws RangeError for what the client's loop cannot do */
function check({ connections, requests, window, ratePerSecond }: LoadSpec): void {
  const whole = [connections, requests, window].every((count) => Number.isInteger(count) && count >= 1);
  if (whole && window <= MOST_WINDOW && (ratePerSecond === null || ratePerSecond > 0)) return;
  throw new RangeError(
    `Cannot open ${connections} connections of ${requests} questions, ${window} at once, ${ratePerSecond} a second: whole numbers from 1, at most ${MOST_WINDOW} at once and a rate above 0 are possible -> try 1000, 1, 256 and 5000`,
  );
}

/** Opens connections from a thread to a server, and waits until all have ended. */
export async function runLoad(
  thread: KernelThread,
  spec: LoadSpec,
  address: string,
  port: number,
): Promise<LoadTally> {
  check(spec);
  const words = new Words(FIELDS, ERRNOS);
  const server = mapAnonymous(16);
  const latencies = mapAnonymous(8 * spec.connections);
  try {
    new Uint8Array(server.buffer).set(ipv4SocketAddress(address, port));
    words.set({
      server: server.address,
      connections: spec.connections,
      intervalNs: spec.ratePerSecond === null ? 0 : Math.max(1, Math.round(1e9 / spec.ratePerSecond)),
      window: spec.window,
      requests: spec.requests,
      patienceMs: spec.patienceMs ?? PATIENCE_MS,
      latencies: latencies.address,
    });
    const run = await thread.run("connectLoad", words.address);
    return {
      cpu: thread.cpu,
      completed: words.get("completed"),
      answers: words.get("answers"),
      errors: errorsOf(words.more()),
      late: words.get("late"),
      mostOpen: words.get("mostOpen"),
      ...run,
      latencyNs: histogramOf(latencies, spec.connections),
    };
  } finally {
    words.close();
    unmap(server);
    unmap(latencies);
  }
}

function errorsOf(counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(
    counts.flatMap((count, errno) => (count > 0 ? [[errnoName(errno), count] as const] : [])),
  );
}

function histogramOf({ buffer }: Mapping, connections: number): LogHistogram {
  const histogram = new LogHistogram();
  for (const ns of new BigUint64Array(buffer, 0, connections)) if (ns > 0n) histogram.recordValue(Number(ns));
  return histogram;
}
