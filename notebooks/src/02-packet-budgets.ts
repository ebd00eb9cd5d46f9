// %% [markdown]
// # Packet budgets
//
// **Question:** how long may software take for one packet before the next one is there, and what fits into that time?
//
// **Minutes:** 25
//
// **Needs:** nothing special (T0): no root, no network. A quiet machine for the measurement.
//
// **Mode:** live everywhere. If other programs keep the machine busy, the measurement refuses to run and says so; the
// calculator and both exercises work all the same.
// %%
import {
  barFigure,
  budgetFigure,
  check,
  display,
  htmlTable,
  judgeGuess,
  measure,
  measuredWhere,
  predict,
  predictionFigure,
  whenMeasured,
  wireTimeNs,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > The time between two 1538-byte packets is 1230 ns at 10 GbE, and 61 ns at 200 GbE.
//
// (C03. The figure for 10 GbE is Jonathan Corbet's, *Improving Linux networking performance*, LWN.net, January 2015, after a
// talk by Jesper Dangaard Brouer.) And what follows from it, C04: a stack that handles every packet on its own in the
// kernel cannot keep up with such rates.
//
// The first is arithmetic and can be checked to the last digit. The second depends on what a machine can do in that time,
// so we shall measure what yours can.
// %% [markdown]
// ## Predict: the budget
//
// A link that is never idle delivers full frames back to back. Without calculating: how long is it from the start of one to
// the start of the next at **10 GbE**? Write what you expect; a wrong guess costs nothing here, and no guess teaches nothing.
// %%
const budgetGuess = predict(1000, "ns"); // ← your guess for 10 GbE
// %% [markdown]
// `wireTimeNs(frameBytes, gbps)` is the whole calculator. It takes the frame with its check sequence, 1518 bytes for the
// largest ordinary one, and adds the 20 bytes for which the wire is busy beside it.
// %%
const rates = [10, 40, 100, 200];
const budgets = rates.map((gbps) => ({
  name: `${gbps} GbE, 1518 B`,
  ns: wireTimeNs(1518, gbps),
}));
display(
  htmlTable(
    ["link", "full frame, 1518 B", "smallest frame, 64 B", "full frames"].map((name) => ({ name })),
    rates.map((gbps) => [
      `${gbps} GbE`,
      `${wireTimeNs(1518, gbps).toFixed(2)} ns`,
      `${wireTimeNs(64, gbps).toFixed(2)} ns`,
      `${(1000 / wireTimeNs(1518, gbps)).toFixed(2)} million a second`,
    ]),
    { title: "Time from one frame to the next, calculated" },
  ),
);
const { text } = judgeGuess(budgetGuess, wireTimeNs(1518, 10), "ns");
console.log(text.replace("measured", "the wire says"));
// %% [markdown]
// 1538 bytes are 12 304 bits, and at 10 Gbit/s a bit takes a tenth of a nanosecond: 1230.4 ns, exactly. At 200 GbE it is
// 61.52 ns; the claim drops the fraction. Ten times the rate leaves a tenth of the time; whether processors kept pace is
// notebook 01's question. And 1538 is the *comfortable* case: with 64-byte frames, 10 GbE leaves about as
// little as 200 GbE does with full ones.
// %% [markdown]
// ## Predict: what does a cache miss cost?
//
// A packet that a NIC has just written lies in memory (or, if the machine can do it, in the last-level cache). The first
// look at it may be a **cache miss**: the core waits for memory. Brouer's figure in 2015, on a Xeon E5 at 3 GHz, was 32 ns.
// What will it be on this machine?
// %%
const guess = predict([40, 120], "ns"); // ← a number, or a range that you are sure of
// %% [markdown]
// ## Measure
//
// One call. It measures small C loops in turns, in an order drawn anew each round, in a process of its own that is pinned to
// one CPU; a machine that is busy with other things is refused. It takes some three seconds. The stop button of the toolbar
// ends it at once.
// %%
const costs = await measure.componentCosts({ guess });
display(
  whenMeasured(costs, (outcome, provenance) =>
    htmlTable(
      [{ name: "component" }, { name: "median" }, { name: "95 % interval" }],
      Object.values(outcome).map(({ name, ns, low, high }) => [
        name,
        `${ns.toFixed(2)} ns`,
        `${low.toFixed(2)} to ${high.toFixed(2)} ns`,
      ]),
      { title: "What the pieces of packet processing cost, each alone", provenance },
    ),
  ),
);
// %% [markdown]
// ## Plot
//
// First your guess beside the result; then the costs where they matter, **inside each budget**. All four bars share one time
// scale. In each stands one system call, one cache miss, one copy of a packet, one pair of lock and unlock, one locked
// operation, end to end; below it, how many of each alone would fit.
// %%
display(
  whenMeasured(costs, ({ cacheMiss: { ns, low, high } }, provenance) =>
    predictionFigure({
      title: "Your guess for a cache miss, and the answer",
      axis: { label: "one cache miss", unit: "ns" },
      predictions: [{ name: "cache miss", guess, measured: ns, low, high }],
      provenance,
    }),
  ),
);
// %%
display(
  whenMeasured(costs, ({ syscall, cacheMiss, frameCopy, lockPair, atomic }, provenance) =>
    budgetFigure({
      title: "The faster the link, the less fits between two packets",
      budgets,
      costs: [syscall, cacheMiss, frameCopy, lockPair, atomic],
      provenance,
    }),
  ),
);
// %% [markdown]
// The same costs beside what Brouer published (Linux.conf.au 2015; Xeon E5 at 3 GHz). His figures are the
// diamonds: another machine in another year, not a target.
// %%
const brouer = (value: number) => [{ value, source: "Brouer 2015, Xeon E5 at 3 GHz" }];
display(
  whenMeasured(costs, ({ cacheMiss, lockPair, atomic }, provenance) =>
    barFigure({
      title: "Measured here (bars), published in 2015 (diamonds)",
      axis: { label: "one operation", unit: "ns", scale: "log" },
      bars: [
        { ...cacheMiss, value: cacheMiss.ns, published: brouer(32) },
        { ...lockPair, value: lockPair.ns, published: brouer(16.1) },
        { ...atomic, value: atomic.ns, published: brouer(8.2) },
      ],
      provenance,
    }),
  ),
);
// %% [markdown]
// ## Explain
//
// What do these costs mean at each rate? The next cell works it out from the run above.
// %%
display(
  whenMeasured(costs, ({ syscall, cacheMiss, frameCopy }, provenance) => {
    const perPacket = syscall.ns + cacheMiss.ns + frameCopy.ns;
    const row = (name: string, at: (budgetNs: number) => number) => [
      name,
      ...budgets.map((budget) => String(at(budget.ns))),
    ];
    return htmlTable(
      [{ name: "by the costs above" }, ...budgets.map(({ name }) => ({ name }))],
      [
        row("system calls that fit between two packets", (ns) => Math.floor(ns / syscall.ns)),
        row("cache misses that fit", (ns) => Math.floor(ns / cacheMiss.ns)),
        row("cores, for one call, miss and copy a packet", (ns) => Math.ceil(perPacket / ns)),
        row("packets a call, for a tenth of the time", (ns) => Math.ceil((10 * syscall.ns) / ns)),
      ],
      { title: "What fits, and what it would take", provenance },
    );
  }),
);
// %% [markdown]
// **Reading it.** Where the table says 0, a stack that makes that thing once a packet cannot keep up *on one core*, however
// clever the rest of it is. The last two rows show the ways out that the course follows: more cores (notebooks 13 and 14), or
// paying once for many packets, here so that calls take a tenth of the time and leave nine: batching, shared rings, no call
// at all (12, 32 to 35, 50 to 51).
//
// **What this shows, and what not.** These are pieces, each alone and in its best case. That one does not fit refutes "a call
// for each packet at 200 GbE"; it does not prove C04, which is about a whole stack. The bake-off (60) measures whole stacks.
// And budgets are for a link that is full: most links are not, most of the time.
//
// **Why a miss may look dearer here than in 2015.** The chase walks a ring of 128 MiB in random order, on 4 KiB pages. So
// nearly every step misses the TLB too, and the core walks page tables. **In a VM** that walk is two-dimensional: each
// guest table is itself looked up in the host's, and a step may need several misses rather than one. A VM also shares the
// last-level cache with neighbours nobody sees. A system call, on the other hand, need not leave the guest; what it costs, and
// what mitigations add to it, is notebook 11's. Memory that a driver uses again and
// again, or huge pages, avoid most of the TLB part; that is one reason why DPDK asks for huge pages (35).
//
// **What real hardware would change.** A NIC with direct cache access puts a packet into the last-level cache, so that
// the first look at it is a hit there and not a miss. And cores fetch several lines at once if nothing makes one access wait
// for the other; our chase makes each wait, on purpose. What no hardware changes is the wire: the budget is fixed.
// %% [markdown]
// ## Exercise: derive 1538
//
// Where do the 38 bytes beside a 1500-byte IP packet come from? Write `derive`: given the IP packet's length and the line rate,
// return the frame with its check sequence, the bytes for which the wire is busy, and the time in ns. Everything is in
// IEEE 802.3 clauses 3.1.1 and 4.4.2: addresses, type, check sequence; preamble, start delimiter, gap.
// %% id="derive-1538" tags=["exercise"]
function derive(payloadBytes: number, gbps: number) {
  // BEGIN SOLUTION
  const frameBytes = 6 + 6 + 2 + payloadBytes + 4;
  const wireBytes = 7 + 1 + frameBytes + 12;
  return { frameBytes, wireBytes, ns: (wireBytes * 8) / gbps };
  // END SOLUTION
  // BEGIN STARTER
  // | const frameBytes = payloadBytes; // what else belongs to the frame?
  // | const wireBytes = frameBytes; // and what else keeps the wire busy?
  // | const ns = 0 * gbps; // how long do so many bytes take?
  // | return { frameBytes, wireBytes, ns };
  // END STARTER
}
display(await check("02-packet-budgets/derive-1538", derive));
// %% [markdown]
// ## Exercise: cache misses at 200 GbE
//
// How many cache misses of `missNs` nanoseconds, one after the other, end before the next full frame comes at 200 GbE?
// Predict first for Brouer's 32 ns, then write the function; it is checked with misses from 2.9 to 80 ns.
// %% id="cache-misses-at-200g" tags=["exercise"]
function missesThatFit(missNs: number): number {
  // BEGIN SOLUTION
  return Math.floor(wireTimeNs(1518, 200) / missNs);
  // END SOLUTION
  // BEGIN STARTER
  // | return Number.NaN * missNs; // your formula instead
  // END STARTER
}
display(await check("02-packet-budgets/cache-misses-at-200g", missesThatFit));
// %% [markdown]
// Now with your own machine's miss beside Brouer's (`NaN` until your function works):
// %%
display(
  whenMeasured(costs, ({ cacheMiss }, provenance) =>
    htmlTable(
      [{ name: "cache miss of" }, { name: "fit between two full frames at 200 GbE" }],
      [
        ["32 ns (Brouer 2015)", String(missesThatFit(32))],
        [`${cacheMiss.ns.toFixed(1)} ns (${measuredWhere(costs)})`, String(missesThatFit(cacheMiss.ns))],
      ],
      { title: "By the function you wrote", provenance },
    ),
  ),
);
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the measurement ran in a process that has ended, and its memory went with it.
//
// - C03 holds to the digit: 1230.4 ns at 10 GbE, 61.52 ns at 200 GbE, for 1538 bytes on the wire.
// - A budget belongs to a frame size: "10 GbE" alone says nothing.
// - Whether a system call, or a single miss, fits between two packets is a property of *your* machine: see the table above.
// - C04 is plausible by arithmetic, for one core and one call a packet. It has not been shown yet.
//
// Next: [10, POSIX sockets](10-posix-sockets.ipynb), what a program asks of the kernel for one question and its answer.
