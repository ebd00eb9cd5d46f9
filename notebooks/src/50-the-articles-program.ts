// %% [markdown]
// # The article's program
//
// **Question:** what does it take until a short program, run by the kernel on each packet, is allowed to run at all?
//
// **Minutes:** 40 to read and think, a few seconds to run.
//
// **Needs:** Linux, clang and root, because programs are loaded into the kernel, and one is attached to a wire between two
// network namespaces of the notebook's own. It touches no interface of yours.
//
// **Mode:** live. Without root or clang the cells say in one line what is missing.

// %% [markdown]
// ## Claim
//
// The article behind this course prints a first XDP program: it takes the packet's two ends, `data` and `data_end`, says
// *drop* by default, and says *pass* when the Ethernet header matches. Claim C28: **as printed it does not compile, and with
// its braces restored the kernel refuses it**, because the matcher looks at bytes that nobody has proven to exist.
//
// XDP (C23) runs such a program in the driver, before the kernel makes a socket buffer of the packet. That is the reason
// for the severity: a wrong load there would be a wrong load in the kernel. So before a program runs once, the **verifier** walks
// every path through it. Sources: the claim's own text; `kernel/bpf/verifier.c` of Linux 6.18; Documentation/bpf/verifier.rst.
//
// The C below is ours, not the article's listing. It has the same shape and the same two faults: a brace is missing, and a
// bounds check is missing. Ours matches on IPv4's EtherType.

// %% id="as-printed"
import {
  buildFrame,
  caseTable,
  cText,
  check,
  countPassed,
  courseCapture,
  describeWay,
  display,
  environmentProvenance,
  htmlTable,
  isRunnable,
  judgeGuess,
  listingTable,
  loadXdp,
  measure,
  packetFigure,
  play,
  predict,
  predictionFigure,
  type ProgramCase,
  provenance,
  recordEnvironment,
  runProgram,
  stepFigure,
  stepFigures,
  Testbed,
  tracePackets,
  traceProgram,
  tryXdp,
  twoHosts,
  verdictStrip,
  verdictTable,
} from "ringside";

const asPrinted = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

static __always_inline int matches(struct ethhdr *eth)
{
	return eth->h_proto == bpf_htons(ETH_P_IP);
}

SEC("xdp")
int article(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	int verdict = XDP_DROP;

	if (matches(eth)) {
		verdict = XDP_PASS;

	return verdict;
}

char LICENSE[] SEC("license") = "GPL";
`;

// %% [markdown]
// ## Predict: how many of clang's complaints does one brace cost?
//
// And at which line will clang stop: where the brace is missing, or elsewhere? Change the number, then run the cell.

// %% id="predict-compiler"
const guessComplaints = predict(1, "errors");
const first = tryXdp(asPrinted, "as-printed.c");
display(first);
if (first.compileError) {
  const errors = [...first.compileError.log.matchAll(/ error: /g)].length;
  console.log(judgeGuess(guessComplaints, errors, "errors").text);
}

// %% [markdown]
// A compiler notices a missing brace only where the text stops making sense: the complaint names a line that is in order. The
// note below it names the brace that was never closed. Read from the last complaint upwards.
//
// ## Predict: will the kernel take it?
//
// We close the brace. The program compiles now. Will the verifier take it? Decide before you run the cell: what could go wrong
// on a machine whose frames all have at least 14 bytes?

// %% id="mended"
const mended = asPrinted.replace("verdict = XDP_PASS;\n", "verdict = XDP_PASS;\n\t}\n");
const second = tryXdp(mended, "mended.c");
display(second);

// %% [markdown]
// In the log, `R1=pkt(r=0)` is what the verifier knows of register 1: it points to the packet's first byte, and from there
// **0** bytes are proven readable. `data_end` was never compared with anything, so clang even left it out. That every frame on
// a wire is longer is true, and is not in the program: the verifier believes only comparisons that it sees.
//
// The line that it names is inside `matches`, though the missing check belongs before the call.
//
// ## Predict: how many packets of a capture will pass?
//
// One comparison before the matcher. With it the program can be loaded, and then it is a function: packet in, verdict out
// (`BPF_PROG_TEST_RUN`), with nothing attached anywhere. The course's capture has 68 packets: ARP, ping, UDP, a TCP
// conversation, VLAN tags, IPv6, and a few that were cut off or broken on purpose. How many does the program pass?

// %% id="guess-passed"
const guess = predict([45, 60], "packets");

// %% [markdown]
// ## Measure

// %% id="with-bounds"
const bounded = mended.replace(
  "if (matches(eth))",
  "if ((void *)(eth + 1) <= data_end && matches(eth))",
);
const third = tryXdp(bounded, "bounded.c");
display(third);

const stations = { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" };
const ping = buildFrame({
  ethernet: stations,
  ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
  udp: { sourcePort: 5000, destinationPort: 7 },
  padTo: 60,
});
const empty = buildFrame({ ethernet: { ...stations, etherType: 0x88b5 }, padTo: 60 });
// `verdict` is what we ask for; null: the kernel runs no program on it. One row will be wrong: is it the program, or we?
const cases: ProgramCase[] = [
  { name: "IPv4 in the shortest frame of Ethernet", packet: ping, verdict: "PASS" },
  { name: "the same, cut to its Ethernet header", packet: ping.subarray(0, 14), verdict: "DROP" },
  { name: "the same, one byte shorter still", packet: ping.subarray(0, 13), verdict: null },
  { name: "an empty frame of another type", packet: empty, verdict: "DROP", bytes: "as it came" },
];
display(caseTable(third, cases, { title: "A program as a function: packet in, verdict out" }));

// %% id="on-the-capture"
const packets = await courseCapture("course-mix.pcap");
display(verdictTable(third, packets, `${packets.length} captured packets by their type`));

// %% [markdown]
// ## Plot

// %% id="plot-passed"
const passed = countPassed(third, packets);
if (passed !== null) {
  const judged = judgeGuess(guess, passed, "packets");
  display(
    predictionFigure({
      title: `${passed} of ${packets.length} packets pass: their type says IPv4`,
      axis: { label: "packets that pass", unit: "packets", scale: "linear" },
      predictions: [{ name: "course-mix.pcap", guess: judged.guess, measured: passed }],
      provenance: environmentProvenance(recordEnvironment()),
    }),
  );
  console.log(judged.text);
}

// %% id="strip"
const here = environmentProvenance(recordEnvironment());
display(verdictStrip(third, packets, "Every packet of the capture, in its order", here));

// %% [markdown]
// ## See the program think
//
// The verifier walked no C. clang made instructions of it, eight bytes each (RFC 9669), on eleven registers: `r0` will be the
// answer, `r1` holds the context at the start, `r10` the stack. The kernel then rewrote what a program may not know: each field
// of `struct xdp_md` is a field of a structure of its own, elsewhere. Last, its compiler turned all that into machine code.

// %% id="listing"
if (third.bytecode !== null) display(listingTable(third.bytecode, third.program));

// %% [markdown]
// No kernel stops between two instructions for us to look. So the lab has a machine of its own that runs them, in TypeScript: it
// keeps every step, and because it gives the same answers each time, it can go back.
//
// ## Predict: how many bytes of the packet does the program look at?
//
// It proved that 14 are there. The packet is IPv4 in a frame of 60 bytes. Change the number, then watch.

// %% id="watch"
const guessTouched = predict(14, "bytes");
const walk = {
  title: "One packet through the program, instruction by instruction",
  packet: ping,
  provenance: { machine: "the lab's own machine", kernel: "no kernel", mode: "model" as const },
};
if (third.bytecode !== null) {
  await play(stepFigures({ ...walk, bytecode: third.bytecode }));
  const { touched } = traceProgram(third.bytecode, ping);
  console.log(`Bytes ${touched.join(" and ")}.`);
  console.log(judgeGuess(guessTouched, touched.length, "bytes").text);
}

// %% [markdown]
// Forward and back: the number below is how many steps were taken. At 6 the branch on the comparison with `data_end` was passed;
// see which register was proven by it, and which one is read next. What would be different on an ARP packet? Put `packets[0]`
// in the place of `ping` above.

// %% id="one-moment"
const steps = 6; // a smaller number goes back
if (third.bytecode !== null) {
  display(stepFigure({ ...walk, bytecode: third.bytecode }, steps));
}

// %% [markdown]
// Is that machine to be believed? On this capture it can be held against the kernel, packet by packet. (Its test does the same
// with 4000 generated programs on 30 packets each: verdict, packet and map agree in all 120 000 runs. It was run once with 100 000.)
//
// **And the verifier?** The same test met a program on which the kernel was wrong. A number on the stack, 0 or 1, is fetched by an
// atomic instruction, and a branch asks which it is. The verifier walks the path with the 1 and decides the branch. Then it should
// note that it relied on what lay on the stack; it took the fetch for a store, and noted nothing. So the path with the 0 looked like one
// that it had walked, and the branch for it was removed as dead code: the kernel runs the program, and answers for 0 as if it were 1
// (Linux 6.18.44; newer kernels follow a fetch like a load). 17 instructions show it, in `test/bpf/kernel-mistake.live.test.ts`.
// A proof is as good as the prover, and two that were written apart find what one test suite does not.
//
// It also runs what the kernel refuses. The program without a check, on a packet that ends within its header:

// %% id="against-the-kernel"
const { bytecode, program } = third;
if (bytecode !== null && program !== null) {
  const tried = packets.filter(isRunnable);
  const agree = tried.filter(
    (packet) => traceProgram(bytecode, packet).returned === runProgram(program, packet).returned,
  );
  console.log(`Machine and kernel agree on ${agree.length} of ${tried.length} packets.`);
}
if (second.bytecode !== null) {
  try {
    traceProgram(second.bytecode, ping.subarray(0, 12));
  } catch (error) {
    console.log((error as Error).message);
  }
}

// %% [markdown]
// ## Explain
//
// The program believes one field of 16 bits. Of a frame that ends behind that field it says *pass*, and the row that asked for
// *drop* was wrong about it, or right about what the program should become: that is the second exercise. IPv4 behind a VLAN tag is dropped, since the type field says VLAN there; a broken frame
// whose type says IPv4 passes. Packets shorter than an Ethernet header are not run: no driver hands XDP less, and the kernel
// refuses to pretend. So the comparison with `data_end` can never fail here, and the verifier demands it all the same.
//
// ## Predict: and on a real wire?
//
// Now it is attached in native mode to one end of a wire (a veth pair). 10000 IPv4 frames arrive, then 10000 ARP frames. Of
// these 20000, how many pass? The driver's own counters will say.

// %% id="on-the-wire"
const onTheWire = await measure.verdictsOnWire({
  text: bounded,
  frames: 10_000,
  guess: predict(10_000, "frames"),
});

if (onTheWire.status === "ok") {
  const { kinds, mode } = onTheWire.outcome;
  const total = kinds.reduce((sum, { passed }) => sum + passed, 0);
  display(
    predictionFigure({
      title: `On the wire (${mode} mode) ${total} frames pass`,
      note: kinds
        .map((kind) => `${kind.name}: ${kind.passed} passed, ${kind.dropped} dropped, ${kind.lost} lost`)
        .join("; "),
      axis: { label: "frames that pass", unit: "frames", scale: "linear" },
      predictions: [{ name: "both kinds", guess: onTheWire.guess.guess, measured: total }],
      provenance: provenance(onTheWire),
    }),
  );
  console.log(onTheWire.guess.text);
} else {
  console.log(`Not measured: ${onTheWire.reason} -> ${onTheWire.next}`);
}

// %% [markdown]
// The verdicts of the function and of the attached program agree: it is the same code. What differs is what it saves: an ARP frame
// dropped here never became a socket buffer (notebook 20 counts those). A veth has no hardware: on a network card native mode
// runs before the packet leaves the driver's page, and some cards can run the program themselves; neither can be seen here.

// %% [markdown]
// ## C in a cell, and what it remembers
//
// A program begins anew with each packet; what outlives the packet lies in a **map**. The next one counts EtherTypes in a hash.
// Its C stands in the cell itself: a complaint of clang or of the verifier names the line *of the cell* (leave out a semicolon
// and see). And since the C says what its map holds, the map reads like that: the key is `__be16`, two bytes in the wire's
// order, so the cell gets 2048 for IPv4 and not 8. (`xdp\`...\`` does the same in one step, and throws where it is refused.)
//
// ## Predict: how many different EtherTypes are in the capture?

// %% id="in-a-cell"
const guessTypes = predict(4, "types");
const counting = tryXdp(cText`
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __be16);
	__type(value, __u64);
} types SEC(".maps");

SEC("xdp")
int count_types(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u64 first = 1, *count;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	__be16 type = eth->h_proto;

	count = bpf_map_lookup_elem(&types, &type);
	if (count)
		++*count;
	else
		bpf_map_update_elem(&types, &type, &first, BPF_ANY);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
`);
display(counting);
// `changes` is what each packet should change in the map. Ask for something else, and the row says what is wrong.
display(
  caseTable(
    counting,
    [
      { name: "an IPv4 packet", packet: ping, verdict: "PASS", changes: [{ map: "types", key: 0x0800, before: null, after: 1 }] },
      { name: "a second one", packet: ping, verdict: "PASS", changes: [{ map: "types", key: 0x0800, before: 1, after: 2 }] },
      { name: "another type", packet: empty, verdict: "PASS", changes: [{ map: "types", key: 0x88b5, before: null, after: 1 }] },
    ],
    { title: "Three packets, one after the other, and what each changes" },
  ),
);
if (counting.program !== null) {
  const counted = counting.program.map<number, bigint>("types");
  for (const type of counted.keys()) counted.delete(type); // begin anew, with the capture
  for (const packet of packets.filter(isRunnable)) counting.program.run(packet);
  const rows = counted.entries().sort(([, a], [, b]) => Number(b - a));
  display(
    htmlTable(
      [{ name: "key (__be16, network order)" }, { name: "value (__u64)" }],
      rows.map(([type, count]) => [`0x${type.toString(16).padStart(4, "0")}`, String(count)]),
      { title: "What the map holds" },
    ),
  );
  console.log(judgeGuess(guessTypes, rows.length, "types").text);
  counting.program.close();
}

// %% [markdown]
// ## Predict: how many of 600 packets would tcpdump see?
//
// The injector numbers its frames, and the next program sorts them by that number: a third is dropped, a third passed, a third
// sent back (`XDP_TX`). They are UDP to a port where nobody listens. The **packet tracer** follows each of them: it reads the
// number at every place that a packet passes. If tcpdump ran on `veth-b`, how many would it show?

// %% id="trace"
const guessSeen = predict(600, "packets");
const sorting = tryXdp(cText`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int sort(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	if (data + 50 > (unsigned char *)(long)ctx->data_end)
		return XDP_DROP;
	/* the last two bytes of the number; 1, 2, 3 are XDP_DROP, XDP_PASS, XDP_TX */
	return (data[48] * 256 + data[49]) % 3 + 1;
}

char LICENSE[] SEC("license") = "GPL";
`);
if (sorting.program !== null) {
  const testbed = Testbed.create(twoHosts());
  try {
    const tracer = tracePackets(testbed, { numberAt: 42 }); // behind Ethernet, IPv4 and UDP
    tracer.attach("b", sorting.program);
    tracer.attach("a", loadXdp("pass")); // what comes back needs a program here, too
    const frame = buildFrame({
      ethernet: { source: testbed.end("a").mac, destination: testbed.end("b").mac },
      ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
      udp: { sourcePort: 5000, destinationPort: 9, checksum: 0 },
      payload: new Uint8Array(18),
    });
    const traced = await tracer.inject("a", 600, frame);
    const title = "600 packets from host a, and where each was seen last";
    display(packetFigure(traced, testbed.spec, { title, provenance: here }));
    for (const way of traced.ways.slice(0, 3)) console.log(describeWay(way));
    const seen = traced.ways.filter(({ captured }) => captured.includes("veth-b"));
    console.log(judgeGuess(guessSeen, seen.length, "packets").text);
  } finally {
    testbed.close();
  }
}

// %% [markdown]
// tcpdump is fed by the stack, behind a native program: it sees what was passed, and neither what was dropped nor what was sent
// back. What passed dies in the stack by a reason with a name; what came back to host a dies there, since its destination is
// still host b. Take out the line that attaches a program to `veth-a`, and count again: the driver of `veth-b` still says that
// it sent 200 back, and most of them, or all, are seen nowhere. Notebook 52 loses two million that way.

// %% [markdown]
// ## Exercise: prove that the header is there
//
// Now you, without looking back, and in the other form: leave early, with XDP_DROP, where the header is not there. The program
// has to pass IPv4 in frames of every length from 14 bytes on, and to drop all else.

// %% id="bounds"
// BEGIN SOLUTION
const withBounds = mended.replace(
  "if (matches(eth)) {",
  `if (data + sizeof(struct ethhdr) > data_end)
		return XDP_DROP;
	if (matches(eth)) {`,
);
// END SOLUTION
// BEGIN STARTER
// | const withBounds = `#include <linux/bpf.h>
// | #include <linux/if_ether.h>
// | #include <bpf/bpf_endian.h>
// | #include <bpf/bpf_helpers.h>
// |
// | static __always_inline int matches(struct ethhdr *eth)
// | {
// | 	return eth->h_proto == bpf_htons(ETH_P_IP);
// | }
// |
// | SEC("xdp")
// | int article(struct xdp_md *ctx)
// | {
// | 	void *data = (void *)(long)ctx->data;
// | 	void *data_end = (void *)(long)ctx->data_end;
// | 	struct ethhdr *eth = data;
// |
// | 	/* what has to be known here, before the matcher looks? */
// | 	if (matches(eth))
// | 		return XDP_PASS;
// | 	return XDP_DROP;
// | }
// |
// | char LICENSE[] SEC("license") = "GPL";
// | `;
// END STARTER

display(await check("50-the-articles-program/bounds", withBounds));

// %% [markdown]
// ## Exercise: IPv4, and nothing that only says so
//
// Pass a frame when its type says IPv4, a whole IPv4 header (20 bytes) lies behind the Ethernet header, and that header says
// version 4. Predict first: how many of the 68 packets pass now, more or fewer?

// %% id="ipv4-only"
// BEGIN SOLUTION
const ipv4Only = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int ipv4_only(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > data_end)
		return XDP_DROP;
	if (eth->h_proto == bpf_htons(ETH_P_IP) && ip->version == 4)
		return XDP_PASS;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const ipv4Only = `#include <linux/bpf.h>
// | #include <linux/if_ether.h>
// | #include <linux/ip.h>
// | #include <bpf/bpf_endian.h>
// | #include <bpf/bpf_helpers.h>
// |
// | SEC("xdp")
// | int ipv4_only(struct xdp_md *ctx)
// | {
// | 	void *data_end = (void *)(long)ctx->data_end;
// | 	struct ethhdr *eth = (void *)(long)ctx->data;
// |
// | 	if ((void *)(eth + 1) > data_end)
// | 		return XDP_DROP;
// | 	if (eth->h_proto == bpf_htons(ETH_P_IP))
// | 		return XDP_PASS; /* and if it only says so? */
// | 	return XDP_DROP;
// | }
// |
// | char LICENSE[] SEC("license") = "GPL";
// | `;
// END STARTER

display(await check("50-the-articles-program/ipv4-only", ipv4Only));

// %% [markdown]
// ## Exercise: the same behind a VLAN tag
//
// Pass IPv4 also behind one VLAN tag of type 0x8100. Frames with two tags are dropped, and so is everything else.

// %% id="vlan"
// BEGIN SOLUTION
const behindTag = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct tag {
	__be16 tci;
	__be16 type;
};

SEC("xdp")
int behind_tag(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *next = eth + 1;
	__be16 type;

	if (next > data_end)
		return XDP_DROP;
	type = eth->h_proto;
	if (type == bpf_htons(ETH_P_8021Q)) {
		struct tag *tag = next;

		if ((void *)(tag + 1) > data_end)
			return XDP_DROP;
		type = tag->type;
		next = tag + 1;
	}

	struct iphdr *ip = next;

	if ((void *)(ip + 1) > data_end)
		return XDP_DROP;
	if (type == bpf_htons(ETH_P_IP) && ip->version == 4)
		return XDP_PASS;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const behindTag = ipv4Only; // begin with your last program
// END STARTER

display(await check("50-the-articles-program/vlan", behindTag));

// %% [markdown]
// ## Exercise: UDP over IPv6, however far behind
//
// IPv6's header always has 40 bytes (`struct ipv6hdr` of `<linux/ipv6.h>`). Its `nexthdr` says what follows: 17 is UDP. But 0
// (hop-by-hop options), 43 (routing) and 60 (destination options) are **extension headers**, and any number of them may stand
// before UDP. Each begins like `struct ipv6_opt_hdr`: the next protocol, then its own length in units of 8 bytes, *the first 8
// not counted* (RFC 8200, section 4). Any sender may put one in, so a filter that looks at `nexthdr` alone is easily walked
// round.
//
// Pass UDP to port 7 over IPv6, behind none to four of these extension headers; drop everything else, fragments (44) too.
//
// Predict first: you know that no honest chain is long. Does the verifier take a loop without a limit, since each round
// compares with `data_end` and a packet ends some time? Try it: its refusal shows how far it follows a pointer.

// %% id="ipv6"
// BEGIN SOLUTION
const overIpv6 = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MOST_EXTENSIONS 4

SEC("xdp")
int over_ipv6(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ipv6hdr *ip = (void *)(eth + 1);
	void *next = ip + 1;
	__u8 protocol;

	if (next > data_end)
		return XDP_DROP;
	if (eth->h_proto != bpf_htons(ETH_P_IPV6) || ip->version != 6)
		return XDP_DROP;
	protocol = ip->nexthdr;
	for (int i = 0; i < MOST_EXTENSIONS; i++) {
		struct ipv6_opt_hdr *extension = next;

		if (protocol != 0 && protocol != 43 && protocol != 60)
			break;
		if ((void *)(extension + 1) > data_end)
			return XDP_DROP;
		protocol = extension->nexthdr;
		next += (extension->hdrlen + 1) * 8;
	}

	struct udphdr *udp = next;

	if ((void *)(udp + 1) > data_end)
		return XDP_DROP;
	if (protocol == IPPROTO_UDP && udp->dest == bpf_htons(7))
		return XDP_PASS;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const overIpv6 = `#include <linux/bpf.h>
// | #include <linux/if_ether.h>
// | #include <linux/in.h>
// | #include <linux/ipv6.h>
// | #include <linux/udp.h>
// | #include <bpf/bpf_endian.h>
// | #include <bpf/bpf_helpers.h>
// |
// | SEC("xdp")
// | int over_ipv6(struct xdp_md *ctx)
// | {
// | 	void *data_end = (void *)(long)ctx->data_end;
// | 	struct ethhdr *eth = (void *)(long)ctx->data;
// | 	struct ipv6hdr *ip = (void *)(eth + 1);
// | 	void *next = ip + 1;
// | 	__u8 protocol;
// |
// | 	if (next > data_end)
// | 		return XDP_DROP;
// | 	if (eth->h_proto != bpf_htons(ETH_P_IPV6) || ip->version != 6)
// | 		return XDP_DROP;
// | 	protocol = ip->nexthdr; /* and if this names an extension header? */
// |
// | 	struct udphdr *udp = next;
// |
// | 	if ((void *)(udp + 1) > data_end)
// | 		return XDP_DROP;
// | 	if (protocol == IPPROTO_UDP && udp->dest == bpf_htons(7))
// | 		return XDP_PASS;
// | 	return XDP_DROP;
// | }
// |
// | char LICENSE[] SEC("license") = "GPL";
// | `;
// END STARTER

display(await check("50-the-articles-program/ipv6", overIpv6));

// %% [markdown]
// A loop without a limit is refused, and late: in each round the pointer may move by 2 KiB, and once it could be 64 KiB away a
// comparison with `data_end` proves nothing more (`MAX_PACKET_OFF` in `kernel/bpf/verifier.c`). The limit of four is ours, not
// the protocol's: a program that runs on every packet must not let a sender decide how long it works.
//
// ## Tear down, and what we now believe
//
// The wire was removed by the measurement, and each check took its program out of the kernel. The last cell removes ours.
//
// - C28 holds for a program of this shape: without its brace it does not compile, and without a comparison with `data_end` the
//   kernel refuses it. The cells above show both refusals.
// - The verifier does not ask whether a packet is long enough. It asks whether the program proves it, on every path.
// - What a packet says of itself, a length or a chain of headers, moves a pointer away from everything proven: prove again,
//   and count the rounds.
// - A loaded program is a function of a packet. It can be tried on a capture before it meets a wire (C23), and that is how the
//   exercises judged yours. That it can also hand packets on to user space (C24) is notebook 33.

// %% id="tear-down"
third.program?.close();
console.log("Closed: no program, no namespace and no wire is left.");
