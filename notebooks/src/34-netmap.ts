// %% [markdown]
// # Slots and syncs: netmap
//
// **Question:** how does a program use a card's queues when the operating system keeps the card, and what is a batch worth?
//
// **Minutes:** 25 to read and think, a quarter of a minute to run.
//
// **Needs:** Linux with AF_XDP, and root: two network namespaces with a wire between them. It touches no interface of yours.
// The rates need a quiet machine.
//
// **Mode:** live. Without root the figures show what another machine recorded, and say so; on a busy one there is none. The exercises need nothing.

// %% [markdown]
// ## Another cut through the same idea
//
// **netmap** (Rizzo, USENIX ATC 2012) maps a card's queues into the program. The operating system keeps the card and its
// registers; the program sees **rings of slots**, each with a buffer:
//
// - `head`: the first slot that is the program's. Moving it forward gives slots back.
// - `cur`: how far the program has looked.
// - `tail`: the first slot that is *not* the program's. Only the kernel moves it.
//
// From `head` up to `tail` a receive ring holds packets to read, a transmit ring empty buffers to fill. Nothing moves by itself: the
// kernel looks only when the program **syncs** (`ioctl` NIOCRXSYNC, NIOCTXSYNC, or `poll`). To forward a packet without
// a copy, two slots exchange their buffers, and the flag `NS_BUF_CHANGED` tells the kernel. (Source: netmap(4) of FreeBSD.)
//
// **What runs here is not netmap.** netmap is not part of Linux, so this is netmap's *interface*, in under 200 lines over the AF_XDP
// rings of notebook 33 (`lab/src/ring/netmap-ring.ts`, `netmap-port.ts`). One thing differs: a slot also says where in its buffer the packet begins.

// %% id="open"
import {
  barFigure, check, display, htmlTable, judgeGuess, lineFigure, measure, ModelSocket,
  NetmapPort, NS_BUF_CHANGED, pairsFigure, predict, predictionFigure, whenMeasured,
  type LendingReceiver, type NetmapRing, type ParsedPacket, type ZeroCopySwap,
} from "ringside";

const model = new ModelSocket({ ringSize: 8, frameCount: 16 });
const port = new NetmapPort(model, () => undefined);

const row = (when: string, { head, cur, tail, bufIdx }: NetmapRing) => {
  return [when, head, cur, tail, port.rx.space(), bufIdx.join(" ")];
};
const rows = [row("opened", port.rx)];
for (const value of [1, 2, 3]) model.kernel.receive(new Uint8Array(60).fill(value));
rows.push(row("three packets came", port.rx));
port.rxSync();
rows.push(row("rxSync", port.rx));
port.rx.head = port.rx.cur = port.rx.next(port.rx.next(port.rx.head));
rows.push(row("two were read, head moved", port.rx));
port.rxSync();
rows.push(row("rxSync: their slots are the kernel's again", port.rx));
for (const value of [4, 5, 6, 7, 8, 9]) model.kernel.receive(new Uint8Array(60).fill(value));
port.rxSync();
rows.push(row("six more came, rxSync: tail is past the corner", port.rx));
display(
  htmlTable(
    ["what happened", "head", "cur", "tail", "space", "buffers"].map((name) => ({ name })),
    rows,
    { title: "A receive ring of 8 slots, on a model kernel" },
  ),
);

// %% [markdown]
// ## Claim
//
// > **C18.** netmap: the operating system keeps the network card and maps its queues into the application.
//
// From Enberg's article on kernel-bypass networking (2018). Part of what makes that fast is the **batch**: one
// system call for many packets. Sharpened until it could be false: **a sync costs one system call however many packets it moves, and
// sending 32 packets a sync is faster than sending one, by more than the noise of this machine.**
//
// ## Predict
//
// How many times faster are 32 packets a sync than one? And how many system calls does *one packet* cost with 256 a sync?

// %% id="guess-sweep"
const guessSweep = predict([5, 20], "×");
const guessCalls = predict(1 / 256, "calls");

// %% [markdown]
// ## Measure
//
// A program fills so many slots, syncs, and again, for 30 ms; batches take turns in random order. The far end drops
// in its driver and counts what came. The system calls are counted in a run of their own, by a tracepoint.

// %% id="measure-sweep"
const sweep = await measure.netmapBatch({ guess: guessSweep });
console.log(sweep.status === "ok" ? sweep.guess.text : `${sweep.reason} -> ${sweep.next}`);

// %% [markdown]
// ## Plot

// %% id="plot-sweep"
display(
  whenMeasured(sweep, ({ points }, provenance) =>
    lineFigure({
      title: "Packets a second by packets a sync",
      note: "sent through the netmap port by AF_XDP in copy mode, 60-byte frames; band: 95 %",
      x: { label: "packets a sync", unit: "", scale: "log" },
      y: { label: "packets that came", unit: "Mpps", scale: "linear" },
      series: [
        {
          name: "sent",
          points: points.map(({ batch, medianPps, low, high }) => {
            return { x: batch, y: medianPps / 1e6, low: low / 1e6, high: high / 1e6 };
          }),
        },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(sweep, ({ comparison }, provenance) =>
    pairsFigure({
      title: "32 packets a sync over 1",
      label: "ratio of packet rates",
      rows: [{ name: "batch 32 / batch 1", comparison }],
      provenance,
    }),
  ),
);
display(
  whenMeasured(sweep, ({ points }, provenance) =>
    predictionFigure({
      title: "System calls a packet, with 256 packets a sync",
      axis: { label: "system calls a packet", unit: "", scale: "linear" },
      predictions: [
        { name: "256 a sync", guess: guessCalls, measured: points.at(-1)!.callsPerPacket },
      ],
      provenance,
    }),
  ),
);

// %% id="beside-the-paper"
display(
  whenMeasured(sweep, ({ points }, provenance) =>
    barFigure({
      title: "The best of ours beside the paper's",
      note: "netmap ATC'12: one core at 900 MHz, 10 Gbit/s card, no socket buffer, no copy",
      axis: { label: "packets a second", unit: "Mpps", scale: "linear" },
      bars: [
        {
          name: "this port",
          value: Math.max(...points.map(({ medianPps }) => medianPps)) / 1e6,
          published: [{ source: "netmap, line rate", value: 14.88 }],
        },
      ],
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain

// %% id="explain-sweep"
if (sweep.status === "ok") {
  const { points, sent, arrived, comparison } = sweep.outcome;
  for (const { batch, callsPerPacket, medianPps } of points) {
    const ns = Math.round(1e9 / medianPps);
    console.log(`${batch} a sync: ${ns} ns and ${callsPerPacket} system calls a packet.`);
  }
  console.log(`${arrived} of ${sent} packets sent came to the far end.`);
  console.log(comparison.reason);
  console.log(judgeGuess(guessCalls, points.at(-1)!.callsPerPacket, "calls").text);
}

// %% [markdown]
// One sync, one call, as long as a batch is small: the calls a packet halve with each doubling, and so does their share of the price. Then
// both go flat, the calls in the list above and the rate in the figure, and at the same place. **It is not the batch that ends there, but Linux:** a call that sends an AF_XDP socket's
// packets in copy mode stops after 32 of them (`TX_BATCH_SIZE` in `net/xdp/xsk.c`, v6.18), so 256 packets need eight calls, and the
// first half of our claim is false beyond 32. What is left is the
// price of a packet itself: a socket buffer, a copy, and the far end's driver.
//
// **What it does not show.** netmap has neither that buffer nor that copy: its sync writes the card's own ring. Its paper reaches
// 14.88 million packets a second, all that 10 Gbit/s can carry, with one core at 900 MHz. Where its own curve by batch lies we do not
// draw, because we have no source of its points that we could check.
//
// ## Exercise: a receiver that lends
//
// Notebook 32's receiver lent out a block and took it back as a whole. Here each slot goes by itself, and that is what `head` and `cur`
// are two indices for. Write `receive(rx, bufferBytes, budget)`: it answers where at most `budget` of the waiting packets lie, without
// copying one, and they are **still being read until the next call**: only then do their slots go back. Buffer `n` begins
// at byte `n * bufferBytes`, and a packet `offset` bytes into its buffer. The check syncs the ring before it calls you.

// %% id="lending-receiver" tags=["exercise"]
// BEGIN SOLUTION
const receive: LendingReceiver = (rx, bufferBytes, budget) => {
  rx.head = rx.cur; // whoever calls again has read what he got last time
  const packets: ParsedPacket[] = [];
  for (let left = Math.min(budget, rx.space()); left > 0; left--) {
    const slot = rx.cur;
    const at = rx.bufIdx[slot]! * bufferBytes + rx.offset[slot]!;
    packets.push({ at, lengthBytes: rx.len[slot]! });
    rx.cur = rx.next(slot);
  }
  return packets;
};
// END SOLUTION
// BEGIN STARTER
// | const receive: LendingReceiver = (rx, bufferBytes, budget) => {
// |   const packets: ParsedPacket[] = []; // { at, lengthBytes } of each
// |   return packets; // nothing was looked at yet
// | };
// END STARTER

display(await check("34-netmap/lending-receiver", receive));

// %% [markdown]
// ## Exercise: forward without a copy
//
// Write `forward(rx, tx)`: move every packet of `rx` for which `tx` has room, by exchanging buffers, and return how many. A tx slot
// needs the packet's `bufIdx`, `len` and `offset`; the rx slot gets the tx slot's old buffer. The check syncs both rings after your
// function, and compares what was sent with what came. `NS_BUF_CHANGED` is imported above.

// %% id="zero-copy-swap" tags=["exercise"]
// BEGIN SOLUTION
const forward: ZeroCopySwap = (rx, tx) => {
  const count = Math.min(rx.space(), tx.space());
  let [from, to] = [rx.head, tx.head];
  for (let i = 0; i < count; i++) {
    const buffer = tx.bufIdx[to]!;
    tx.bufIdx[to] = rx.bufIdx[from]!;
    rx.bufIdx[from] = buffer;
    tx.len[to] = rx.len[from]!;
    tx.offset[to] = rx.offset[from]!;
    rx.flags[from] = tx.flags[to] = NS_BUF_CHANGED;
    [from, to] = [rx.next(from), tx.next(to)];
  }
  rx.head = rx.cur = from;
  tx.head = tx.cur = to;
  return count;
};
// END SOLUTION
// BEGIN STARTER
// | const forward: ZeroCopySwap = (rx, tx) => {
// |   const count = Math.min(rx.space(), tx.space());
// |   return count; // nothing was moved yet
// | };
// END STARTER

display(await check("34-netmap/zero-copy-swap", forward));

// %% [markdown]
// ## Tear down, and what we now believe
//
// The measurement removed its wire when it ended, and the model is only memory: nothing is left to tear down.
//
// - A queue can be shared with a program while the system keeps the card (C18): the program owns the slots between `head` and `tail`, the
//   kernel all others, and a sync is where they meet. Here that was an interface over AF_XDP; the idea is the same, netmap's speed is not shown.
// - A batch shares one system call. The gain ends where something else sets the size of the batch, here the kernel's own 32.
// - Two numbers exchanged move a packet of any length. If your run says otherwise, believe your run.

// %% id="tear-down"
console.log("Nothing to close: the measurement removed what it had made.");
