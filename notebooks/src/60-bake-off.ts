// %% [markdown]
// # The bake-off
//
// **Question:** socket, bypass or XDP: what does a packet cost on each way to a program, under one and the same load?
//
// **Minutes:** 30 to read and think, about a minute to run.
//
// **Needs:** Linux and root (T1), and a quiet machine with two CPUs. A way that this machine cannot open says so, and the
// comparison goes on without it.
//
// **Mode:** live. Without root the cells show a recorded run, badged with its machine. On a busy machine they say so and show no figure. The exercise
// needs neither.
// %%
import {
  barFigure, cdfFigure, check, display, guessesSoFar, htmlTable, judgeClaims, ledgerFigure, measure, measuredWhere, type PathName,
  type PathOutcome, paths, predict, predictionFigure, type RateJudge, whenMeasured,
} from "ringside";
// %% [markdown]
// ## The ways
//
// All of these end UDP packets of 60 bytes that come in on the same virtual wire, sent by the same injector of XDP frames. They differ in
// **where the packet ends** and in **how it gets there**. They are eight of the lab's twenty-nine: io_uring, DPDK's ports, netmap's slots, redirects and the rest
// take their turns in `npx ringside bench paths`, minutes instead of one, and with the way out beside the way in.
// %%
const CHOSEN: PathName[] = [
  "xdp-drop", "xdp-drop-generic", "xdp-pass", "xdp-need-wakeup", "packet-mmap", "udp-recvmmsg", "udp-recvmsg", "node-dgram",
];
const chosen = paths.filter(({ name }) => CHOSEN.includes(name));
display(
  htmlTable(
    [{ name: "way" }, { name: "how the packet comes" }, { name: "copies" }],
    chosen.map(({ title, how, copies }) => [title, how, copies.count]),
    { title: "Eight ways for a packet to end: five in a program of ours, three in the kernel" },
  ),
);
// %% [markdown]
// ## Claim
//
// > **C04.** The in-kernel stack cannot keep up with such packet rates.
// >
// > **C29.** Sockets and the in-kernel stack do not suit today's hardware.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **a program with a core of its own, beside the one on which packets come in, gets more than twice as many a second from the
// rings of AF_XDP as from a UDP socket**, and the verdict needs the whole interval, not the medians.
//
// ## Predict
//
// How many times as many packets does the fastest of the eight get through as the slowest, `node:dgram`?
// %%
const guess = predict([5, 20], "×");
// %% [markdown]
// ## Measure
//
// The injector and the kernel's softirq run on one CPU, the program on another. First all take turns at the largest load the
// machine can make; then each alone is asked for its largest rate **without loss**, in trials of 60 ms, and for its latency at half of that,
// from the moment at which each packet was *due*. The events of a packet are counted in a run of their own, because counting slows.
// %%
const bake = await measure.bakeOff({
  guess,
  paths: CHOSEN,
  rounds: 10,
  roundS: 0.05,
  trialS: 0.06,
  precision: 0.05,
  shares: [0.5],
  latencyS: 0.2,
  counted: 8192,
});
console.log(bake.status === "ok" ? bake.guess.text : `No figure: ${bake.reason} -> ${bake.next}`);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(bake, ({ paths: found }, provenance) =>
    predictionFigure({
      title: "The fastest way over the slowest",
      provenance,
      axis: { label: "packets a second, fastest over slowest", unit: "×", scale: "linear" },
      predictions: [{ name: "ratio", guess, measured: found[0]!.max.medianPps / found.at(-1)!.max.medianPps }],
    }),
  ),
);
display(
  whenMeasured(bake, ({ paths: found }, provenance) =>
    barFigure({
      title: "The same load, eight ways",
      note: "packets a second at the largest load: median of 10 rounds in turns, with 95 % interval",
      provenance,
      axis: { label: "packets a second", unit: "pps", scale: "log" },
      bars: found.map(({ title, max: { medianPps, low, high } }) => ({ name: title, value: medianPps, low, high })),
    }),
  ),
);
// %%
const perPacket = (events: number | null | undefined, packets: number) =>
  events === null || events === undefined ? "no thread of ours" : (events / packets).toFixed(3);
function costRow({ title, nsPerPacket, events, copies, max }: PathOutcome): (string | number)[] {
  const received = events?.received ?? 1;
  const calls = perPacket(events?.receiving, received);
  const own = max.consumerCpuNs === null ? "no thread of ours" : `${Math.round(max.consumerCpuNs)} ns`;
  const cpu = max.helperCpuNs === null ? own : `${own}, and ${Math.round(max.helperCpuNs)} ns of the kernel's thread`;
  const skbs = perPacket(events?.skbs, events?.packets ?? 1);
  const time = nsPerPacket === null ? "nothing came" : `${Math.round(nsPerPacket)} ns`;
  return [title, time, calls, skbs, copies.count, cpu];
}
display(
  whenMeasured(bake, ({ paths: found }, provenance) =>
    htmlTable(
      ["way", "time", "system calls", "skbs", "copies", "CPU of the program"].map((name) => ({ name })),
      found.map(costRow),
      { title: "What one packet costs: time at the largest load, events exactly counted", provenance },
    ),
  ),
);
// %%
display(
  whenMeasured(bake, ({ paths: found }, provenance) => {
    const four = ["xdp-drop", "xdp-need-wakeup", "udp-recvmsg", "node-dgram"];
    const timed = found.filter(({ name, below }) => four.includes(name) && below?.latency[0]?.buckets.length);
    return cdfFigure({
      title: "Latency at half of the rate without loss",
      note: "from the moment a packet was due; the tail is the share that took longer",
      provenance,
      axis: { label: "time from due to its end", unit: "ns", scale: "log" },
      share: "tail",
      series: timed.map(({ title, below }) => ({ name: title, samples: below!.latency[0]!.buckets })),
    });
  }),
);
function latencyRow({ title, below, timedUntil }: PathOutcome): string[] {
  const us = (ns: number) => `${(ns / 1000).toFixed(1)} µs`;
  const at = below?.latency.find(({ received }) => received > 0);
  const times = at ? [at.p50Ns, at.p99Ns, at.p999Ns].map(us) : ["-", "-", "-"];
  return [title, ...times, timedUntil ?? "-"];
}
display(
  whenMeasured(bake, ({ paths: found }, provenance) =>
    htmlTable(
      ["way", "p50", "p99", "p99.9", "from when it was due, until"].map((name) => ({ name })),
      found.map(latencyRow),
      { title: "How late, at half of the rate without loss: mind that the times end in different places", provenance },
    ),
  ),
);
function lossRow({ title, below, max }: PathOutcome): string[] {
  const kpps = (pps: number) => `${Math.round(pps / 1000)} kpps`;
  const overload = kpps(max.medianPps);
  if (below === null) return [title, overload, "not asked", "not asked"];
  const found = [below.ndr, below.pdr].map(({ ratePps, limit }) => (limit === "source" ? "≥ " : "") + kpps(ratePps));
  return [title, overload, ...found];
}
display(
  whenMeasured(bake, ({ paths: found }, provenance) =>
    htmlTable(
      ["way", "received at overload", "without loss", "with 0.5 % loss"].map((name) => ({ name })),
      found.map(lossRow),
      { title: "How much, and how much of it in one piece, to 5 % (≥: the injector had no more)", provenance },
    ),
  ),
);
// %% [markdown]
// ## Explain
// %%
function sayBake(): string {
  if (bake.status !== "ok") return `No figure: ${bake.reason} -> ${bake.next}`;
  const { paths: found, missing, cpus } = bake.outcome;
  const unaccounted = found.reduce((sum, { max }) => sum + max.unaccounted, 0);
  const absent = missing.map(({ title, reason }) => `Not here: ${title} (${reason}).`);
  return [
    `The injector and softirq ran on CPU ${cpus.injector}, the program on CPU ${cpus.consumer}.`,
    `Packets that neither came nor were lost at a named hop: ${unaccounted}.`,
    ...absent,
  ].join("\n");
}
console.log(sayBake());
// %% [markdown]
// Read the table beside the bars. **What never becomes an skb is fast**, whoever ends it. Among those that do become one, look at `recvmsg` and `recvmmsg`: one call a packet
// against one for many, and rates that lie close together. The stack's work up to the socket's door weighs more than the calls do, and on this wire another CPU
// does it. PACKET_MMAP takes its packets before that door. `node:dgram` pays again, for an event, a buffer and an object for each packet.
//
// The times end in different places, as their table says. A verdict's ends in the kernel, on the CPU that injected, where the program that counts reads the clock; of
// `XDP_PASS` the stack's part comes after it. The others end when a program on another CPU, which may have slept, has the packet.
//
// **Believe the medians, and not the tails to the millisecond.** The injector's program waits inside the kernel until each packet is due, and lets it go within a
// microsecond. But a latency counts from when a packet was due, so whoever else gets the injector's CPU for a tick (4 ms here) is in the tail of every way, verdicts
// and sockets alike. Where the tails of all rows end at one tick, or at two, they are the machine's.
//
// **Two rows may change places.** AF_XDP's rings need two CPUs at the very same moment, and the cache lines of the rings go between them; a drop in generic mode needs
// one. On two CPUs they may tie by packets a second (2.31 and 2.28 million in one run where this was written). By the CPU time of a packet, which
// `npx ringside bench paths` measures too, AF_XDP cost less in every run.
//
// And no row is the best in every column. A dropped packet has reached nobody. The rings of AF_XDP keep a core awake, or make a call
// each time they run dry; a UDP socket has routing, checksums, fragments and a hundred tools behind it.
//
// **Beside published figures.** On real cards, one core, 64 bytes: XDP drops 24 Mpps, DPDK 43.5, iptables 4.8 (Høiland-Jørgensen et al., CoNEXT 2018); AF_XDP
// receives 12.2 Mpps with zero-copy (Toukan and Mikityanskiy for a ConnectX-5, Linux 5.3, 2019); netmap reaches the line rate of 10 GbE, 14.88 Mpps, with one core at 900 MHz (Rizzo, ATC 2012). One
// part of that order can be looked for above: a drop by XDP before AF_XDP's receive, and both before what the stack ends. Of the rest nothing here speaks: DPDK's own driver, ahead
// of all there, and netmap's have no card to drive here, and netmap's figure is its wire's limit. These are three machines of seven years. The distances are not ours,
// and cannot be.
//
// **What a veth cannot show.** It has no DMA, no hardware queues, no zero-copy and no interrupt moderation; its "wire" is memory, and the sender's CPU does
// the driver's work. DPDK and AF_XDP lose their best trick here; the stack loses the card's help (checksums, several queues), of which our datagrams need little.
//
// ## The claim ledger
//
// A few of the article's claims, judged on this machine just now. `npx ringside claims` judges all thirty, and nine of the papers and data
// behind them.
// %%
const ledger = await judgeClaims(["C01", "C03", "C10", "C23", "C28"]);
display(ledgerFigure(ledger));
for (const { id, verdict, because } of ledger.rows) console.log(`${id} ${verdict}: ${because}`);
// %% [markdown]
// ## Exercise: your verdict
//
// Write `verdictOn(claim, rows)`: does the table support that `claim.faster` gets through more than `claim.times` as many packets a second as
// `claim.slower`? Each row has `name`, `medianPps`, `lowPps`, `highPps`, `unaccounted` and `load`. Return `"supports"`, `"contradicts"` or
// `"inconclusive"`. The table may hold rows that are not fit to be compared. Predict first: which of the five tables will fool the starter?
// %% id="your-verdict" tags=["exercise"]
// BEGIN SOLUTION
const verdictOn: RateJudge = ({ faster, slower, times }, rows) => {
  const a = rows.find(({ name }) => name === faster)!;
  const b = rows.find(({ name }) => name === slower)!;
  if (a.load !== b.load || a.unaccounted > 0 || b.unaccounted > 0) return "inconclusive";
  if (a.lowPps / b.highPps > times) return "supports";
  return a.highPps / b.lowPps < times ? "contradicts" : "inconclusive";
};
// END SOLUTION
// BEGIN STARTER
// | const verdictOn: RateJudge = ({ times }, [first, second]) =>
// |   first!.medianPps / second!.medianPps > times ? "supports" : "contradicts";
// END STARTER

display(await check("60-bake-off/your-verdict", verdictOn));
// %% [markdown]
// Once it passes, it judges the claim of this notebook on this machine's own figures.
// %%
function judgeHere(): string {
  if (bake.status !== "ok") return `No verdict: ${bake.reason} -> ${bake.next}`;
  const rows = bake.outcome.paths.map(({ name, load, max }) => {
    const { medianPps, low, high, unaccounted } = max;
    return { name, load, medianPps, lowPps: low, highPps: high, unaccounted };
  });
  const claim = { faster: "xdp-need-wakeup", slower: "udp-recvmsg", times: 2 };
  if (!rows.some(({ name }) => name === claim.faster)) return "No verdict: this machine has no AF_XDP.";
  return `AF_XDP more than twice as fast as a UDP socket ${measuredWhere(bake)}: ${verdictOn(claim, rows)}`;
}
console.log(judgeHere());
// %% [markdown]
// ## Your guesses
//
// Each measurement of the course kept what you expected beside what came out. Did you get better?
// %%
display(guessesSoFar());
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the comparison ran in a process of its own, which removed its wires and threads.
//
// - The order is: end it in the driver, take it from rings, let the stack have it, ask a socket for it. On this wire the steps are factors, not orders of magnitude.
// - Most of a socket's price is paid before the program is asked: one skb a packet, and the way through the stack.
// - A rate without its losses, its source and its interval is not a result.
//
// The article ends here, and so does the course's first round. What it calls exciting, programmable packet processing, is notebook 51's and 53's.
