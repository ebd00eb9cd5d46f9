// The producing thread of the experiment `ring-handover`: it hands numbers over, by a ring or by a mailbox, as it is told, and
// counts how often the kernel put it to sleep meanwhile.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { AddrProducer, viewRing } from "../ring/index.js";
import { blockSignals, pinThread } from "../sys/index.js";

/** What the thread is started with. */
export interface ProducerSpec {
  readonly ring: SharedArrayBuffer;
  readonly ringSize: number;
  readonly mailbox: SharedArrayBuffer;
  readonly cpu: number;
}

/** One hand-over, as the consumer asks for it. */
export interface HandoverOrder {
  readonly entries: number;
  /** Entries that are submitted at once; 0 sends them through the mailbox. */
  readonly batch: number;
}

/** Words of the mailbox: whether it holds a number, and the number. */
export const MAILBOX = { state: 0, value: 1 } as const;
export const MAILBOX_EMPTY = 0;
export const MAILBOX_FULL = 1;

/** How often this thread gave up its CPU to wait, since it began. @source proc_pid_status(5), voluntary_ctxt_switches */
export function timesAsleep(): number {
  const status = readFileSync("/proc/thread-self/status", "utf8");
  return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
}

function produceByRing(ring: AddrProducer, entries: number, batch: number): void {
  for (let sent = 0; sent < entries; ) {
    const count = Math.min(batch, entries - sent);
    const first = ring.reserve(count);
    if (first === null) continue; // full: look again
    for (let i = 0; i < count; i++) ring.write(first + i, sent + i);
    ring.submit(count);
    sent += count;
  }
}

function produceByMailbox(words: Int32Array, entries: number): void {
  for (let value = 0; value < entries; value++) {
    while (Atomics.load(words, MAILBOX.state) === MAILBOX_FULL)
      Atomics.wait(words, MAILBOX.state, MAILBOX_FULL);
    words[MAILBOX.value] = value;
    Atomics.store(words, MAILBOX.state, MAILBOX_FULL);
    Atomics.notify(words, MAILBOX.state);
  }
}

function serve({ ring, ringSize, mailbox, cpu }: ProducerSpec): void {
  blockSignals();
  pinThread([cpu]);
  const producer = new AddrProducer(viewRing(ring, ringSize, "addr"));
  const words = new Int32Array(mailbox);
  parentPort!.on("message", ({ entries, batch }: HandoverOrder) => {
    const before = timesAsleep();
    if (batch === 0) produceByMailbox(words, entries);
    else produceByRing(producer, entries, batch);
    parentPort!.postMessage(timesAsleep() - before);
  });
  parentPort!.postMessage("ready");
}

if (parentPort !== null) serve(workerData as ProducerSpec);
