// %% [markdown]
// # Exception-less system calls
//
// **Question:** can a program ask something of the kernel without going there, and who pays for it then?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** Linux with io_uring. Counting calls needs root (T1); the times want two CPUs and a quiet machine. The exercise needs nothing.
//
// **Mode:** live. What this machine cannot do its cells say, and show no figure.
// %%
import {
  barFigure, check, display, environmentProvenance, kernelSource, lineFigure, measure, openUring, type PageClientMaker,
  predict, predictionFigure, recordEnvironment, requests, ringFigure, snapshotProducer, type Uring, whenMeasured,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > **C07.** A system call is dear: the switch itself, and the cache it pollutes. (Enberg 2018, after Soares and Stumm, *FlexSC: Flexible
// > System Call Scheduling with Exception-Less System Calls*, OSDI 2010.)
//
// An *exception* is what makes a processor leave your program for the kernel: a system call is one that you ask for. FlexSC's idea is to
// ask in writing. Program and kernel share a page of memory; the program fills in a form, sets its status to *submitted*, and goes on. A kernel thread,
// best on another core, executes it and sets *done*. No exception, nothing of the kernel in your caches. With it, unmodified servers gained
// up to 116 % (Apache), 40 % (MySQL) and 105 % (BIND), says the paper's abstract.
//
// Linux has had something of that kind since 2019: **io_uring**. Two rings in shared memory, one for requests, one for answers; and either *one*
// system call hands over as many requests as you like, or a kernel thread looks at the ring by itself (*SQPOLL*) and there is none.
//
// ## The page, as Linux has it
//
// A ring of 16 requests, drawn out of the memory that we share with the kernel. Each request is a form of 64 bytes; "nop" asks for nothing. First five
// are filled in and submitted. Then comes the one system call, and the kernel has taken them.
// %%
const here = environmentProvenance(recordEnvironment());
function drawRequests(uring: Uring, title: string) {
  const ring = snapshotProducer(uring.submissionRing);
  const note = "in each slot its number, and in hexadecimal the tag by which its answer will be known";
  return ringFigure({ title, note, provenance: here, name: "submission ring", ring });
}
function askFiveTimes(): void {
  const uring = openUring({ entries: 16, deferred: true });
  try {
    const first = uring.submissionRing.reserve(5)!;
    for (let i = 0; i < 5; i++) uring.submissionRing.write(first + i, requests.nop(), 100 + i);
    uring.submissionRing.submit(5);
    display(drawRequests(uring, "Five requests, written and submitted; nobody has called the kernel"));
    const taken = uring.enter(5, 1000);
    const answers = uring.completionRing.peek();
    console.log(`one io_uring_enter: ${taken} requests taken, ${answers} answers in the completion ring`);
    display(drawRequests(uring, "The same ring after one io_uring_enter"));
  } finally {
    uring.close();
  }
}
askFiveTimes();
// %% [markdown]
// ## Predict
//
// 1024 reads of a kilobyte from a file in memory. By `pread(2)` that is 1024 exceptions. **How many are left in batches of 64?** And how many
// with a polling thread that is awake?
// %%
const callsGuess = predict(100, "calls");
const polledGuess = predict(1, "calls");
// %% [markdown]
// ## Measure
//
// The reading thread's system calls, counted by the tracepoint `raw_syscalls:sys_enter`, and exact.
// %%
const counted = await measure.exceptionLessCalls({ guess: callsGuess });
console.log(counted.status === "ok" ? counted.guess.text : `No figure: ${counted.reason} -> ${counted.next}`);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(counted, ({ ways }, from) =>
    lineFigure({
      title: "System calls for 1024 reads, by how many go in one batch",
      note: "exact counts; by pread(2) it is always 1024",
      provenance: from,
      x: { label: "reads in one batch", unit: "", scale: "log" },
      y: { label: "system calls", unit: "" },
      series: (["one call a batch", "polled"] as const)
        .map((way) => ({
          name: way,
          points: ways.filter((each) => each.way === way).map(({ batch, calls }) => ({ x: batch, y: calls })),
        }))
        .filter(({ points }) => points.length > 0),
    }),
  ),
);
display(
  whenMeasured(counted, ({ ways }, from) => {
    const polled = ways.filter(({ way }) => way === "polled").at(-1);
    const called = ways.filter(({ way }) => way === "one call a batch").at(-1)!;
    return predictionFigure({
      title: "Exceptions left, and your guesses",
      note: polled === undefined ? "this machine has one CPU, so nothing was polled" : "1024 reads, batches of 64",
      provenance: from,
      axis: { label: "system calls", unit: "", scale: "linear" },
      predictions: [
        { name: "one call a batch", guess: callsGuess, measured: called.calls },
        ...(polled === undefined ? [] : [{ name: "polled", guess: polledGuess, measured: polled.calls }]),
      ],
    });
  }),
);
// %% [markdown]
// ## Explain
//
// Calls fall as one over the batch, exactly. And with the polling thread awake the count is **zero**: 1024 reads, and the reading thread never left
// user space. FlexSC's promise about *exceptions* is kept to the last one. A promise about exceptions is not yet one about time.
//
// ## Predict: time
//
// A plain `pread` of a kilobyte pays for the door and for the copy. How many nanoseconds does one read cost in batches of 64 by one call?
// %%
const timeGuess = predict(300, "ns");
// %% [markdown]
// ## Measure
//
// The loops are C, since a call from JavaScript would add its own cost; below is the one that uses the rings. Ways take turns in random order. The
// polling thread is on the other CPU. It takes some ten seconds.
// %%
console.log(kernelSource("uringRead"));
const costs = await measure.exceptionLessCosts({ guess: timeGuess });
console.log(costs.status === "ok" ? costs.guess.text : `No figure: ${costs.reason} -> ${costs.next}`);
display(
  whenMeasured(costs, ({ plain, points }, from) => {
    const flat = points.map(({ batch }) => ({ x: batch, y: plain.ns, low: plain.low, high: plain.high }));
    const called = points.map(({ batch, oneCall: c }) => ({ x: batch, y: c.ns, low: c.low, high: c.high }));
    const polled = points.flatMap(({ batch, polled: c }) =>
      c === null ? [] : [{ x: batch, y: c.ns, low: c.low, high: c.high }],
    );
    return lineFigure({
      title: "Time of one read, by how many go in one batch",
      note: "median of 15 rounds with 95 % interval; all wait for their batch",
      provenance: from,
      x: { label: "reads in one batch", unit: "", scale: "log" },
      y: { label: "time of one read", unit: "ns", scale: "log" },
      series: [
        { name: "pread(2)", points: flat },
        { name: "one call a batch", points: called },
        ...(polled.length > 0 ? [{ name: "polled", points: polled }] : []),
      ],
    });
  }),
);
// %%
function sayTimes(): string {
  if (costs.status !== "ok") return `No figure: ${costs.reason} -> ${costs.next}`;
  const { plain, points } = costs.outcome;
  const single = points[0]!.oneCall.ns;
  const even = points.find(({ oneCall }) => oneCall.high < plain.low);
  const last = points.at(-1)!;
  const ns = (value: number) => `${value.toFixed(0)} ns`;
  return [
    `A read costs ${ns(plain.ns)} by pread, and ${ns(single)} as a batch of one through the rings.`,
    even === undefined
      ? "No batch was clearly cheaper than pread here."
      : `The first batch that is clearly cheaper has ${even.batch} reads.`,
    `In batches of ${last.batch} a read costs ${ns(last.oneCall.ns)}: ${ns(plain.ns - last.oneCall.ns)} less than pread.`,
  ].join("\n");
}
console.log(sayTimes());
// %% [markdown]
// ## Explain
//
// A batch of one is *dearer* than a plain call: it pays for the door and for two rings. What a batch can save is the door, once for each read, and no
// more; the work behind it stays (11 measured the door: the first bar of its first figure). So with a call that does much, batching gains
// little, and with one that does next to nothing it gains nearly all.
//
// The polled line tells how the two threads get along. Each batch must travel to the other core and its answers back, and our thread waits for
// them; where the machine is restless its interval is wide, because two CPUs must be free at once.
//
// ## What the calls leave behind
//
// FlexSC's larger point was the second half of C07: after a call the program's own work is slower, because the kernel was in its caches. Our
// program reads 16 kilobytes and then does work of its own, a walk through half the first-level cache. Only the walk is timed.
// %%
display(
  whenMeasured(costs, ({ work }, from) => {
    const bars = [
      { name: "no reads between", cost: work.undisturbed },
      { name: "after 16 preads", cost: work.plain },
      { name: "after 16 reads in one call", cost: work.oneCall },
      ...(work.polled === null ? [] : [{ name: "after 16 polled reads", cost: work.polled }]),
    ];
    return barFigure({
      title: "The program's own work, by how the reads before it were made",
      note: "one memory access of the walk; the walk alone is timed",
      provenance: from,
      axis: { label: "time of one access", unit: "ns", scale: "linear" },
      bars: bars.map(({ name, cost: { ns, low, high } }) => ({ name, value: ns, low, high })),
    });
  }),
);
function sayWork(): string {
  if (costs.status !== "ok") return `No figure: ${costs.reason} -> ${costs.next}`;
  const { undisturbed, plain, oneCall, polled } = costs.outcome.work;
  const slower = ({ ns }: { ns: number }) => `${(100 * (ns / undisturbed.ns - 1)).toFixed(0)} %`;
  const lines = [`Own work is slower by ${slower(plain)} after preads, by ${slower(oneCall)} after one call.`];
  if (polled === null) return [...lines, "Nothing was polled: this machine has one CPU."].join("\n");
  const spared = polled.high < plain.low ? "spares" : "does not clearly spare";
  return [...lines, `Polled, it is slower by ${slower(polled)}: another core ${spared} this one's caches.`].join("\n");
}
console.log(sayWork());
// %% [markdown]
// *One call for many* is no help to the caches: the same work is done on this core, and the rings need cache lines of their own. Only work that moves to
// **another core** can leave your lines where they were. So the paper had it, too: a good part of its gains came with system calls that ran on other cores.
//
// ## Who pays
//
// The work has not gone away. Both threads' CPU time, booked to each read:
// %%
display(
  whenMeasured(costs, ({ bills }, from) => {
    const ways = [
      ["pread(2)", bills.plain],
      ["one call a batch", bills.oneCall],
      ["polled", bills.polled],
    ] as const;
    const bars = ways.flatMap(([name, bill]) =>
      bill === null
        ? []
        : [
            { name: `${name}: this thread`, value: bill.own },
            ...(bill.poller > 1 ? [{ name: `${name}: polling thread`, value: bill.poller }] : []),
          ],
    );
    return barFigure({
      title: "CPU time of one read, by thread that paid",
      note: "batches of 16; from the scheduler's clocks; this thread waits by looking, and that is CPU time too",
      provenance: from,
      axis: { label: "CPU time of one read", unit: "ns", scale: "linear" },
      bars,
    });
  }),
);
function sayBill(): string {
  if (costs.status !== "ok") return `No figure: ${costs.reason} -> ${costs.next}`;
  const { bills, idlePollerShare } = costs.outcome;
  if (bills.polled === null || idlePollerShare === null) return "This machine has one CPU: nobody could poll.";
  const both = bills.polled.own + bills.polled.poller;
  return [
    `A polled read takes ${both.toFixed(0)} ns of two CPUs, a pread ${bills.plain.own.toFixed(0)} ns of one.`,
    `While nobody asked anything, the polling thread used ${(100 * idlePollerShare).toFixed(0)} % of its CPU.`,
  ].join("\n");
}
console.log(sayBill());
// %% [markdown]
// That is the bill of every design that polls, and we shall meet it again with DPDK (35): the core is paid for, whether anything comes or not. io_uring lets its
// thread fall asleep after a while, and then somebody has to wake it: by a system call.
//
// **What it does not show.** Our program waits for each batch; one that has other work meanwhile (FlexSC ran hundreds of threads on top, for
// that reason) hides the wait, and then the thread on the other core is a gain and not only a move. The paper counts instructions per cycle
// with a performance counter, which most virtual machines have not; our walk is timed instead. And its figures are of servers in 2010, with
// processors whose door was thicker.
//
// ## Exercise: a syscall page
//
// Write FlexSC's original. A `page` has entries, and each entry a status: `free` and `done` mean that it is yours, `submitted` and `busy` that it is the kernel's.
// `makeClient(page)` returns two functions. `submit(call, argument)` asks without waiting and returns the entry's number, or `null` where none is
// free. `complete()` takes one answer that is there, as `{ entry, result }`, and frees its entry; or returns `null`. The kernel may act
// **between any two** of your accesses, and it owes you no order.
// %% id="syscall-page" tags=["exercise"]
// BEGIN SOLUTION
const makeClient: PageClientMaker = (page) => {
  const find = (status: string): number | null => {
    for (let entry = 0; entry < page.size; entry++) if (page.status(entry) === status) return entry;
    return null;
  };
  return {
    submit(call, argument) {
      const entry = find("free");
      if (entry === null) return null;
      page.write(entry, call, argument);
      page.setStatus(entry, "submitted");
      return entry;
    },
    complete() {
      const entry = find("done");
      if (entry === null) return null;
      const result = page.result(entry);
      page.setStatus(entry, "free");
      return { entry, result };
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeClient: PageClientMaker = (page) => {
// |   return {
// |     submit(call, argument) {
// |       page.setStatus(0, "submitted");
// |       page.write(0, call, argument);
// |       return 0;
// |     },
// |     complete() {
// |       return null;
// |     },
// |   };
// | };
// END STARTER

display(await check("12-exception-less-syscalls/syscall-page", makeClient));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the ring of the first cell is closed, and the others went with their processes.
//
// - Exceptions per operation can be had at 1, at one over the batch, or at none; all three were counted.
// - A batch saves the door and nothing behind it; a batch of one costs more than a plain call.
// - What a call leaves in the caches (the other half of C07) goes away only with the work, to another core.
// - That core is paid for. Polling makes no work disappear; it moves it, and it goes on while there is none.
//
// Next: **13-batching-and-partitioning**, the same idea where connections are short and many.
