// What is gained by asking without an exception, and who pays? Three ways to make the same reads of 1 kB from a file in memory: a
// system call each, an io_uring entered once a batch, and an io_uring whose requests a kernel thread takes on another CPU. Each
// is timed; so is the program's own work between the reads; and the CPU time of both threads is booked to the reads.
import { setTimeout as delay } from "node:timers/promises";
import {
  cpuNsOf,
  kernels,
  newPollingThread,
  openMemoryFile,
  pollingThreads,
  threadCpuNs,
} from "../../sys/index.js";
import { cacheSizes } from "../cache-sizes.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant, pointerRing } from "../kernel-variants.js";
import { UringReader } from "../uring-reader.js";

/** What to measure. */
export interface ExceptionLessCostsParams {
  /** Reads in one batch, each 1 to 256. */
  readonly batches: readonly number[];
  /** Reads between two pieces of the program's own work, 1 to 256. */
  readonly readsBetween: number;
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** The three ways; `polled` is null where the lab has no second CPU. */
export interface ThreeWays<T> {
  readonly plain: T;
  readonly oneCall: T;
  readonly polled: T | null;
}

/** One read in a batch of this size. */
export interface BatchPoint {
  readonly batch: number;
  readonly oneCall: Cost;
  readonly polled: Cost | null;
}

/** CPU time for one read, in ns. */
export interface CpuBill {
  readonly own: number;
  readonly poller: number;
}

/** The figure that is guessed is what a read costs in the largest batch. */
export interface ExceptionLessCostsOutcome {
  readonly plain: Cost;
  readonly points: readonly BatchPoint[];
  /** One memory access of the program's own work; `undisturbed` without any reads between. */
  readonly work: ThreeWays<Cost> & { readonly undisturbed: Cost };
  /** CPU time of a read in batches of `readsBetween`. */
  readonly bills: ThreeWays<CpuBill>;
  /** Share of its CPU, 0 to 1, that a polling thread used while nobody asked anything. */
  readonly idlePollerShare: number | null;
}

const READ_BYTES = 1024;
const LINE_BYTES = 64;
/** Short, so that the thread sleeps while the other ways have their turn. */
const SHORT_IDLE_MS = 2;
const LONG_IDLE_MS = 2000;
const BILL_MS = 120;
const SLICE_NS = 20e6;

interface Setting {
  readonly fd: number;
  readonly plainRing: UringReader;
  readonly polledRing: UringReader | null;
}

function variantsOf(
  { fd, plainRing, polledRing }: Setting,
  params: ExceptionLessCostsParams,
): Record<string, Variant> {
  const bytes = cacheSizes().l1 / 2;
  const lines = bytes / LINE_BYTES;
  const walk = pointerRing(bytes).address;
  const { readsBetween, batches } = params;
  const work = (name: string, reads: number, uring: number): Variant => ({
    ...kernelVariant("userWork", `own work, ${name}`, walk, lines, reads, fd, READ_BYTES, uring),
    operations: lines,
  });
  const variants: Record<string, Variant> = {
    plain: kernelVariant("preadFile", "one call a read", fd, READ_BYTES),
    "work undisturbed": work("undisturbed", 0, 0),
    "work plain": work("after calls", readsBetween, 0),
    "work oneCall": work("after one call", readsBetween, plainRing.addressForC),
  };
  const rings = { oneCall: plainRing, polled: polledRing };
  if (polledRing !== null) variants["work polled"] = work("polled", readsBetween, polledRing.addressForC);
  for (const [way, ring] of Object.entries(rings)) {
    if (ring === null) continue;
    for (const batch of batches) {
      const read = kernelVariant("uringRead", `${way}, batches of ${batch}`, ring.addressForC, batch);
      variants[`${way} ${batch}`] = { ...read, operations: batch };
    }
  }
  return variants;
}

/** Makes reads for a while and books the CPU time of both threads to them. */
async function billFor(
  read: (iterations: number) => number,
  readsEach: number,
  context: Context,
): Promise<CpuBill> {
  const pollers = (): number => pollingThreads().reduce((sum, tid) => sum + cpuNsOf(tid), 0);
  const iterations = Math.max(1, Math.round(SLICE_NS / (read(100) / 100)));
  const end = performance.now() + BILL_MS;
  let [own, reads] = [0, 0];
  const before = pollers();
  while (performance.now() < end) {
    const started = threadCpuNs();
    read(iterations);
    own += threadCpuNs() - started;
    reads += iterations * readsEach;
    await context.breathe();
  }
  return { own: own / reads, poller: (pollers() - before) / reads };
}

async function billsOf(
  { fd, plainRing, polledRing }: Setting,
  batch: number,
  context: Context,
): Promise<ThreeWays<CpuBill>> {
  const through = (ring: UringReader): Promise<CpuBill> =>
    billFor((iterations) => kernels.uringRead(iterations, ring.addressForC, batch), batch, context);
  return {
    plain: await billFor((iterations) => kernels.preadFile(iterations, fd, READ_BYTES), 1, context),
    oneCall: await through(plainRing),
    polled: polledRing === null ? null : await through(polledRing),
  };
}

/** How much of its CPU a polling thread uses that was asked once and then nothing more. */
async function idleShare(setting: Setting, cpu: number, context: Context): Promise<number> {
  const before = pollingThreads();
  const ring = new UringReader(
    { fd: setting.fd, lengthBytes: READ_BYTES, close: () => undefined },
    { idleMs: LONG_IDLE_MS, cpu },
  );
  context.onClose(() => ring.close());
  const tid = newPollingThread(before);
  ring.read(1);
  const [began, used] = [performance.now(), cpuNsOf(tid)];
  await delay(2 * BILL_MS, undefined, { signal: context.signal });
  const share = (cpuNsOf(tid) - used) / 1e6 / (performance.now() - began);
  ring.close();
  return Math.min(1, share);
}

async function run(params: ExceptionLessCostsParams, context: Context): Promise<ExceptionLessCostsOutcome> {
  const other = context.cpus.find((cpu) => cpu !== context.cpu);
  const file = openMemoryFile(READ_BYTES);
  context.onClose(() => file.close());
  const open = (idleMs?: number): UringReader => {
    const ring = new UringReader(file, idleMs === undefined ? undefined : { idleMs, cpu: other! });
    context.onClose(() => ring.close());
    return ring;
  };
  const setting: Setting = {
    fd: file.fd,
    plainRing: open(),
    polledRing: other === undefined ? null : open(SHORT_IDLE_MS),
  };
  const costs = await interleave(variantsOf(setting, params), params.rounds, context);
  const bills = await billsOf(setting, params.readsBetween, context);
  setting.polledRing?.close();
  return {
    plain: costs.plain!,
    points: params.batches.map((batch) => ({
      batch,
      oneCall: costs[`oneCall ${batch}`]!,
      polled: costs[`polled ${batch}`] ?? null,
    })),
    work: {
      undisturbed: costs["work undisturbed"]!,
      plain: costs["work plain"]!,
      oneCall: costs["work oneCall"]!,
      polled: costs["work polled"] ?? null,
    },
    bills,
    idlePollerShare: other === undefined ? null : await idleShare(setting, other, context),
  };
}

const experiment: Experiment<ExceptionLessCostsParams, ExceptionLessCostsOutcome> = {
  name: "exception-less-costs",
  module: import.meta.url,
  question: "What does a read cost without an exception of its own, and who pays?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { batches: [1, 2, 4, 8, 16, 32, 64], readsBetween: 16, rounds: 15 },
  unseen: [
    "instructions per cycle, in which FlexSC measured: that takes a performance counter",
    "a program that does other work while the thread reads: this one waits for each batch",
    "a polling thread on a CPU that somebody else wants too",
  ],
  headline: ({ points }) => points.at(-1)!.oneCall.ns,
  run,
};
export default experiment;
