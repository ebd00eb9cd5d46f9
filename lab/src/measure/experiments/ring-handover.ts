// Does a ring need a lock, or the kernel, to hand entries from one thread to another? The same numbers go through a ring, one
// at a time and 64 at a time, and through a mailbox of one place, whose sides sleep until it is their turn. What counts is how
// often the kernel put a thread to sleep; the mailbox is there to show that the counter sees it.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { AddrConsumer, type RingMemory, ringBytes, viewRing } from "../../ring/index.js";
import type { Context, Experiment } from "../experiment.js";
import {
  type HandoverOrder,
  MAILBOX,
  MAILBOX_EMPTY,
  MAILBOX_FULL,
  type ProducerSpec,
  timesAsleep,
} from "../ring-producer.js";

/** How much to hand over. */
export interface RingHandoverParams {
  /** Entries, 1 or more. */
  readonly entries: number;
  /** Slots of the ring, a power of two of 64 or more. */
  readonly ringSize: number;
  /** Entries through the mailbox: fewer, for on a busy machine each may wait a while for its turn. */
  readonly mailboxEntries: number;
}

/** One way of handing over, and what it took. */
export interface Handover {
  readonly name: string;
  readonly entries: number;
  /** Entries that were not the next number. */
  readonly outOfOrder: number;
  /** How often each side was put to sleep to wait. */
  readonly producerSlept: number;
  readonly consumerSlept: number;
}

/** What was seen. */
export interface RingHandoverOutcome {
  readonly oneByOne: Handover;
  readonly batched: Handover;
  readonly mailbox: Handover;
  /** Where the ring's cursors stood in the end. */
  readonly cursors: { readonly producer: number; readonly consumer: number };
}

const BATCH = 64;

/** What both threads see, and the thread that produces. */
interface Setting {
  readonly ring: RingMemory;
  readonly mailbox: Int32Array;
  readonly worker: Worker;
}

/** Takes numbers from the ring until all have come. @returns How many were not the next one. */
function consumeFromRing(ring: AddrConsumer, entries: number): number {
  let wrong = 0;
  for (let next = 0; next < entries; ) {
    const ready = ring.peek(BATCH);
    const first = ring.cursor;
    for (let i = 0; i < ready; i++) if (ring.read(first + i) !== next++) wrong++;
    ring.release(ready);
  }
  return wrong;
}

function consumeFromMailbox(words: Int32Array, entries: number): number {
  let wrong = 0;
  for (let next = 0; next < entries; next++) {
    while (Atomics.load(words, MAILBOX.state) === MAILBOX_EMPTY)
      Atomics.wait(words, MAILBOX.state, MAILBOX_EMPTY);
    if (words[MAILBOX.value] !== next) wrong++;
    Atomics.store(words, MAILBOX.state, MAILBOX_EMPTY);
    Atomics.notify(words, MAILBOX.state);
  }
  return wrong;
}

async function handOver(
  { ring, mailbox, worker }: Setting,
  name: string,
  entries: number,
  batch: number,
): Promise<Handover> {
  const answered = once(worker, "message");
  worker.postMessage({ entries, batch } satisfies HandoverOrder);
  const consumer = new AddrConsumer(ring);
  waitForFirst(ring, mailbox);
  const before = timesAsleep();
  const outOfOrder = batch === 0 ? consumeFromMailbox(mailbox, entries) : consumeFromRing(consumer, entries);
  const consumerSlept = timesAsleep() - before;
  const [producerSlept] = (await answered) as [number];
  return { name, entries, outOfOrder, producerSlept, consumerSlept };
}

/** The producer needs a moment to hear of its order; that is not part of any hand-over. */
function waitForFirst({ producer, consumer }: RingMemory, mailbox: Int32Array): void {
  const isEmpty = (): boolean => Atomics.load(producer, 0) === Atomics.load(consumer, 0);
  while (isEmpty() && Atomics.load(mailbox, MAILBOX.state) !== MAILBOX_FULL);
}

async function run(
  { entries, ringSize, mailboxEntries }: RingHandoverParams,
  context: Context,
): Promise<RingHandoverOutcome> {
  if (!(Number.isInteger(entries) && entries >= 1) || ringSize < BATCH) {
    throw new RangeError(
      `Cannot hand over ${entries} entries through a ring of ${ringSize}: it takes 1 or more, and ${BATCH} slots -> try { entries: 65536, ringSize: 1024 }`,
    );
  }
  const buffer = new SharedArrayBuffer(ringBytes(ringSize, "addr"));
  const ring = viewRing(buffer, ringSize, "addr");
  const mailbox = new Int32Array(new SharedArrayBuffer(8));
  const cpu = context.cpus.find((other) => other !== context.cpu) ?? context.cpu;
  const workerData: ProducerSpec = {
    ring: buffer,
    ringSize,
    mailbox: mailbox.buffer as SharedArrayBuffer,
    cpu,
  };
  const worker = new Worker(new URL("../ring-producer.js", import.meta.url), { workerData });
  context.onClose(async () => {
    await worker.terminate();
  });
  context.note("CPU of the producer", cpu);
  await once(worker, "message"); // it is ready
  const setting = { ring, mailbox, worker };
  await handOver(setting, "warm-up", ringSize, BATCH);
  const oneByOne = await handOver(setting, "ring, one at a time", entries, 1);
  await context.breathe();
  const batched = await handOver(setting, `ring, ${BATCH} at a time`, entries, BATCH);
  await context.breathe();
  const byMailbox = await handOver(setting, "mailbox, sleeping in turns", mailboxEntries, 0);
  const cursors = { producer: ring.producer[0]! >>> 0, consumer: ring.consumer[0]! >>> 0 };
  return { oneByOne, batched, mailbox: byMailbox, cursors };
}

const experiment: Experiment<RingHandoverParams, RingHandoverOutcome> = {
  name: "ring-handover",
  module: import.meta.url,
  question: "How often does a thread sleep to get entries from another one?",
  needs: [],
  unit: "sleeps",
  defaults: { entries: 65_536, ringSize: 1024, mailboxEntries: 4096 },
  unseen: [
    "the price of looking: a side that finds nothing looks again and keeps its CPU busy",
    "a CPU that was taken away: then a side waits without having asked to",
  ],
  headline: ({ oneByOne }) => oneByOne.producerSlept + oneByOne.consumerSlept,
  run,
};
export default experiment;
