// %% [markdown]
// # Memory without its owner
//
// **Question:** how does a program write into another one's memory while that one sleeps, and who does the work?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** tier T2, the course's VM: root, and an RDMA device or a kernel that can act one (soft-RoCE, the module `rdma_rxe`). The times need
// a quiet machine. The exercise needs nothing.
//
// **Mode:** live where there is RDMA. Elsewhere the cells say what is missing, and the figures are recorded: in the course's VM with an emulated processor, whose
// counts are right and whose times order nothing. The text and the exercise are the same.

// %% [markdown]
// ## Two sides, one of them absent
//
// With sockets both ends work for every message: one calls `send`, the other `recv`. With RDMA (remote direct memory access) the other end
// works once, at the start:
//
// 1. It **registers** a region of its memory. The pages are pinned, and the region gets a key.
// 2. It makes a **queue pair** and connects it: `INIT`, `RTR` (ready to receive), `RTS` (ready to send).
// 3. It tells the other side address and key, by any means, and may go to sleep.
//
// From then on the other side **posts** requests into its send queue and **polls** a completion queue to see how they ended:
//
// | request | target's program | where the bytes go |
// | --- | --- | --- |
// | write | nothing, and is not told | where the writer says |
// | read | nothing, and is not told | where the reader says |
// | send | has posted a receive, and looks for its end | where the *receiver* said |
//
// The words for it are called **verbs**. On Linux they are those of `libibverbs`, which this notebook calls from TypeScript; setting up
// goes through the kernel, `post` and `poll` through pointers that the device's driver left in the open device (`lab/src/rdma/data-path.ts`).
// (Source: libibverbs' manual pages, ibv_reg_mr(3) to ibv_poll_cq(3).)

// %% id="imports"
import {
  barFigure, check, display, htmlTable, ifPossible, measure, nextCompletion, openRdma, openRdmaSession,
  predict, predictionFigure, RdmaWire, rdmaHere, whenMeasured, type AccessGuard, type RdmaWay, type Result,
} from "ringside";

/** How good the guess was, or why there is no figure. */
const say = (result: Result<unknown>) =>
  console.log(result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`);
const here = rdmaHere();
console.log(here.available ? `RDMA: ${here.reason}` : `No RDMA here: ${here.reason}\n  -> ${here.next}`);

// %% [markdown]
// ## A wire with a device at each end
//
// Soft-RoCE acts an RDMA device over any Ethernet interface: RDMA's packets travel in UDP, to port 4791. We put one on each end of a
// veth pair. Newer kernels listen to that port wherever a device is, and then each end has a network namespace of its own, as everywhere in this
// course. Up to Linux 6.12 at least they listen in the machine's first namespace only, and then, for once, both ends are there. The lab tries which
// it is: it makes a device in a fresh namespace, and looks whether the port is in that namespace's `/proc/net/udp`.

// %% id="wire"
const wire = ifPossible(() => RdmaWire.create());
for (const line of wire?.commands ?? []) console.log(line);
if (wire !== null) {
  console.log(`\nNetwork namespaces of the two ends: ${wire.namespaces}, because ${wire.why}.`);
  const device = openRdma(wire.near.device);
  const region = device.register(4096, ["write", "read"]);
  console.log(`4096 bytes at 0x${region.address.toString(16)}, key 0x${region.remoteKey.toString(16)} for the other side`);
  device.close();
  wire.close();
}

// %% [markdown]
// ## Claim
//
// > **C16.** RDMA: the application reads and writes remote memory, and the operating system is off the data path.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **bytes get into a process's memory and out of
// it again while none of its threads runs**, and **no system call is made for it, at either end**.
//
// ## Predict
//
// The target process is stopped (`SIGSTOP`) while we write into its memory. How many system calls does it make for one write? And how
// many do **we** make, to post it and to see it done?

// %% id="guess-calls"
const guessTheirs = predict(0, "calls");
const guessOurs = predict(0, "calls");

// %% [markdown]
// ## Measure
//
// Three ways on the same wire, 100 messages each: writes and reads with the target stopped, then UDP sockets and their echo. System calls and
// switches are counted by tracepoints, packets by the interfaces.

// %% id="measure-events"
const events = await measure.rdmaEvents({ guess: guessTheirs });
say(events);

// %% [markdown]
// ## Plot

// %% id="plot-events"
const total = (calls: Readonly<Record<string, number>>) => Object.values(calls).reduce((sum, each) => sum + each, 0);
const each = (count: number, { messages }: RdmaWay) => Number((count / messages).toFixed(2));
const names = (calls: Readonly<Record<string, number>>) => Object.keys(calls).join(", ") || "none";
display(
  whenMeasured(events, ({ ways }, provenance) =>
    predictionFigure({
      title: "System calls for one RDMA write",
      note: "64 bytes; the target is stopped",
      axis: { label: "system calls", unit: "", scale: "linear" },
      predictions: [
        { name: "target", guess: guessTheirs, measured: each(total(ways[0]!.targetCalls), ways[0]!) },
        { name: "ours, to post it", guess: guessOurs, measured: each(ways[0]!.ourCalls.write ?? 0, ways[0]!) },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(events, ({ ways }, provenance) =>
    htmlTable(
      ["way", "arrived", "our calls", "which", "target's calls", "which", "target ran", "packets"].map((name) => ({ name })),
      ways.map((way) => [
        way.name, `${way.arrived} of ${way.messages}`,
        each(total(way.ourCalls), way), names(way.ourCalls),
        each(total(way.targetCalls), way), names(way.targetCalls),
        way.targetSwitches === 0 ? "never" : "yes", each(way.packets, way),
      ]),
      { title: "What one message takes", provenance },
    ),
  ),
);

// %% [markdown]
// ## Explain
//
// **The target did nothing, and its memory changed.** It could not even have run. That half of the claim holds for soft-RoCE as it does for a card: it is
// what *one-sided* means, and why a writer must be told nothing but an address and a key.
//
// **The operating system is not off the path here.** We made one system call for each write, a `write` to the device's file: soft-RoCE's *doorbell*. A card
// has its doorbell mapped into our memory, and ringing it is a store. Looking for the end (`poll`) took no call: the
// completion queue is memory that we share with the kernel. (Any other name in the table, `futex` or `mprotect`, is V8's own housekeeping.) And what a card would do the kernel does now, with no process to be seen:

// %% id="plot-kernel"
display(
  whenMeasured(events, ({ ways }, provenance) =>
    barFigure({
      title: "Where software still works: softirqs that took in packets, a message",
      note: "whole machine; a card with RDMA would raise none of them for writes and reads",
      axis: { label: "NET_RX softirqs a message", unit: "", scale: "linear" },
      bars: ways.map((way) => ({ name: way.name, value: each(way.softirqs, way) })),
      provenance,
    }),
  ),
);

// %% [markdown]
// Each packet is an skb, goes out by the veth, is taken in by the softirq and handed to `rdma_rxe` by UDP's receive function, which checks the key,
// copies the bytes into the target's pages and sends the answer (`drivers/infiniband/sw/rxe/rxe_resp.c`). So with soft-RoCE **the
// target's CPU pays, and only its process does not**. With a card neither does.
//
// ## Predict: time
//
// How long does an RDMA read of 64 bytes take over soft-RoCE, from the post to its end?

// %% id="guess-read"
const guessRead = predict([5, 100], "µs");

// %% [markdown]
// ## Measure
//
// Reads, writes and UDP's questions take turns on one wire; then `perftest`, RDMA's own yardstick, runs on the same devices.

// %% id="measure-times"
const times = await measure.rdmaTimes({ guess: guessRead });
say(times);

// %% [markdown]
// ## Plot

// %% id="plot-times"
display(
  whenMeasured(times, ({ read, write, udp, perftestReadUs }, provenance) =>
    barFigure({
      title: "Time of a message of 64 bytes: RDMA by software, and sockets",
      note: "medians; ib_read_lat is perftest's, in C",
      axis: { label: "time", unit: "µs", scale: "log" },
      bars: [
        ...[read, write, udp].map(({ name, us, low, high }) => ({ name, value: us, low, high })),
        { name: "ib_read_lat", value: perftestReadUs },
      ],
      provenance,
    }),
  ),
);
if (times.status === "ok") {
  const { ours, perftest } = times.outcome.rates;
  console.log(`Writes a second, 16 on their way: ${ours.toFixed(0)} ours, ${perftest.toFixed(0)} by ib_write_bw, which keeps 128.`);
}

// %% [markdown]
// ## Explain
//
// **What it does not show.** RDMA's speed. Over soft-RoCE a write passes the same wire and the same softirqs as a datagram, so there is little that could
// make it quicker; what is saved is the other end's wake-up. Where the figure says "emulated" even the order of the bars is the
// emulator's. Between our bar and `ib_read_lat`'s lies TypeScript's way through koffi to the driver. On the emulated machine the *quickest* of some
// hundred reads took us 0.27 to 0.35 ms and `ib_read_lat` 0.10 ms. The medians there say little: one and the same loop of ours had 1.8, 3.0, 4.4 and
// 4.8 ms in four runs, `ib_read_lat` 0.4 of 200 reads and 1.0 of 2000, because the host kept the machine's two CPUs waiting; on a quiet host they were 0.52 and 0.25 ms (the recorded figure). Giving the CPU away
// between two looks (`sched_yield`) was no quicker (3.9 ms, 0.35 the quickest), so our looking does not keep the kernel's worker from its work.
//
// ## Break it: a wrong key, and four bytes too far
//
// Nobody at home means that nobody can say no, but the device. What does it say, and what does the memory look like afterwards?

// %% id="refusals"
display(
  whenMeasured(events, ({ refusals }, provenance) =>
    htmlTable(
      ["request", "how it ended", "bytes that changed"].map((name) => ({ name })),
      refusals.map(({ name, status, changed }) => [name, status, changed]),
      { title: "Writes of 8 bytes that must not be obeyed", provenance },
    ),
  ),
);

// %% [markdown]
// The answer is a negative acknowledgement from the other device, and it ends the connection: the queue pair goes into its error state, and
// whatever is posted afterwards is *flushed*. Try it, where there is RDMA: change key, address or length, or take a right away.

// %% id="try"
if (here.available && process.getuid?.() === 0) {
  const session = await openRdmaSession({ bytes: 4096, rights: ["write", "read"] });
  try {
    const { queue, target, ours } = session;
    ours.bytes.set([1, 2, 3, 4]);
    queue.write(1, { region: ours, bytes: 4 }, target.memory);
    console.log(nextCompletion(queue), await target.bytes(0, 8));
    queue.write(2, { region: ours, bytes: 4 }, { ...target.memory, remoteKey: target.memory.remoteKey ^ 1 });
    console.log(nextCompletion(queue), await target.bytes(0, 8));
    queue.write(3, { region: ours, bytes: 4 }, target.memory);
    console.log(nextCompletion(queue));
  } finally {
    await session.close();
  }
} else {
  console.log(`Not tried here: ${here.available ? "it needs root" : here.reason}.`);
}

// %% [markdown]
// ## Exercise: what the device asks itself
//
// Write `guard(regions, access)`: may this request be obeyed? A region has `key`, `address`, `bytes` and `rights`; a request has `operation`
// (`"write"` or `"read"`), `key`, `address` and `bytes`. What it lets through has happened: there is no second look.

// %% id="access-guard" tags=["exercise"]
// BEGIN SOLUTION
const guard: AccessGuard = (regions, access) => {
  const region = regions.find(({ key }) => key === access.key);
  if (region === undefined || !region.rights.includes(access.operation)) return false;
  return access.address >= region.address && access.address + access.bytes <= region.address + region.bytes;
};
// END SOLUTION
// BEGIN STARTER
// | const guard: AccessGuard = (regions, access) => {
// |   // Which region is meant? Does the request begin in it, end in it, and have the right?
// |   return true;
// | };
// END STARTER

display(await check("36-rdma/access-guard", guard));

// %% [markdown]
// ## Tear down, and what we now believe
//
// Each cell removed its wire, and with it the devices.
//
// - Bytes get into a stopped process's memory and out of it (C16, the first half): its program is off the path, whatever the device is made of.
// - That the operating system is off the path is the card's merit, not the interface's: with soft-RoCE there is a system call for each
//   post and the kernel's softirq at both ends. If your run says otherwise, believe your run.
// - Who lets others into memory has one guard, and it is a comparison of numbers in the device.

// %% id="tear-down"
console.log("Nothing to close: each cell removed what it had made.");
