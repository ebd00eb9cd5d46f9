// %% [markdown]
// # The application owns the port
//
// **Question:** what does a program gain when a port is its own, and what does it pay while nothing comes?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** Linux, root and DPDK's test program (`apt-get install dpdk-dev`; 24 MB to fetch). No hugepages, no PCI device:
// the ports are virtual, on a wire between two network namespaces of the notebook's own. The rates need a quiet machine.
//
// **Mode:** live. Where root or DPDK is missing the first figures show what another machine recorded, and say so; the burst's cells say what
// is missing. The exercises need nothing.

// %% [markdown]
// ## A loop that never sleeps
//
// DPDK is a library. A program that uses it takes a network card from the operating system (by VFIO), maps the card's
// registers and rings into its own memory, and drives it. There is no interrupt and no sleep; a thread on a CPU of its own
// does this for ever:
//
// ```c
// for (;;) {
//     n = rte_eth_rx_burst(in, queue, mbufs, 32);   // look: how many are there?
//     sent = rte_eth_tx_burst(out, queue, mbufs, n);
//     rte_pktmbuf_free_bulk(mbufs + sent, n - sent); // what was not taken is still ours
// }
// ```
//
// An **mbuf** is DPDK's packet buffer, out of a **mempool** that is filled once, at the start. The part that knows the card is a
// **poll mode driver** (PMD). A machine without a card for it has PMDs of software:
//
// | driver | behind the port | who makes the packet |
// | --- | --- | --- |
// | `net_af_xdp` | an AF_XDP socket (notebook 33) | the kernel's driver, and one copy |
// | `net_af_packet` | an AF_PACKET ring (notebook 32) | the kernel's driver, an skb at the stack's entrance, and two copies |
// | `net_null` | nothing | nobody: each look finds as many empty packets as it asks for |
//
// `dpdk-testpmd` is DPDK's own test program; here it receives packets and frees them. We talk to its prompt. (Source: DPDK's Programmer's Guide, "Poll Mode
// Driver", and its guide to network drivers.)

// %% id="imports"
import {
  barFigure, check, display, htmlTable, judgeGuess, lineFigure, measure, pairsFigure,
  predict, predictionFigure, whenMeasured, type BurstLoop, type BurstPoint, type DpdkPort,
  type MempoolMaker, type Result,
} from "ringside";

/** How good the guess was, or why there is no figure. */
const say = (result: Result<unknown>) =>
  console.log(
    result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`,
  );

// %% [markdown]
// ## Claim
//
// > **C17.** DPDK: the operating system gives the network card to one application, which drives it from user space.
//
// From Enberg's article on kernel-bypass networking (2018). A veth cannot be given away: with these drivers the kernel keeps
// the port. What can be tested is the other half, that the application **drives** it. Sharpened until it could be false:
// **DPDK receives every packet that was injected, and its thread is busy all the time, whether or not a packet comes.**
//
// ## Predict
//
// First a second in which no packet comes. What share of its CPU does the forwarding thread use, in percent? And how many
// **system calls** does it make in that second, when its port is `net_af_xdp`?

// %% id="guess-idle"
const guessShare = predict(10, "%");
const guessCalls = predict(0, "calls");

// %% [markdown]
// ## Measure
//
// CPU time comes from the scheduler, system calls and socket buffers from tracepoints, packets from testpmd.

// %% id="measure-ports"
const seen = await measure.dpdkPorts({ guess: guessShare });
say(seen);

// %% [markdown]
// ## Plot

// %% id="plot-idle"
const callsPerSecond = ({ idle }: DpdkPort) =>
  Math.round(Object.values(idle.syscalls).reduce((sum, n) => sum + n, 0) / idle.seconds);
display(
  whenMeasured(seen, ({ ports }, provenance) =>
    predictionFigure({
      title: `An idle port takes ${Math.round(ports[0]!.idle.cpuShare * 100)} % of a CPU`,
      note: "net_af_xdp, one second without a packet",
      axis: { label: "share of its CPU", unit: "%", scale: "linear" },
      predictions: [
        { name: "idle", guess: guessShare, measured: ports[0]!.idle.cpuShare * 100 },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(seen, ({ ports }, provenance) =>
    barFigure({
      title: "System calls of the forwarding thread in a second without a packet",
      note: "net_null always has a packet: there the thread works",
      axis: { label: "system calls a second", unit: "", scale: "linear" },
      bars: ports.map((port) => ({ name: port.name, value: callsPerSecond(port) })),
      provenance,
    }),
  ),
);
if (seen.status === "ok") {
  console.log(judgeGuess(guessCalls, callsPerSecond(seen.outcome.ports[0]!), "calls").text);
}

// %% id="table-ports"
const columns = ["port", "injected", "received", "bytes each", "skbs", "CPU taken", "slept", "pushed off"];
const percent = (share: number) => `${Math.round(share * 100)} %`;
function portRow({ name, load, skbs, idle }: DpdkPort): (string | number)[] {
  const own = [percent(idle.cpuShare), idle.voluntary, idle.involuntary];
  if (load === null) return [name, "-", "-", "-", "-", ...own];
  return [name, load.injected, load.received, load.bytes / load.received, skbs, ...own];
}
display(
  whenMeasured(seen, ({ ports }, provenance) =>
    htmlTable(
      columns.map((name) => ({ name })),
      ports.map(portRow),
      { title: "What each port received; then its thread in a second while nothing came", provenance },
    ),
  ),
);

// %% [markdown]
// ## Explain
//
// **Received = injected.** The thread looks so often that a burst of 512 never fills the ring. `net_af_xdp` needs no socket
// buffer, `net_af_packet` one for each packet: it is DPDK behind the stack's entrance, and what it bypasses is the system call.
//
// **The idle core is never idle.** "Slept" counts how often the thread gave its CPU away: never. That is DPDK's bargain, a core and its
// power for the time that an interrupt and a wake-up would take. To `top` a DPDK program always looks fully loaded; how busy it
// *really* is one must ask the program. Where less than 100 % was taken, others wanted that CPU, too, and "pushed off" counts how often the kernel gave it to them.
//
// **The surprise.** A bypass that makes hundreds of thousands of system calls a second, or a million: by default the AF_XDP driver asks for *busy polling*
// (`SO_PREFER_BUSY_POLL`, option `busy_budget`), and then each look that finds nothing calls `recvfrom`, so that the kernel polls
// its driver in that call instead of by interrupt (DPDK's guide to network drivers, "AF_XDP"). It is made for cards; behind a veth there is no interrupt to save.
// The second row has it turned off (`busy_budget=0`), and the calls are gone.
//
// ## Predict: what is a burst worth?
//
// `net_null` has nothing behind it, so its rate is the loop's own price: a look, 32 buffers from the pool, 32 back. How many
// times faster is a loop that takes 32 packets a look than one that takes 1?

// %% id="guess-sweep"
const guessSweep = predict([5, 20], "×");

// %% id="measure-sweep"
const sweep = await measure.burstSweep({ guess: guessSweep });
say(sweep);

// %% id="plot-sweep"
const line = (name: string, points: readonly BurstPoint[]) => ({
  name,
  points: points.map(({ burst, medianPps, low, high }) => {
    return { x: burst, y: medianPps / 1e6, low: low / 1e6, high: high / 1e6 };
  }),
});
display(
  whenMeasured(sweep, ({ nothing, afXdp, cpus }, provenance) =>
    lineFigure({
      title: "Packets a second by burst: the loop alone, and the loop on a wire",
      note: `loop on CPU ${cpus.forward}; injector and softirq on CPU ${cpus.injector}`,
      x: { label: "packets a look", unit: "", scale: "log" },
      y: { label: "packets", unit: "Mpps", scale: "log" },
      series: [line("net_null", nothing), line("net_af_xdp", afXdp)],
      provenance,
    }),
  ),
);
display(
  whenMeasured(sweep, ({ loop, received }, provenance) =>
    pairsFigure({
      title: "A burst of 32 over a burst of 1",
      label: "ratio of packet rates",
      rows: [
        { name: "net_null", comparison: loop },
        { name: "net_af_xdp", comparison: received },
      ],
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain
//
// What a look costs is shared by a burst: a call through a pointer, a counter, the pool's own bookkeeping. On `net_null` a few packets
// a look are enough. If it gets *worse* again with larger bursts, as it did for us: that we did not expect. The more buffers a burst has, the
// longer each is away from the cache before it is used again; that is a suspect, and this measurement cannot convict it.
//
// On `net_af_xdp` the burst hardly matters here, if your figure looks like ours: the injector and the kernel's softirq deliver a few million packets a second,
// and the loop, even at one packet a look, is some ten times faster than that. **A figure in which nothing changes says where
// the bottleneck is not.**
//
// **What it does not show.** A card under DPDK's own driver: no kernel at all, a doorbell (a write across PCIe) for each burst, and a packet that lies in
// memory, or at best in the last-level cache, where the card put it. The XDP paper (CoNEXT'18) has DPDK drop 43.5 million packets a second on one core, XDP 24 million.
//
// ## Exercise 1: a mempool
//
// Write `makePool(size)`: a pool of the buffers 0 to size - 1. `take(count)` gives so many buffers or `null`, never a part.
// `give(mbufs)` takes them back, and throws a `RangeError` for one that is in the pool already. The buffer that was used last is
// handed out first, because it is still in the cache.

// %% id="mempool" tags=["exercise"]
// BEGIN SOLUTION
const makePool: MempoolMaker = (size) => {
  const free = Array.from({ length: size }, (_, mbuf) => mbuf);
  return {
    take: (count) => (count > free.length ? null : free.splice(free.length - count)),
    give(mbufs) {
      for (const mbuf of mbufs) {
        if (free.includes(mbuf)) throw new RangeError(`Cannot give ${mbuf} twice`);
        free.push(mbuf);
      }
    },
    available: () => free.length,
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makePool: MempoolMaker = (size) => {
// |   const free = Array.from({ length: size }, (_, mbuf) => mbuf);
// |   return {
// |     take: (count) => null, // so many buffers, or null
// |     give(mbufs) {},
// |     available: () => free.length,
// |   };
// | };
// END STARTER

display(await check("35-dpdk/mempool", makePool));

// %% [markdown]
// ## Exercise 2: one turn of the loop
//
// Write `forwardBurst(rx, tx, free, burst)`: take one burst from `rx.burst(burst)`, hand it to `tx.burst(mbufs)`, which answers
// how many it took (fewer when its ring is full), and return how many were sent. Every buffer must find its way home:
// what the port took it gives back itself, when it has sent it. `free(mbufs)` gives buffers back to the pool.

// %% id="burst-loop" tags=["exercise"]
// BEGIN SOLUTION
const forwardBurst: BurstLoop = (rx, tx, free, burst) => {
  const mbufs = rx.burst(burst);
  const sent = tx.burst(mbufs);
  free(mbufs.slice(sent));
  return sent;
};
// END SOLUTION
// BEGIN STARTER
// | const forwardBurst: BurstLoop = (rx, tx, free, burst) => {
// |   const mbufs = rx.burst(burst);
// |   return mbufs.length;
// | };
// END STARTER

display(await check("35-dpdk/burst-loop", forwardBurst));

// %% [markdown]
// ## Tear down, and what we now believe
//
// Each measurement ended its testpmd and removed its wire: nothing is left to tear down.
//
// - DPDK received what was injected, and its thread took a whole CPU for it, packets or none (C17). That the system gives the
//   card away could not be seen here: a veth stays the kernel's.
// - "Bypass" is a property of the driver, not of the library: over AF_PACKET each packet still cost a socket buffer, over AF_XDP with
//   busy polling the idle loop called the kernel without end. If your run says otherwise, believe your run.
// - A burst shares the price of a look. Whether that shows depends on who is the slowest.

// %% id="tear-down"
console.log("Nothing to close: each measurement removed what it had made.");
