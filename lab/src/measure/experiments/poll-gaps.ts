// A program that never sleeps should look at its ring every few nanoseconds. How long was nobody there? Two loops look at the
// same empty AF_XDP ring in turns, one in TypeScript and one in C, and record the time since the look before. What both show
// is the machine: interrupts, other threads, the hypervisor. What only TypeScript shows is its engine.
import { type Bucket, cdfPoints, cdfValueAt, LogHistogram } from "../../stats/index.js";
import { kernels, mapAnonymous } from "../../sys/index.js";
import { describeForC, openReceiver, type XdpSocket } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

export interface PollGapsParams {
  /** How long each language looks, in seconds. */
  readonly seconds: number;
}

/** Gaps of one language, in ns. */
export interface Gaps {
  readonly looks: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  readonly maxNs: number;
  /** Gaps above 20 µs: a veth's ring of 256 slots is full after 64 µs at 4 million packets a second. */
  readonly above20Us: number;
  readonly buckets: readonly Bucket[];
}

export interface PollGapsOutcome {
  readonly typescript: Gaps;
  readonly c: Gaps;
  /** p99.9 of TypeScript over that of C. Half of a short gap is the clock, which is dearer to read from JavaScript. */
  readonly p999Ratio: number;
}

const PRECISION_BITS = 5;
const PIECES = 2 ** PRECISION_BITS;
const BUCKETS = 60 * PIECES;
/** One turn takes so long: the stop button works between turns. */
const SLICE_MS = 40;
const CALIBRATION_LOOKS = 100_000;
const LONG_GAP_NS = 20_000;

/** The C loop of poll_gaps.c, in TypeScript. */
function look({ rxRing }: XdpSocket, looks: number, gaps: LogHistogram): number {
  const start = performance.now();
  let last = start;
  let packets = 0;
  for (let i = 0; i < looks; i++) {
    packets += rxRing.peek(1);
    const now = performance.now();
    gaps.recordValue((now - last) * 1e6);
    last = now;
  }
  return (last - start) * 1e6 + (packets & 0);
}

/** Lower end of a bucket, as `poll_gaps.c` fills them. */
function lowOf(index: number): number {
  if (index < PIECES) return index;
  const shift = Math.floor(index / PIECES) - 1;
  return (index - shift * PIECES) * 2 ** shift;
}

function bucketsOfC(counts: BigUint64Array): Bucket[] {
  return [...counts]
    .map((count, index) => ({ low: lowOf(index), high: lowOf(index + 1) - 1, count: Number(count) }))
    .filter(({ count }) => count > 0);
}

function gapsOf(buckets: readonly Bucket[]): Gaps {
  const points = cdfPoints(buckets);
  const sum = (some: readonly Bucket[]): number => some.reduce((total, { count }) => total + count, 0);
  return {
    looks: sum(buckets),
    p50Ns: cdfValueAt(points, 0.5),
    p99Ns: cdfValueAt(points, 0.99),
    p999Ns: cdfValueAt(points, 0.999),
    maxNs: cdfValueAt(points, 1),
    above20Us: sum(buckets.filter(({ low }) => low > LONG_GAP_NS)),
    buckets,
  };
}

async function run({ seconds }: PollGapsParams, context: Context): Promise<PollGapsOutcome> {
  let receiver: ReturnType<typeof openReceiver> | undefined;
  context.onClose(() => receiver?.close());
  receiver = openReceiver({ ringSize: 256, frames: 512 });
  const { socket } = receiver;
  const { address } = describeForC(socket);
  const memory = mapAnonymous(BUCKETS * 8);
  const counts = new BigUint64Array(memory.buffer);
  const byC = (looks: number): number => kernels.pollGaps(looks, address, memory.address);
  let gaps = new LogHistogram(PRECISION_BITS);
  for (let i = 0; i < 3; i++) look(socket, CALIBRATION_LOOKS, gaps); // the compiler warms up
  const looks = {
    typescript: (CALIBRATION_LOOKS * SLICE_MS * 1e6) / look(socket, CALIBRATION_LOOKS, gaps),
    c: (CALIBRATION_LOOKS * SLICE_MS * 1e6) / byC(CALIBRATION_LOOKS),
  };
  gaps = new LogHistogram(PRECISION_BITS);
  counts.fill(0n);
  const slices = Math.ceil((seconds * 1000) / SLICE_MS);
  for (let slice = 0; slice < slices; slice++) {
    look(socket, Math.ceil(looks.typescript), gaps);
    await context.breathe();
    byC(Math.ceil(looks.c));
    await context.breathe();
    context.progress(slice / slices, `slice ${slice} of ${slices}`);
  }
  const [typescript, c] = [gapsOf(gaps.buckets()), gapsOf(bucketsOfC(counts))];
  return { typescript, c, p999Ratio: typescript.p999Ns / c.p999Ns };
}

const experiment: Experiment<PollGapsParams, PollGapsOutcome> = {
  name: "poll-gaps",
  module: import.meta.url,
  question: "How long is a loop that never sleeps not there?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { seconds: 2 },
  unseen: ["gaps while packets come: the ring is empty", "garbage collection: neither loop allocates"],
  headline: ({ p999Ratio }) => p999Ratio,
  run,
};
export default experiment;
