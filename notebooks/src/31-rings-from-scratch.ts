// %% [markdown]
// # Rings from scratch
//
// **Question:** how do two sides hand packets to each other without a lock, a copy or a call?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** any machine that runs these notebooks; no root. Where the system allows io_uring, one part shows a ring whose
// other side is the kernel.
//
// **Mode:** live, on memory of this very process.

// %% [markdown]
// ## Two numbers and an array
//
// Every bypass of the kernel's stack (DPDK, netmap, AF_XDP, RDMA) and many a part of the kernel itself (io_uring,
// PACKET_MMAP, your NIC) speaks through the same small thing: a **ring**. It is an array of slots, and two numbers.
//
// - The **producer cursor** counts the entries that were ever put in. Only the producer writes it.
// - The **consumer cursor** counts the entries that were ever taken out. Only the consumer writes it.
//
// Since each number has one writer, nobody needs a lock. Both count for ever; entry number `cursor` lies in **slot**
// `cursor & (size - 1)`, which is why the size is a power of two. How many entries wait? Producer minus consumer.
//
// The producer speaks three words, *reserve, write, submit*; the consumer three, *peek, read, release*.

// %% id="make"
import {
  AddrConsumer, AddrProducer, allocateRing, brokenRings, check, display, environmentProvenance, htmlTable,
  liveDisplay, interruptSignal, measure, openUring, predict, predictionFigure, recordEnvironment, requests,
  ringFigure, runRing, snapshotProducer, snapshotRing, whenMeasured,
  type BugProofs, type RingMaker, type Uring, type UringSpec,
} from "ringside";

const here = environmentProvenance(recordEnvironment());
const memory = allocateRing(8, "addr");
const producer = new AddrProducer(memory);
const consumer = new AddrConsumer(memory);

/** The ring as it is now: read from its memory, and from the producer what it has reserved. */
function picture(title: string) {
  return ringFigure({ title, name: "a ring of 8", ring: snapshotProducer(producer), provenance: here });
}

let entry = 1;

/** Puts entries in, all or none. Returns the first one's cursor, or null where the ring is too full. */
function put(count: number): number | null {
  const first = producer.reserve(count);
  if (first === null) return null;
  for (let i = 0; i < count; i++) producer.write(first + i, entry++);
  producer.submit(count);
  return first;
}

/** Takes at most so many entries out. */
function take(count: number): number[] {
  const ready = consumer.peek(count);
  const entries = Array.from({ length: ready }, (_, i) => consumer.read(consumer.cursor + i));
  consumer.release(ready);
  return entries;
}

display(picture("Empty: both cursors are equal"));

// %% [markdown]
// Watch one entry's way, step by step. Orange slots belong to the producer, who is still writing; blue ones to the consumer.
// A bold number is a slot's, the thin one in a filled slot is the entry, in hexadecimal.

// %% id="step"
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function stepThrough(): Promise<void> {
  const shown = liveDisplay();
  const stop = interruptSignal();
  const show = async (title: string): Promise<void> => {
    stop.throwIfAborted();
    shown.update(picture(title));
    await pause(350);
  };
  await show("Empty: peek says 0");
  const first = producer.reserve(3)!;
  await show("reserve 3: the slots are ours, and no one else can see it");
  for (let i = 0; i < 3; i++) producer.write(first + i, entry++);
  await show("write: the entries are there, and the consumer still sees nothing");
  producer.submit(3);
  await show("submit: one store moves P, and all three can be seen");
  consumer.peek();
  await show("peek says 3, and moves nothing");
  consumer.read(consumer.cursor);
  await show("read: the entry is still in its slot");
  consumer.release(2);
  await show("release 2: one store moves C, and two slots are free again");
  shown.finish();
}

await stepThrough();

// %% [markdown]
// Three entries came in by one store of a cursor, two went out by another: that is a **batch**, and it is what makes rings cheap. The order matters.
// The entries must be written before the cursor that announces them, or the other side would read what is not there yet;
// `Atomics.store` keeps that order, in JavaScript as in the kernel (`smp_store_release`).
//
// Now the edges: full, and round the corner.

// %% id="edges"
take(8);
put(8);
display(picture("Full: eight entries wait, every slot is used"));
console.log(`reserve(1) on a full ring: ${producer.reserve(1)}. Full is not an error, it is an answer.`);
console.log(`took ${take(5).join(" ")}`);
put(4);
display(picture("Round the corner: the newest entries lie in front of the oldest"));

// %% [markdown]
// There is no code for the corner. `cursor & 7` finds the slot, and the cursors just count on. At 2^32 they begin again at 0, and
// that does not show either: `(producer - consumer) | 0` is right all the same. Here is a ring whose cursors stand near that end.

// %% id="wrap"
const late = allocateRing(8, "addr", 2 ** 32 - 3);
const lateProducer = new AddrProducer(late);
const lateFirst = lateProducer.reserve(5)!;
for (let i = 0; i < 5; i++) lateProducer.write(lateFirst + i, 0x10 + i);
lateProducer.submit(5);
const lateTitle = "The producer's cursor has passed 2^32 and reads 2; five entries wait";
display(ringFigure({ title: lateTitle, name: "a ring of 8", ring: snapshotRing(late), provenance: here }));

// %% [markdown]
// ## The same, as bytes
//
// Nothing of this is an object somewhere. It is 384 bytes, and this is where its parts lie. Linux lays out the rings of an
// AF_XDP socket in the same way (`struct xdp_ring` in `net/xdp/xsk_queue.h`), with the two cursors two cache lines apart, so that the
// cores that write them do not take the line from each other.

// %% id="bytes"
function wordAt(view: { buffer: ArrayBufferLike; byteOffset: number }, what: string): (string | number)[] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, 8);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return [view.byteOffset, hex, what];
}

const firstSlots = [0, 1, 2].map((slot) => memory.words.subarray(slot * 2));
display(
  htmlTable(
    [{ name: "at byte" }, { name: "eight bytes" }, { name: "what they are" }],
    [
      wordAt(memory.producer, "producer cursor (the first four)"),
      wordAt(memory.consumer, "consumer cursor (the first four)"),
      wordAt(memory.flags, "flags: bit 0 is need-wakeup"),
      ...firstSlots.map((slot, i) => wordAt(slot, `slot ${i}`)),
    ],
    { title: "The ring's own memory, little end first", provenance: here },
  ),
);

// %% [markdown]
// ## A ring with the kernel on the other side
//
// **io_uring** is two of these rings, shared with the kernel. We put requests into the one, and the kernel puts answers into
// the other; the cursors below are read from memory that the kernel writes. A request can be any system call; ours ask for
// nothing (`nop`), five times. Each slot shows the tag that we gave, and the answers carry the same tags.

// %% id="kernel"
/** Opens an io_uring, or says why there is none. */
function tryUring(spec: UringSpec): Uring | null {
  try {
    return openUring(spec);
  } catch (error) {
    console.log(`This part is left out. ${(error as Error).message.replace(" -> ", "\n  -> ")}`);
    return null;
  }
}

function submitNops(uring: Uring, count: number): void {
  const { submissionRing } = uring;
  const first = submissionRing.reserve(count)!;
  for (let i = 0; i < count; i++) submissionRing.write(first + i, requests.nop(), 0xa0 + i);
  submissionRing.submit(count);
}

function kernelPicture(title: string, name: string, ring: Uring["submissionRing" | "completionRing"]) {
  return ringFigure({ title, name, ring: snapshotRing(ring.memory), provenance: here });
}

const uring = tryUring({ entries: 8, completions: 8 });
if (uring) {
  submitNops(uring, 5);
  const waiting = "Five requests wait; the kernel has not been told";
  display(kernelPicture(waiting, "submission ring", uring.submissionRing));
  uring.enter();
  const taken = "After one system call the kernel has taken all five";
  display(kernelPicture(taken, "submission ring", uring.submissionRing));
  display(kernelPicture("Its five answers wait for us", "completion ring", uring.completionRing));
  uring.completionRing.release(uring.completionRing.peek());
}

// %% [markdown]
// One call for five requests. It can be none: a kernel thread can look at the submission ring all the time. But a thread that
// looks for ever burns a core for ever, so after a while without work it goes to sleep, and says so in the ring: bit 0 of the
// flags, **need-wakeup** (`IORING_SQ_NEED_WAKEUP` in io_uring_setup(2)). Whoever submits must look at that bit, or the request lies there for ever.

// %% id="wakeup"
const polled = tryUring({ entries: 8, completions: 8, polledBy: { idleMs: 1 } });
if (polled) {
  await pause(50);
  const { submissionRing, completionRing } = polled;
  submitNops(polled, 2);
  await pause(20);
  console.log(`need-wakeup: ${submissionRing.needsWakeup()}; ${completionRing.peek()} answers`);
  display(kernelPicture("The kernel's thread sleeps: two requests lie there", "submission ring", submissionRing));
  console.log(`One call to wake it: ${polled.wake()}.`);
  await pause(20);
  console.log(`need-wakeup: ${submissionRing.needsWakeup()}; ${completionRing.peek()} answers`);
}

// %% [markdown]
// A thread that sleeps after 1 ms may well be asleep again by the last line; its answers are there.
//
// ## Claim
//
// > Kernel bypass removes these overheads by moving protocol processing to user space.
//
// Claim C14, from Enberg's article on kernel-bypass networking (2018); the overheads are those of system calls, of locks and of being put to sleep. A ring is how the
// packets get to user space without them. Made exact enough to be false: **65 536 entries go from one thread to another
// through a ring, each once and in order, and the kernel puts neither thread to sleep for any of them.**
//
// ## Predict
//
// Two threads, each on a CPU of its own where there are two. One submits 65 536 numbers one at a time into a ring of 1024
// slots, the other takes them out. How often, do you think, is one of them put to sleep to wait for the other?

// %% id="guess"
const guess = predict(1000, "sleeps");

// %% [markdown]
// ## Measure
//
// The kernel counts for each thread how often it gave its CPU away to wait (`voluntary_ctxt_switches`). A counter that says 0
// proves nothing by itself, so 4096 numbers also go through a mailbox: one place, and each side sleeps until it is its turn. There
// the counter must go up.

// %% id="measure"
const handover = await measure.ringHandover({ guess });
console.log(handover.status === "ok" ? handover.guess.text : handover.reason);

// %% [markdown]
// ## Plot

// %% id="plot"
display(
  whenMeasured(handover, ({ oneByOne, mailbox }, provenance) =>
    predictionFigure({
      title: "How often a thread slept while 65 536 entries were handed over",
      note: "below, the same counter on a mailbox whose sides sleep in turns: it is not blind",
      axis: { label: "sleeps of both threads", unit: "", scale: "log" },
      predictions: [
        { name: "ring", guess, measured: oneByOne.producerSlept + oneByOne.consumerSlept },
        {
          name: `mailbox, ${mailbox.entries} entries: each side sleeps once an entry`,
          control: true,
          guess: 2 * mailbox.entries,
          measured: mailbox.producerSlept + mailbox.consumerSlept,
        },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(handover, ({ oneByOne, batched, mailbox }, provenance) =>
    htmlTable(
      ["way", "entries", "out of order", "producer slept", "consumer slept"].map((name) => ({ name })),
      [oneByOne, batched, mailbox].map((way) => [
        way.name,
        way.entries,
        way.outOfOrder,
        way.producerSlept,
        way.consumerSlept,
      ]),
      { title: "Three ways from one thread to another", provenance },
    ),
  ),
);

// %% [markdown]
// ## Explain

// %% id="explain"
if (handover.status === "ok") {
  const { oneByOne, batched, cursors } = handover.outcome;
  const wrong = oneByOne.outOfOrder + batched.outOfOrder;
  console.log(`${oneByOne.entries + batched.entries} entries by ring, ${wrong} of them out of order.`);
  console.log(`In the end both cursors stand at ${cursors.producer} and ${cursors.consumer}.`);
}

// %% [markdown]
// **What this shows.** To hand an entry over is to store it and to move a cursor; to see it is to load that cursor. The kernel is
// not asked, so it cannot put anybody to sleep. If your run says more than a handful of sleeps for the ring, believe your run.
//
// **What it does not show.** A side that finds the ring full or empty *looks again*, and its core is busy with looking: that
// is the price, and it is why rings that are shared with the kernel have need-wakeup. We counted and did not time; on a
// machine whose CPUs are all busy a side may be interrupted, which this counter does not count. And the ring carries addresses:
// who owns the memory behind them is a question of its own, for notebook **33-af-xdp**.
//
// ## Exercise 1: write one
//
// Write `makeRing(memory)`. It is called twice on the same memory: one copy only produces, the other only consumes, and all they
// share is `producer`, `consumer` (one word each) and `slots`. `reserve` gives the first cursor, or `null` where fewer are free.

// %% id="write-a-ring" tags=["exercise"]
// BEGIN SOLUTION
const makeRing: RingMaker = ({ size, producer, consumer, slots }) => {
  const slotOf = (cursor: number) => cursor & (size - 1);
  let reserved = Atomics.load(producer, 0); // what the other side cannot see yet
  return {
    reserve(count) {
      const free = size - ((reserved - Atomics.load(consumer, 0)) | 0);
      if (free < count) return null;
      const first = reserved;
      reserved = (reserved + count) | 0;
      return first >>> 0;
    },
    write(cursor, value) {
      slots[slotOf(cursor)] = value;
    },
    submit(count) {
      Atomics.store(producer, 0, (Atomics.load(producer, 0) + count) | 0);
    },
    peek: () => (Atomics.load(producer, 0) - Atomics.load(consumer, 0)) | 0,
    read: (cursor) => slots[slotOf(cursor)]!,
    release(count) {
      Atomics.store(consumer, 0, (Atomics.load(consumer, 0) + count) | 0);
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeRing: RingMaker = ({ size, producer, consumer, slots }) => {
// |   const slotOf = (cursor: number) => cursor & (size - 1);
// |   return {
// |     reserve: (count) => null, // the first of `count` free cursors
// |     write(cursor, value) {
// |       slots[slotOf(cursor)] = value;
// |     },
// |     submit(count) {}, // from here on the consumer sees `count` entries more
// |     peek: () => 0, // how many wait
// |     read: (cursor) => slots[slotOf(cursor)]!,
// |     release(count) {}, // from here on the producer has `count` slots more
// |   };
// | };
// END STARTER

display(await check("31-rings-from-scratch/write-a-ring", makeRing));

// %% [markdown]
// ## Exercise 2: three broken rings
//
// Each of these was written by somebody who knew nearly everything you know now, and each passes a short test. This is the code
// that runs, as TypeScript's compiler and the bundler left it (a name like `count5` is the bundler's).

// %% id="show-the-broken"
for (const [name, maker] of Object.entries(brokenRings)) console.log(`${name}: ${maker}\n`);

// %% [markdown]
// Prove that each is broken. A proof is a **run**: positive numbers put so many entries in at once, negative ones take at most so
// many out; `[3, -1, 2]` puts three, takes one, puts two. All rings have four slots; their cursors begin six entries before
// 2^32, which is slot 2. A run is a proof when a right ring would have done something else.

// %% id="find-the-bug" tags=["exercise"]
// BEGIN SOLUTION
const proofs: BugProofs = {
  first: [4, -4], // full looks like empty
  second: [3, -3], // the third entry lies beyond the end of the array
  third: [4, -4, 4, -4], // the producer's cursor is past 2^32, and so "smaller"
};
// END SOLUTION
// BEGIN STARTER
// | const proofs: BugProofs = {
// |   first: [1, -1],
// |   second: [1, -1],
// |   third: [1, -1],
// | };
// END STARTER

for (const name of ["first", "second", "third"] as const)
  console.log(`${name} ring: ${runRing(brokenRings[name], proofs[name]).steps.join(", ")}`);
display(await check("31-rings-from-scratch/find-the-bug", proofs));

// %% [markdown]
// ## Tear down, and what we now believe
//
// Only the two io_urings are to be closed; the rest was memory of this process.
//
// - A ring is two counters with one writer each, and an array: no lock, no call, no copy of more than the entry itself.
// - A batch pays the hand-over once. Full and empty are answers.
// - Sleeping is something the two sides must agree on: need-wakeup is a bit in the ring.
// - The bugs sit at the edges: full, the end of the array, the end of the numbers.
//
// Next: **32-packet-mmap**, a ring of the kernel's that saves nearly all system calls, and not one skb.

// %% id="tear-down"
uring?.close();
polled?.close();
console.log("Closed.");
