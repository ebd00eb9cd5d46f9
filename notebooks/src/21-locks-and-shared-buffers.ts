// %% [markdown]
// # Locks and shared buffers
//
// **Question:** what does it cost to hand a buffer to another core, and does it take a lock?
//
// **Minutes:** 20 to read and think, half a minute to run.
//
// **Needs:** Linux. Counting calls needs root (T1); the times want two CPUs and a quiet machine. The exercise needs nothing (T0).
//
// **Mode:** live. What this machine cannot do its cells say, and show no figure.
// %%
import {
  barFigure, check, display, htmlTable, kernelSource, measure, predict, type QueueMaker, whenMeasured,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > **C13.** Buffers move between cores and threads, so locks must protect them.
//
// From Enberg's article on kernel-bypass networking (2018). It has two halves: *they move* (14 counts how often) and *locks must*. The second is our
// question, sharpened until it could be false: **numbers cannot go from one core to another, each once and in order, without a lock.**
//
// ## Four queues
//
// A thread on one CPU pushes numbers, a thread on another pops them and checks that each is the next. What differs is what protects the 1024 slots:
//
// - **mutex**: `pthread_mutex_lock`, and condition variables to sleep on. The textbook's queue. Beneath is the system call `futex(2)`.
// - **spin lock**: a word that who finds it taken looks at again. No system call.
// - **ring**: two cursors, each with *one* writer. No lock at all.
// - **ring, batches**: the same, and each cursor moves once for 64 numbers.
//
// ## Predict
//
// 20 000 numbers through the mutex. How many `futex` calls do both threads make together? And through the ring?
// %%
const mutexGuess = predict(40_000, "calls");
const ringGuess = predict(0, "calls");
// %% [markdown]
// ## Measure
//
// This is the ring; the other three stand beside it in `kernels/native`. A tracepoint counts the calls of the two threads, and of no other.
// %%
console.log(kernelSource("queueSpsc").split("uint64_t lab_queue_spsc")[0]);
const counted = await measure.queueCalls({ guess: mutexGuess });
console.log(counted.status === "ok" ? counted.guess.text : `No figure: ${counted.reason} -> ${counted.next}`);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(counted, ({ rows }, provenance) =>
    barFigure({
      title: "futex calls to hand 20 000 numbers to another thread",
      note: "both threads together, exact; every number came out once and in order",
      provenance,
      axis: { label: "futex calls", unit: "", scale: "linear" },
      bars: rows.map(({ way, futex }) => ({
        name: way,
        value: futex,
        ...(way === "mutex" && { guess: mutexGuess.low }),
        ...(way === "ring" && { guess: ringGuess.low }),
      })),
    }),
  ),
);
// %%
function sayWaits(): string {
  if (counted.status !== "ok") return `No figure: ${counted.reason} -> ${counted.next}`;
  const { futex, waitNs } = counted.outcome.rows.find(({ way }) => way === "mutex")!;
  if (futex === 0) return "The mutex never asked the kernel: nobody met the other at the door this time.";
  const [total, each] = [(waitNs / 1e6).toFixed(1), (waitNs / futex / 1000).toFixed(1)];
  return `The mutex: both threads spent ${total} ms in their ${futex} futex calls, asleep or waking the other: ${each} µs a call, tracing included.`;
}
console.log(sayWaits());
// %% [markdown]
// ## Explain
//
// A mutex asks the kernel only when somebody has to sleep or to be woken, so its count is no fixed number: it tells how often one side met the other
// at the door, and it changes from run to run. The other three never ask: **zero is exact**. But they are not alike. The spin lock still keeps one
// side out while the other is in. The ring keeps nobody out.
//
// ## Predict: time
//
// How many nanoseconds does it take to hand one number over through the ring in batches?
// %%
const costGuess = predict(50, "ns");
// %%
const costs = await measure.queueCosts({ guess: costGuess });
console.log(costs.status === "ok" ? costs.guess.text : `No figure: ${costs.reason} -> ${costs.next}`);
display(
  whenMeasured(costs, ({ ways, lineTransfer }, provenance) =>
    barFigure({
      title: "Handing one number to another core, by what protects the queue",
      note: "median of 20 interleaved rounds; the last bar is one journey of a cache line between the two cores",
      provenance,
      axis: { label: "time", unit: "ns", scale: "log" },
      bars: [
        ...ways.map(({ way, cost: { ns, low, high } }) => ({
          name: way,
          value: ns,
          low,
          high,
          ...(way === "ring, batches" && { guess: costGuess.low }),
        })),
        { name: "a line's journey", value: lineTransfer.ns, low: lineTransfer.low, high: lineTransfer.high },
      ],
    }),
  ),
);
// %%
function sayCosts(): string {
  if (costs.status !== "ok") return `No figure: ${costs.reason} -> ${costs.next}`;
  const { ways, lineTransfer } = costs.outcome;
  const journeys = ways.map(({ way, cost }) => `${way} ${(cost.ns / lineTransfer.ns).toFixed(2)}`);
  return `Time of one number, in journeys of a line: ${journeys.join(", ")}.`;
}
console.log(sayCosts());
// %% [markdown]
// Less than 1 means that many numbers travel together. Eight of them fit into a line of 64 bytes, and the ring's slots are fetched ahead, so in batches it
// comes far below an eighth. A queue with a lock comes below 1 when one side does many in a row while it has the line, and the other waits for
// its turn. Where it is *more* than 1, lines travel that hold no numbers at all: the lock's and the cursors'.
//
// ## Lines that travel
//
// A line that one core writes must leave all other cores; that is the rule of the coherence protocol (MESI and its kin). So what costs is
// not the lock but the **second writer**. A few small loops show it, without any queue.
//
// ## Predict
//
// Two cores count, each into a counter of its own. Far apart in memory that takes them as long as counting alone. How many nanoseconds is one journey of a
// line, when both write the *same* line in turns?
// %%
const lineGuess = predict(20, "ns");
// %%
const shared = await measure.sharedLines({ guess: lineGuess });
console.log(shared.status === "ok" ? shared.guess.text : `No figure: ${shared.reason} -> ${shared.next}`);
display(
  whenMeasured(shared, (outcome, provenance) => {
    const rows = [
      ["locked addition, one core", outcome.atomicAlone],
      ["two cores, counters apart", outcome.countersApart],
      ["two cores, counters in one line", outcome.countersTogether],
      ["lock and unlock, one core", outcome.lockAlone],
      ["lock and unlock, two cores want it", outcome.lockContended],
      ["one journey of a line", outcome.lineTransfer],
    ] as const;
    return barFigure({
      title: "One operation, alone and with a second core that writes the same line",
      note: "no kernel and no waiting for the other's data, except in the last row",
      provenance,
      axis: { label: "time of one operation", unit: "ns", scale: "log" },
      bars: rows.map(([name, { ns, low, high }]) => ({
        name,
        value: ns,
        low,
        high,
        ...(name === "one journey of a line" && { guess: lineGuess.low }),
      })),
    });
  }),
);
function sayShared(): string {
  if (shared.status !== "ok") return `No figure: ${shared.reason} -> ${shared.next}`;
  const { countersApart, countersTogether, lockAlone, lockContended } = shared.outcome;
  const times = (a: { ns: number }, b: { ns: number }) => `${(a.ns / b.ns).toFixed(1)} times`;
  return [
    `Counters in one line take ${times(countersTogether, countersApart)} as long as counters apart.`,
    `A lock that two cores want takes ${times(lockContended, lockAlone)} as long as one that is free.`,
  ].join("\n");
}
console.log(sayShared());
// %% [markdown]
// ## Explain
//
// Nobody in *counters in one line* shares a single byte, and still the line travels: **false sharing**. That is why the ring's two cursors above lie 128
// bytes apart, as they do in an AF_XDP ring (31). And a free lock is cheap: one locked operation and one store, on a line that is already here. A lock is dear when
// somebody else wants it, and then not for its instructions.
//
// So the second half of C13 is **false as it stands**: buffers that move between two threads need no lock, if every word has one writer. It is true
// of what sockets are: a queue into which *any* core may put a packet, and out of which any thread may read. That queue has many writers, and the
// kernel locks it (`sk_receive_queue.lock`, `include/linux/skbuff.h`). The way out is not a better lock but **one ring for each pair**: a queue of the
// card for each core (14), and for each a ring with one producer and one consumer (31, 33, 35).
//
// ## Predict: one socket for two
//
// Does the kernel's lock ever keep anybody waiting? Two threads, each on its CPU, write 20 000 bytes into a TCP connection and read as many from its other end, one at a
// time. Both use the *same* connection: 80 000 calls that want a lock. How often does a thread go to sleep because the other one owns the socket? And with a connection each?
// %%
const sharedGuess = predict(1000, "waits");
const ownGuess = predict(0, "waits");
// %%
const waits = await measure.socketLocks({ guess: sharedGuess });
console.log(waits.status === "ok" ? waits.guess.text : `No figure: ${waits.reason} -> ${waits.next}`);
display(
  whenMeasured(waits, ({ rows }, provenance) =>
    barFigure({
      title: "Sleeps for the owner of a socket, in 80 000 calls of two threads",
      note: "counted where the scheduler takes a thread off its CPU inside the kernel's __lock_sock; a pipe has no such lock",
      provenance,
      axis: { label: "sleeps", unit: "", scale: "linear" },
      bars: rows.map(({ wire, socketWaits }) => ({
        name: wire,
        value: socketWaits,
        ...(wire === "one connection" && { guess: sharedGuess.low }),
        ...(wire === "a connection each" && { guess: ownGuess.low }),
      })),
    }),
  ),
);
// %%
display(
  whenMeasured(waits, ({ rows }, provenance) =>
    htmlTable(
      ["what two threads share", "lock", "in the kernel's function", "found taken"].map((name) => ({ name })),
      rows.flatMap(({ wire, contentions }) =>
        contentions.slice(0, 5).map(({ lock, site, count }) => [wire, lock, site, count]),
      ),
      { title: "Locks found taken, as the tracepoint contention_begin says: the five commonest each", provenance },
    ),
  ),
);
// %% [markdown]
// ## Explain
//
// A socket's lock is two locks. A **spin lock** (`sk_lock.slock`) is held for a moment, by calls and by the softirq that brings packets. Beneath its protection stands a mark that somebody **owns** the socket, for as
// long as a call works on it. Who finds an owner sleeps until that one lets go (`__lock_sock`, `net/core/sock.c`); a softirq never sleeps, and leaves its packet in the socket's backlog.
// With a connection each nobody ever sleeps for an owner: **zero is exact**. With one connection every few calls do.
//
// The kernel has a tracepoint for locks that were found taken, `contention_begin`. It shows the pipe's lock, which is a mutex, and *does not show a socket's owner*: that is a wait queue of the socket's own. So the
// sleeps are counted at `sched_switch`, by the functions on the stack. Of the spin lock it shows a part: the first to wait sets a bit and spins unseen, and only who comes after that is announced.
// Where it says `lock_sock_nested`, `__lock_sock`, `release_sock`, `__release_sock` or `tcp_v4_rcv`, it is the socket's. A few of those remain with a connection each: the softirq that brings an acknowledgement may run on the other CPU.
//
// So on Linux a buffer that moves between cores through a socket does meet a lock, and two threads at one socket do wait. One socket for each thread is the kernel's own way out (14), before any bypass.
//
// **What this page does not show.** How many lines moved takes a performance counter, and this page has only times; on a virtual machine they change with
// the cores that the hypervisor chose, near or far from each other. Two cores are the least that can quarrel; with more of them a contended
// lock gets worse and the ring does not, since it always has two sides.
//
// ## Exercise: replace the lock, prove the order
//
// The starter is a queue with a lock: correct, and slow. Take the lock out. Write `push` and `pop` as *generators*: each `yield*` is one access to
// shared memory, and between any two of yours the other thread may make any of its own. The check does not run them and hope: it tries
// **every order** that the accesses of two pushes and two pops can have, and shows you the first in which a value is lost, doubled or out of
// order. You have `size` slots, and the words `head`, `tail` and `count`, which begin at 0.
// %% id="without-a-lock" tags=["exercise"]
// BEGIN SOLUTION
const makeQueue: QueueMaker = () => ({
  *push(memory, value) {
    const tail = yield* memory.load("tail");
    const head = yield* memory.load("head");
    if (tail - head === memory.size) return false;
    yield* memory.write(tail % memory.size, value);
    yield* memory.store("tail", tail + 1);
    return true;
  },
  *pop(memory) {
    const head = yield* memory.load("head");
    const tail = yield* memory.load("tail");
    if (head === tail) return null;
    const value = yield* memory.read(head % memory.size);
    yield* memory.store("head", head + 1);
    return value;
  },
});
// END SOLUTION
// BEGIN STARTER
// | const makeQueue: QueueMaker = () => ({
// |   *push(memory, value) {
// |     yield* memory.lock();
// |     const count = yield* memory.load("count");
// |     if (count < memory.size) {
// |       const tail = yield* memory.load("tail");
// |       yield* memory.write(tail % memory.size, value);
// |       yield* memory.store("tail", tail + 1);
// |       yield* memory.store("count", count + 1);
// |     }
// |     yield* memory.unlock();
// |     return count < memory.size;
// |   },
// |   *pop(memory) {
// |     yield* memory.lock();
// |     const count = yield* memory.load("count");
// |     let value: number | null = null;
// |     if (count > 0) {
// |       const head = yield* memory.load("head");
// |       value = yield* memory.read(head % memory.size);
// |       yield* memory.store("head", head + 1);
// |       yield* memory.store("count", count - 1);
// |     }
// |     yield* memory.unlock();
// |     return value;
// |   },
// | });
// END STARTER

display(await check("21-locks-and-shared-buffers/without-a-lock", makeQueue));
// %% [markdown]
// One thing the check leaves out: it gives both threads one order of all accesses. Compilers and processors may swap two accesses of one thread, so
// real code says which must not be swapped: the `__ATOMIC_RELEASE` and `__ATOMIC_ACQUIRE` in the C above, or `Atomics.store` and `Atomics.load` in TypeScript.
//
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the threads ended with their processes.
//
// - A mutex costs the kernel only when two meet; a ring with one writer a word never does, and keeps the order (C13's *must* is too much).
// - The price of sharing is the line that travels; a lock that nobody else wants is cheap.
// - Two threads at one socket sleep for each other; with a socket each they never do.
// - What stands side by side in a line is shared, whether you meant it or not.
// - Order can be proved: there are only so many orders.
//
// Next: **30-map-of-bypass**, who does without which of these costs.
