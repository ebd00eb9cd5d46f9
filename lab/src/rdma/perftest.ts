// perftest's programs, the yardstick of RDMA: each runs as two processes, one at either end, and the near one prints what it measured.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { NotSupportedError } from "../base/index.js";
import { patient } from "../sys/index.js";
import { openRdma } from "./device.js";
import { atEnd, type RdmaEnd } from "./end.js";
import type { RdmaWire } from "./wire.js";

/** Programs that are used here. @source https://github.com/linux-rdma/perftest */
export type PerftestProgram = "ib_read_lat" | "ib_write_bw" | "ib_write_lat";

/** What to measure with it. */
export interface PerftestSpec {
  /** Length of a message. */
  readonly bytes: number;
  readonly iterations: number;
}

const PORT = 18_536;
const LISTENING = "0A"; // proc(5), /proc/net/tcp
const TCP_SOCKETS = ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"];

/**
 * Reads the table at the end of what perftest prints.
 *
 * @returns Its last row by the heads of its columns, e.g. `t_typical[usec]`.
 * @throws Error where there is no table
 */
export function parsePerftest(text: string): Readonly<Record<string, number>> {
  const lines = text.split("\n");
  const at = lines.findLastIndex((line) => line.trimStart().startsWith("#bytes"));
  // A head may have one blank, as "99% percentile[usec]"; columns have more, or a bracket, between them.
  const heads = lines[at]?.match(/#\w+|[\w.%]+(?: \w+)?\[[^\]]+\]/g) ?? [];
  const values = lines[at + 1]?.trim().split(/\s+/).map(Number) ?? [];
  if (at < 0 || heads.length === 0 || heads.length !== values.length || values.some(Number.isNaN)) {
    throw new Error(
      `Cannot read what perftest printed: no table in ${JSON.stringify(text.slice(-200))} -> run it by hand`,
    );
  }
  return Object.fromEntries(heads.map((head, i) => [head, values[i]!]));
}

/**
 * Runs a program of perftest on a wire, to its end.
 *
 * @throws NotSupportedError where perftest is not installed.
 */
export async function runPerftest(
  wire: RdmaWire,
  program: PerftestProgram,
  { bytes, iterations }: PerftestSpec,
): Promise<Readonly<Record<string, number>>> {
  const words = (end: RdmaEnd): string[] => [
    ...["-d", end.device, "-x", `${gidIndexOf(end)}`, "-p", `${PORT}`],
    ...["-s", `${bytes}`, "-n", `${iterations}`],
  ];
  const far = atEnd(wire.far, () => spawn(program, words(wire.far), { stdio: "ignore" }));
  try {
    await listens(far, program, wire.far);
    const near = [...words(wire.near), wire.far.address];
    const options = { timeout: patient(10_000) };
    const { ran } = atEnd(wire.near, () => ({ ran: promisify(execFile)(program, near, options) }));
    return parsePerftest((await ran).stdout);
  } finally {
    far.kill("SIGKILL");
  }
}

function gidIndexOf({ device, address }: RdmaEnd): number {
  const opened = openRdma(device);
  try {
    return opened.gidIndex(address);
  } finally {
    opened.close();
  }
}

async function listens(far: ChildProcess, program: string, end: RdmaEnd): Promise<void> {
  const failed = once(far, "error").then(([error]) => {
    throw error;
  });
  try {
    await Promise.race([failed, once(far, "spawn")]);
  } catch {
    throw new NotSupportedError(program, "perftest", "no such program", "run sh vm/provision.sh vm");
  }
  failed.catch(() => undefined);
  const sign = `:${PORT.toString(16).toUpperCase()} `;
  const deadline = performance.now() + patient(2000);
  const isOpen = (): boolean =>
    atEnd(end, () => TCP_SOCKETS.map((file) => readFileSync(file, "utf8")))
      .flatMap((table) => table.split("\n"))
      .some((line) => line.includes(sign) && line.includes(` ${LISTENING} `));
  while (!isOpen()) {
    if (far.exitCode !== null || performance.now() > deadline)
      throw new Error(`Cannot start ${program}: its far end does not listen -> run it by hand`);
    await delay(20);
  }
}
