// %% [markdown]
// # Verdicts
//
// **Question:** what can an XDP program do with a packet, what becomes of the packet then, and what does it cost?
//
// **Minutes:** 30 to read and think, a minute to run.
//
// **Needs:** Linux, clang and root (T1): the notebook makes wires between network namespaces and attaches XDP programs to
// them. It touches no interface of yours. The rates need a quiet machine.
//
// **Mode:** live. Without root most figures show what another machine recorded, and say so; the latencies, and the rates on a busy machine, say what is missing.

// %% [markdown]
// ## One number, six endings
//
// An XDP program answers with a number, its **verdict**. Four of them end the packet's way here or lead it on; a redirect
// leads to one of three kinds of target, which stands in a map:
//
// | ending | the program says | then the packet is | and who can tell that it got there |
// | --- | --- | --- | --- |
// | drop | `XDP_DROP` | gone | the driver |
// | pass | `XDP_PASS` | made into a socket buffer, for the stack | the stack |
// | tx | `XDP_TX` | sent back out of the interface it came in by | whoever is at the other end |
// | redirect | `XDP_REDIRECT`, devmap | sent out of another interface | whoever is at its other end |
// | cpumap | `XDP_REDIRECT`, cpumap | in a queue to another CPU | a program on that CPU |
// | xskmap | `XDP_REDIRECT`, xskmap | in an AF_XDP socket's memory | the socket's reader |
//
// And it runs in one of two places: **native**, in the driver, on a frame that is nothing yet but bytes; or **generic**, in
// the stack, where the frame has become a socket buffer already. Generic mode is there so that every interface can run a
// program at all. (Source: `include/uapi/linux/bpf.h`, `enum xdp_action`; `net/core/dev.c`, `do_xdp_generic`, v6.18.)

// %% id="imports"
import {
  barFigure, cdfFigure, check, display, formatCount, htmlTable, measure, measuredWhere, pairsFigure, predict, predictionFigure,
  whenMeasured, type Result, type StationCount, type VerdictCount, type VerdictLatency, type VerdictRate,
} from "ringside";

const columns = (...names: string[]) => names.map((name) => ({ name }));
/** How good the guess was, or why there is no figure. */
const say = (result: Result<unknown>) =>
  console.log(
    result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`,
  );

// %% [markdown]
// ## Claim
//
// > **C23.** XDP runs a user's program on a packet before the stack sees it. **C24.** The program can process the packet
// > wholly, pass it on, or send it to user memory.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **whatever the verdict,
// every packet is found at its end, by somebody who is not the program; and in native mode no ending but pass costs a
// single socket buffer.**
//
// ## Predict
//
// 20 000 packets meet each of the six endings. How many socket buffers do the five native endings other than pass cost, all
// together? Mind that three of the five leave by another door than they came in.

// %% id="guess-skbs"
const guessSkbs = predict(40_000, "skbs");

// %% [markdown]
// ## Measure
//
// Bursts that every queue on the way can hold, and after each a look at its end. A tracepoint counts what enters a stack.

// %% id="measure-counts"
const counted = await measure.verdictCounts({ guess: guessSkbs });
say(counted);

// %% id="table-counts"
const nameOf = ({ ending, mode }: VerdictCount) => `${ending}, ${mode}`;
const rowOf = (count: VerdictCount) => [
  nameOf(count),
  count.said,
  count.ended,
  count.countedBy,
  count.unaccounted,
];
display(
  whenMeasured(counted, ({ counts }, provenance) =>
    htmlTable(
      columns("ending", "program said so", "came through", "counted by", "unaccounted"),
      counts.map(rowOf),
      { title: `${formatCount(counts[0]!.offered)} packets for each ending and mode`, provenance },
    ),
  ),
);

// %% [markdown]
// ## Plot

// %% id="plot-counts"
display(
  whenMeasured(counted, ({ nativeSkbs, counts }, provenance) =>
    predictionFigure({
      title: `Five native endings together cost ${nativeSkbs} socket buffers`,
      note: `${formatCount(counts[0]!.offered)} packets each`,
      axis: { label: "socket buffers", unit: "", scale: "linear" },
      predictions: [{ name: "native, not pass", guess: guessSkbs, measured: nativeSkbs }],
      provenance,
    }),
  ),
);
display(
  whenMeasured(counted, ({ counts }, provenance) =>
    barFigure({
      title: "In generic mode every packet is a socket buffer before the program sees it",
      note: `socket buffers that entered a stack for ${formatCount(counts[0]!.offered)} packets`,
      axis: { label: "socket buffers", unit: "", scale: "linear" },
      bars: counts.map((count) => ({ name: nameOf(count), value: count.skbs })),
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain

// %% id="explain-counts"
if (counted.status === "ok") {
  const { counts } = counted.outcome;
  const missing = counts.reduce((sum, { unaccounted }) => sum + unaccounted, 0);
  const lost = counts.flatMap(({ losses }) => losses);
  console.log(`Packets unaccounted: ${missing}. Hops that lost some: ${lost.length}.`);
  for (const { ending, mode, reasons } of counts) {
    const died = Object.entries(reasons).map(([reason, times]) => `${times} ${reason}`);
    if (died.length > 0) console.log(`  died under ${ending}, ${mode}: ${died.join(", ")}`);
  }
}

// %% [markdown]
// A native program works on the driver's own frame. Even `XDP_TX` and a redirect send that very frame on, by
// `ndo_xdp_xmit` of the driver it leaves by (a veth's `XDP_TX` calls the same function); nobody has to write a file card for it (notebook 20). `XDP_PASS` is the one
// verdict that means "make one". In generic mode all of them pay: the socket buffer is made first and thrown away after.
// `UNHANDLED_PROTO` is the stack's own word for our frames of no protocol; `NOT_SPECIFIED` is what generic XDP says. One end has
// no counter but the program's, the generic drop: there the deaths of socket buffers, listed above, are the second witness.
//
// ## Predict: an end where nobody listens
//
// The far end of a veth takes a redirected frame only if it polls (NAPI): with an XDP program on it, or with GRO. We take
// both away. 10 000 packets are redirected to it. The program is the same, the verdict is the same. How many arrive?

// %% id="guess-deaf"
const guessDeaf = predict(10_000, "packets");

// %% id="measure-deaf"
const deaf = await measure.deafEnd({ guess: guessDeaf });
say(deaf);

// %% id="table-deaf"
function deafRow(name: string, { said, ended, losses, unaccounted }: StationCount) {
  const counted = losses.map(({ hop, packets }) => `the driver: ${formatCount(packets)} ${hop}`).join();
  return [name, said, ended, unaccounted > 0 ? "nobody" : counted || "none was lost"];
}
display(
  whenMeasured(deaf, ({ rows }, provenance) =>
    htmlTable(
      columns("ending", "program said so", "came through", "who counted the loss"),
      rows.flatMap(({ ending, listening, deaf: silent }) => [
        deafRow(`${ending}, far end polls`, listening),
        deafRow(`${ending}, far end deaf`, silent),
      ]),
      { title: "The same verdicts, and somebody at the far end or nobody", provenance },
    ),
  ),
);

// %% [markdown]
// **A verdict is a wish.** The program returns before the packet is sent: the driver collects frames and sends them in
// bulk at the end of its poll. With `XDP_TX` the driver itself then finds out, and counts (`xdp_tx_errors`). With a
// redirect it does not look back: its `xdp_redirect` counter has counted a success. Only a tracepoint
// (`xdp:xdp_devmap_xmit`) would tell. So whoever measures a redirect counts at the far end, or believes in numbers of
// packets that never arrived.
//
// ## Claim: the place matters more than the verdict
//
// The XDP paper (CoNEXT'18) reports, for one core of an E5-1650 v4 and a 100 Gbit/s network card: drop 24 Mpps, redirect
// to another interface 8.65 Mpps. Our wire is memory and our machine another, so we look at **ratios**. Sharpened: **native
// drop is faster than generic drop, by more than the noise of this machine.**
//
// ## Predict
//
// How many times as many packets does a native drop get through as a generic one?

// %% id="guess-modes"
const guessModes = predict([1, 2], "×");

// %% [markdown]
// ## Measure
//
// Thirteen stations stand ready, each with its wire. In every round each has a turn of 30 ms at the largest load that the
// injector can make, in random order. The rate is that of packets that **came through**.

// %% id="measure-rates"
const rates = await measure.verdictRates({ guess: guessModes });
say(rates);

// %% [markdown]
// ## Plot

// %% id="plot-rates"
const bar = ({ name, medianPps, low, high }: VerdictRate) => ({
  name,
  value: medianPps / 1e6,
  low: low / 1e6,
  high: high / 1e6,
});
const source = "XDP paper, 100G card";
const paper = (value: number) => ({ published: [{ source, value }] });
display(
  whenMeasured(rates, ({ rates: r, cpus }, provenance) =>
    barFigure({
      title: "What each verdict gets through, native and generic",
      note: `60-byte frames; programs on CPU ${cpus.injector}, cpumap to ${cpus.cpumap}`,
      axis: { label: "packets that came through", unit: "Mpps", scale: "linear" },
      bars: [
        { ...bar(r.drop), ...paper(24) },
        bar(r.tx),
        { ...bar(r.redirect), ...paper(8.65) },
        ...[r.cpumap, r.pass].map(bar),
        ...[r.genericDrop, r.genericTx, r.genericRedirect, r.genericCpumap].map(bar),
      ],
      provenance,
    }),
  ),
);

// %% id="plot-ratios"
display(
  whenMeasured(rates, ({ modes, redirect, touch }, provenance) =>
    pairsFigure({
      title: "Three ratios, each from turns of the same round",
      label: "ratio of packet rates",
      rows: [
        { name: "native drop / generic drop", comparison: modes },
        { name: "drop / redirect to a veth", comparison: redirect },
        { name: "1514 bytes unread / every byte read", comparison: touch },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(rates, ({ rates: { unread, headers, allRead } }, provenance) =>
    barFigure({
      title: "What it costs to look: drop after reading nothing, 40 bytes, or all 1514",
      axis: { label: "packets dropped", unit: "Mpps", scale: "linear" },
      bars: [unread, headers, allRead].map(bar),
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain

// %% id="explain-rates"
if (rates.status === "ok") {
  const { modes, redirect, touch, rates: all } = rates.outcome;
  const lost = Object.values(all).reduce((sum, rate) => sum + rate.lost, 0);
  const [ours, paper, read] = [redirect.medianRatio, 24 / 8.65, touch.medianRatio];
  console.log(`Native drop over generic drop: ${modes.reason}.`);
  console.log(`Drop / redirect: ${ours.toFixed(1)} ${measuredWhere(rates)}, ${paper.toFixed(1)} in the paper.`);
  console.log(`Reading 1514 bytes: ${read.toFixed(1)} times slower than reading none.`);
  console.log(`Packets offered that did not come through, in all turns: ${lost}.`);
}

// %% [markdown]
// A drop is the cheapest thing that can be done. Sending a frame on costs the way through a second driver, on a veth the
// poll of its other end as well, on the same CPU. A redirect to a CPU is paid for by two: here one fills the queue while the other
// empties it, which serves a program that has more to do than one core can. Generic drop lies near pass: both make a
// socket buffer, and what comes after counts for little.
//
// **What it does not show.** (1) A card's packet lies in memory, or at best in the last-level cache; ours are recycled and always
// warm, so on hardware the first look costs up to a cache miss (notebook 02), and reading nothing gains more. (2) The injector's own work is in each
// figure, about the same amount: without it the ratios would be larger. (3) A veth's `ndo_xdp_xmit` ends in a ring in
// memory. The paper's redirect pays for a card's doorbells and its transmit completions. The shape is what can be
// compared: drop first, then what sends, then everything that makes a socket buffer.
//
// ## Predict: how long until the end?
//
// A rate is one thing, the time of a single packet another. Now 5000 packets a second are injected, one at a time, so that none waits
// for another. A packet's number says when it was due; a program in the kernel takes it from the packet at its end and looks at the
// clock. After `XDP_TX` that program is back where the packet came from: the way to the verdict, and a second wire's end.
// How many times as long does that round trip take as the way to a drop?

// %% id="guess-latencies"
const guessLatencies = predict([1, 4], "×");

// %% id="measure-latencies"
const times = await measure.verdictLatencies({ guess: guessLatencies });
say(times);

// %% id="plot-latencies"
display(
  whenMeasured(times, ({ verdicts: { drop, pass, tx, redirect }, ratePps }, provenance) =>
    cdfFigure({
      title: "From when a packet was due to its verdict's end",
      note: `native mode, ${ratePps} packets a second, one at a time; the table below says where each time ends`,
      axis: { label: "time from due to its end", unit: "ns", scale: "log" },
      series: Object.entries({ drop, pass, tx, redirect }).map(([name, { buckets }]) => ({ name, samples: buckets })),
      percentiles: [10, 50, 99],
      provenance,
    }),
  ),
);
const us = (ns: number) => (ns / 1000).toFixed(1);
const timeRow = ({ title, p50Ns, p99Ns, timed, received, timedUntil }: VerdictLatency) => [
  title, us(p50Ns), us(p99Ns), `${timed} of ${received}`, timedUntil,
];
display(
  whenMeasured(times, ({ verdicts }, provenance) =>
    htmlTable(
      columns("verdict", "p50, µs", "p99, µs", "packets timed", "from when it was due, until"),
      Object.values(verdicts).map(timeRow),
      { title: "Mind that the times end in different places", provenance },
    ),
  ),
);

// %% [markdown]
// To a drop and to a pass the way is the same: the program runs before its verdict is carried out, so what the stack does after
// `XDP_PASS` is in neither time. By `XDP_TX` and by a redirect the packet goes on through a second ring to a second program, in a
// later poll on the same CPU. Look at p10 and p50, which a busy machine disturbs least: on a quiet one with two CPUs half of the packets
// took 7.5 µs at most to a drop, 7.6 to a pass, 7.9 back by tx and 8.1 by the redirect, with p10 half a microsecond below each. So **the
// second ring, poll and program cost about half a microsecond, and seven are over before the first program looks at the clock.** The tail
// beyond 10 µs is the machine's more than the verdict's. That does not contradict the rates above: a packet
// that is injected alone pays for a system call of the injector and for the start of a poll, which at the largest load many share.
//
// ## Exercise: so many packets a source
//
// Write a limiter: of each IPv4 **source address** the first 5 packets pass, and every further one is dropped. What is not
// IPv4, or too short to have an IPv4 header, passes and is not counted. Have room for 4096 sources. A program's variables begin anew with each packet; what it
// shall remember must be in a map. Emptied once a second from outside, that map makes it a rate limiter.

// %% id="quota" tags=["exercise"]
// BEGIN SOLUTION
const limiter = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

SEC("xdp")
int limiter(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	__u64 one = 1;

	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;

	__u32 source = ip->saddr;
	__u64 *count = bpf_map_lookup_elem(&sent, &source);

	if (!count) {
		bpf_map_update_elem(&sent, &source, &one, BPF_ANY);
		return XDP_PASS;
	}
	if (*count >= 5)
		return XDP_DROP;
	(*count)++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const limiter = `#include <linux/bpf.h>
// | #include <linux/if_ether.h>
// | #include <linux/ip.h>
// | #include <bpf/bpf_endian.h>
// | #include <bpf/bpf_helpers.h>
// |
// | struct {
// | 	__uint(type, BPF_MAP_TYPE_HASH);
// | 	__uint(max_entries, 4096);
// | 	__type(key, __u32);
// | 	__type(value, __u64);
// | } sent SEC(".maps");
// |
// | SEC("xdp")
// | int limiter(struct xdp_md *ctx)
// | {
// | 	void *data_end = (void *)(long)ctx->data_end;
// | 	struct ethhdr *eth = (void *)(long)ctx->data;
// | 	struct iphdr *ip = (void *)(eth + 1);
// |
// | 	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
// | 		return XDP_PASS;
// |
// | 	/* How often was ip->saddr here before? */
// | 	return XDP_PASS;
// | }
// |
// | char LICENSE[] SEC("license") = "GPL";
// | `;
// END STARTER

const limited = await check("51-verdicts/quota", limiter);
display(limited);

// %% [markdown]
// Once it passes, predict again: on a wire, 10 000 IPv4 packets of **one** source come to your program, then 10 000 ARP frames.
// How many of the 20 000 pass?

// %% id="your-limiter-live"
if (limited.passed) {
  const guess = predict(10_000, "frames");
  const live = await measure.verdictsOnWire({ text: limiter, frames: 10_000, guess });
  if (live.status === "ok") {
    for (const { name, passed, dropped, lost } of live.outcome.kinds)
      console.log(`${name}: ${passed} passed, ${dropped} dropped, ${lost} lost.`);
    console.log(live.guess.text);
  } else console.log(`Not measured: ${live.reason} -> ${live.next}`);
} else console.log("When the check above passes, this cell puts your program on a wire.");

// %% [markdown]
// ## Tear down, and what we now believe
//
// Every measurement removed its wires and programs when it ended, and the check its programs: nothing is left to tear down.
//
// - A program can end a packet, pass it on, send it back, to another interface, another CPU or to user memory (C23, C24), and each of these
//   packets was found at its end. In native mode only `XDP_PASS` made socket buffers. If your run says otherwise, believe your run.
// - A verdict is a wish. What became of it is known at the far end; a redirect into the void looks like a success.
// - Where the program runs decides more than what it answers: generic mode pays for a socket buffer before it can drop one.

// %% id="tear-down"
console.log("Nothing to close: each measurement removed what it had made.");
