// %% [markdown]
// # The veth trap
//
// **Question:** can a benchmark on a virtual wire be trusted, and what do you have to do so that it can?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** Linux and root (T1): namespaces with veth pairs between them, XDP programs, tracepoints. It touches no interface of yours.
//
// **Mode:** live. Without root trap 2 shows what another machine recorded, and says so; the others say what is missing. The exercise needs no root.
// %%
import {
  barFigure, check, display, type FairTest, flowFigure, htmlTable, measure, noiseFloor, pairedComparison,
  pairsFigure, predict, predictionFigure, whenMeasured,
} from "ringside";
// %% [markdown]
// Nearly every packet of this course crosses a **veth**, two interfaces that the kernel joins back to back. It is a real driver
// with real XDP, and it is no network card. Three measurements that look sound go wrong on it. We play them all, and then repair each.
//
// ## Trap 1: the source is the load
//
// ### Claim
//
// > **C29.** Sockets and the in-kernel stack do not suit today's hardware.
//
// From Enberg's article on kernel-bypass networking (2018). So a program that drops packets *before* the stack must be far quicker than one that drops them late. An XDP program can be attached
// in two modes: **native**, inside the driver, before a socket buffer exists, or **generic**, behind the driver, on a
// finished socket buffer. Sharpened until it could be false: **a native drop is faster than a generic one, by more than the noise of this machine.**
//
// The obvious benchmark: a socket on host `a` sends UDP packets as fast as it can, and on host `b` a program drops them all.
//
// ### Predict
//
// How many times dearer is a packet, from `send` to its end, under the *generic* program than under the *native* one?
// %%
const guessDearer = predict([2, 5], "×");
// %% [markdown]
// ### Measure
//
// Three ways to end a packet (native drop, generic drop, and the stack, which finds that the packet is nobody's), each with two
// sources: a socket, and the lab's injector, which puts XDP frames on the wire without a sender. The six take turns in random order.
// %%
const ladder = await measure.dropBySource({ guess: guessDearer });
console.log(ladder.status === "ok" ? ladder.guess.text : `No figure: ${ladder.reason} -> ${ladder.next}`);
// %% [markdown]
// ### Plot
// %%
display(
  whenMeasured(ladder, ({ overNative }, provenance) =>
    predictionFigure({
      title: "From a socket, the two ways to drop look alike",
      note: "the lower line is the same comparison, with frames from the injector",
      provenance,
      axis: { label: "generic drop / native drop, time for a packet", unit: "×", scale: "linear" },
      predictions: [
        { name: "from a socket", guess: guessDearer, measured: overNative.socket.generic.medianRatio },
        { name: "from the injector", guess: guessDearer, measured: overNative.frames.generic.medianRatio },
      ],
    }),
  ),
);
type Cost = { name: string; ns: number; low: number; high: number };
function bars(source: string, costs: Record<string, Cost>) {
  const bar = ({ name, ns, low, high }: Cost) => ({ name: `${source}: ${name}`, value: ns, low, high });
  return Object.values(costs).map(bar);
}
display(
  whenMeasured(ladder, ({ costs: { socket, frames } }, provenance) =>
    barFigure({
      title: "What a packet costs, from its source to its end",
      note: "median of 12 interleaved rounds; whiskers are 95 % intervals",
      provenance,
      axis: { label: "time for a packet", unit: "ns", scale: "linear" },
      bars: [...bars("socket", socket), ...bars("frames", frames)],
    }),
  ),
);
display(
  whenMeasured(ladder, ({ overNative: { socket, frames } }, provenance) =>
    pairsFigure({
      title: "The same two programs, judged with two sources",
      label: "generic drop / native drop, time for a packet",
      provenance,
      rows: [
        { name: "from a socket", comparison: socket.generic },
        { name: "from the injector", comparison: frames.generic },
      ],
    }),
  ),
);
// %% [markdown]
// ### Explain
// %%
function sayLadder(): string {
  if (ladder.status !== "ok") return `No figure: ${ladder.reason} -> ${ladder.next}`;
  const { costs, overNative, sent, arrived } = ladder.outcome;
  const [packet, frame] = [costs.socket.native.ns, costs.frames.native.ns].map(Math.round);
  const share = Math.round((100 * (packet - frame)) / packet);
  const judged = (reason: string) => reason.replace("a / b", "generic / native").replaceAll("; ", ";\n  ");
  return [
    `${arrived} of ${sent} packets arrived.`,
    `From a socket: ${judged(overNative.socket.generic.reason)}.`,
    `From the injector: ${judged(overNative.frames.generic.reason)}.`,
    `A packet from a socket costs ${packet} ns under the native drop, a frame of the injector`,
    `${frame} ns: some ${share} % of the first figure is the way to the wire.`,
  ].join("\n");
}
console.log(sayLadder());
// %% [markdown]
// A veth does the receiver's work **on the sender's CPU**, inside the sender's system call. So the first benchmark measured
// `send`, the stack of host `a` and one socket buffer, and, as a small remainder, what it was about. It is worse still: the packet
// arrives as a socket buffer, and a native program on a veth must usually copy it first (`drivers/net/veth.c`, `veth_convert_skb_to_xdp_buff`).
// Both make native look *slower* than it is. With frames that begin at the wire, as they do on a card, the difference appears.
//
// **What it does not show.** The ratio on a network card: there the packets come by DMA, and the driver's own work differs.
//
// ## Trap 2: frames that nobody lost
//
// ### Predict
//
// Two million frames are redirected into a wire. The receiver has no XDP program, and GRO is off: a usual veth, fresh from
// `ip link add`. How many arrive?
// %%
const guessArrived = predict(2_000_000, "frames");
// %% [markdown]
// ### Measure
// %%
const lost = await measure.lostOnVeth({ guess: guessArrived });
console.log(lost.status === "ok" ? lost.guess.text : `No count: ${lost.reason} -> ${lost.next}`);
// %% [markdown]
// ### Plot
// %%
display(
  whenMeasured(lost, ({ trials: [first] }, provenance) =>
    flowFigure({
      title: "A veth refuses frames that its peer could not take in",
      note: "the refusals are known to a tracepoint of the redirect, and to nothing else",
      provenance,
      stages: [
        { name: "redirected", detail: "by the injecting program", out: first!.offered },
        {
          name: "veth-a",
          detail: "the sending end",
          out: first!.taken,
          drops: [{ count: first!.refused, fate: "refused", reason: first!.error ?? "" }],
        },
        { name: "veth-b", detail: "the receiving driver", out: first!.arrived },
      ],
    }),
  ),
);
display(
  whenMeasured(lost, ({ counters }, provenance) =>
    htmlTable(
      [{ name: "counter (ip -s link, ethtool -S)" }, { name: "veth-a" }, { name: "veth-b" }],
      counters.map(({ name, a, b }) => [name, a, b]),
      { title: "What both ends counted while all of them were lost", provenance },
    ),
  ),
);
display(
  whenMeasured(lost, ({ trials }, provenance) =>
    htmlTable(
      ["receiving end", "redirected", "refused", "why", "arrived"].map((name) => ({ name })),
      trials.map((one) => [one.state, one.offered, one.refused, one.error ?? "-", one.arrived]),
      { title: "The same frames, and two repairs", provenance },
    ),
  ),
);
// %% [markdown]
// ### Explain
//
// A frame that is redirected into a veth is taken out of a ring at the other end by **NAPI**, the kernel's polling of drivers. A veth
// has NAPI only while an XDP program is attached or GRO is on; without it there is no ring, and the kernel marks the sending end as one
// that takes no redirected frames. The redirect then fails, in the kernel, behind the program: `bpf_redirect` has long answered yes.
// No counter of the devices moves. The tracepoint `xdp:xdp_redirect_err` is the only witness, with the errno in the table.
//
// A rate computed from what was *sent* would have been splendid. So the lab asserts delivery before each measurement, and
// gives each lost frame a hop by name. **A rate without its losses is void.**
//
// ## Trap 3: the price of looking
//
// ### Predict
//
// A TCP stream over the wire. Then a program is attached to the receiving end that passes everything. How many times
// dearer does a byte become?
// %%
const guessByte = predict([1, 1.1], "×");
// %% [markdown]
// ### Measure
//
// Two wires, with the program and without, carry the same stream in turns; sender, receiver and both stacks share one CPU.
// %%
const stream = await measure.tcpUnderXdp({ guess: guessByte });
console.log(stream.status === "ok" ? stream.guess.text : `No figure: ${stream.reason} -> ${stream.next}`);
// %% [markdown]
// ### Plot
// %%
display(
  whenMeasured(stream, ({ without, withProgram }, provenance) =>
    barFigure({
      title: "A program that does nothing slows TCP down",
      note: "payload of one TCP stream on one CPU, from the median of 12 interleaved rounds",
      provenance,
      axis: { label: "payload", unit: "Gbit/s", scale: "linear" },
      bars: [
        { name: "no program", value: without.gbitPerSecond },
        { name: "XDP_PASS attached", value: withProgram.gbitPerSecond },
      ],
    }),
  ),
);
display(
  whenMeasured(stream, ({ without, withProgram }, provenance) =>
    htmlTable(
      [{ name: "wire" }, { name: "payload a packet", unit: "B" }, { name: "segmentation left to the wire" }],
      [
        ["no program", Math.round(without.bytesPerPacket), without.segmentation ? "yes" : "no"],
        ["XDP_PASS attached", Math.round(withProgram.bytesPerPacket), withProgram.segmentation ? "yes" : "no"],
      ],
      { title: "What really changed", provenance },
    ),
  ),
);
display(
  whenMeasured(stream, ({ dearer }, provenance) =>
    pairsFigure({
      title: "Is it more than noise?",
      label: "time for 64 KiB, with the program / without",
      provenance,
      rows: [{ name: "XDP_PASS / no program", comparison: dearer }],
    }),
  ),
);
// %% [markdown]
// ### Explain
//
// Look at the table before you blame the program. A veth without XDP hands over segments of up to 64 KiB in one piece (*TSO*): the
// stack works once where it would otherwise work some 45 times (65 536 bytes by 1448 a packet). A native program must find each packet whole in one page, so the
// kernel **switches that off** at the moment of attaching (`drivers/net/veth.c`, `veth_xdp_set`), and the stack cuts the stream into
// packets of one MTU. What the program itself does is to return `XDP_PASS`. What got dearer is the road to it.
//
// **What it does not show.** Whose share is how large: the number of packets, the copy that trap 1 told of, and the program come
// and go together, for the kernel leaves no way to attach the program without the switch. On a network card segmentation goes on
// below the program.
//
// ## Exercise: design a fair test
//
// Here is a bench with two programs, `a` and `b`. `bench.run("a", "frames")` sends a load through one of them and returns what was
// `offered`, what `arrived` and how many `seconds` it took. The bench is a model, so that the truth is known, and it misbehaves as real ones
// do: its first run is cold, its figures scatter, it may slow down while it runs, its wire may lose packets. Write `fairTest(bench)`; it returns
// `"a"` or `"b"` (the faster one), `"no difference"`, or `"void"` when packets were lost. Predict first: the starter is right about one of the five benches; which?
// %% id="fair-test" tags=["exercise"]
// BEGIN SOLUTION
const fairTest: FairTest = (bench) => {
  const rates = { a: [] as number[], b: [] as number[], again: [] as number[] };
  for (let round = 0; round < 20; round++) {
    for (const [name, program] of [["a", "a"], ["b", "b"], ["again", "a"]] as const) {
      const { offered, arrived, seconds } = bench.run(program, "frames");
      if (arrived < offered) return "void";
      rates[name].push(arrived / seconds);
    }
  }
  const noise = noiseFloor(rates.a, rates.again);
  const { verdict } = pairedComparison(rates.a, rates.b, noise, { relation: ">", bound: 1 });
  if (verdict === "inconclusive") return "no difference";
  return verdict === "supports" ? "a" : "b";
};
// END SOLUTION
// BEGIN STARTER
// | const fairTest: FairTest = (bench) => {
// |   const a = bench.run("a", "socket");
// |   const b = bench.run("b", "socket");
// |   return a.offered / a.seconds > b.offered / b.seconds ? "a" : "b";
// | };
// END STARTER

display(await check("52-the-veth-trap/fair-test", fairTest));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: each measurement ran in a process of its own, which removed its namespaces.
//
// - On a veth the sender pays for the receiver. With a socket as source, everything costs what the socket costs.
// - Frames can vanish without a counter moving. Compare what arrived with what was offered, before any rate.
// - Attaching a native program changes offloads. Compare like with like, and write down what the wire was set to.
// - Two figures make no comparison: take turns, many times, and know your noise.
//
// Next: **60-bake-off**, all ways under one load, by these rules.
