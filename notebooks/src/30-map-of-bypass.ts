// %% [markdown]
// # A map of bypass
//
// **Question:** who drives the NIC, who owns ring and memory, and who does the protocol, in each of the systems that are called bypass?
//
// **Minutes:** 15 to read and think, half a minute to run.
//
// **Needs:** nothing for the map and the exercise (T0). The counts need Linux and root; without, their cell says so, and the rest works.
//
// **Mode:** the map is from the systems' own documentation; the counts are live.
// %%
import {
  barFigure, check, type Classifier, display, htmlTable, measure, noGuess, type PathName, type PathOutcome,
  predict, predictionFigure, whenMeasured,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > **C14.** Kernel bypass removes these overheads by moving protocol processing to user space.
// >
// > **C15.** Packet I/O is done by the hardware, by the OS, or by user space, depending on the architecture.
// >
// > **C19.** Either way packets reach user space with hardly any help from the OS.
//
// From Enberg's article on kernel-bypass networking (2018). *Bypass* is one word for several things. Four questions tell them apart.
// %%
const columns = ["system", "who drives the NIC", "who owns the ring", "packet memory", "who does the protocol", "here"];
const MAP = [
  ["POSIX socket", "kernel", "kernel", "skb, copied out", "kernel", "11, 20"],
  ["PACKET_MMAP", "kernel", "shared with the program", "skb, copied into a shared block", "program", "32"],
  ["AF_XDP", "kernel", "shared with the program", "the program's frames", "program", "33"],
  ["netmap", "kernel", "NIC's queue, mapped", "shared buffers", "program", "34, as a port"],
  ["DPDK", "program", "program", "the program's pool", "program", "35, on a veth"],
  ["XDP", "kernel", "kernel", "the driver's page", "a program in the driver", "50, 51"],
  ["RDMA", "kernel sets up, NIC works", "shared with the NIC", "the program's regions", "NIC", "36, in the VM"],
  ["SmartNIC with eBPF", "kernel sets up, NIC works", "NIC", "NIC's memory", "a program in the NIC", "54, as a model"],
];
display(
  htmlTable(
    columns.map((name) => ({ name })),
    MAP,
    { title: "Eight systems, four questions. Last column: which notebook of the course plays it" },
  ),
);
// %% [markdown]
// ## Predict
//
// Sharpened until it could be false: **what reaches a program by bypass costs no skb and no system call a packet.** By PACKET_MMAP, a ring in the program's own
// memory: how many skbs does a packet cost? Write your guess.
// %%
const guess = predict(0, "skbs");
// %% [markdown]
// ## Measure
//
// The same packets, four ways, every event counted: the system calls of the receiving thread that ask for packets, and the socket buffers
// that entered the stack.
// %%
const WAYS: PathName[] = ["udp-recvmsg", "packet-mmap", "xdp-need-wakeup", "xdp-drop"];
const counted = await measure.bakeOff({
  guess: noGuess("×"), // its rates are not shown
  paths: WAYS,
  rounds: 2,
  roundS: 0.02,
  trialS: 0,
  counted: 8192,
  gate: { minIdle: 0, maxSteal: 1 }, // counts hold on a busy machine
});
if (counted.status !== "ok") console.log(`No counts: ${counted.reason} -> ${counted.next}`);
// %% [markdown]
// ## Plot
// %%
const skbsEach = ({ events }: PathOutcome) => events!.skbs / events!.packets;
const callsEach = ({ events }: PathOutcome) => (events?.receiving == null ? null : events.receiving / events.packets);
display(
  whenMeasured(counted, ({ paths }, provenance) => {
    const mmap = paths.find(({ name }) => name === "packet-mmap");
    return predictionFigure({
      title: "What a packet by PACKET_MMAP costs in socket buffers",
      provenance,
      axis: { label: "skbs a packet", unit: "", scale: "linear" },
      predictions: mmap ? [{ name: "PACKET_MMAP", guess, measured: skbsEach(mmap) }] : [],
    });
  }),
);
display(
  whenMeasured(counted, ({ paths }, provenance) =>
    barFigure({
      title: "Socket buffers a packet, by the way it takes",
      note: "8192 packets each, exactly counted",
      provenance,
      axis: { label: "skbs a packet", unit: "", scale: "linear" },
      bars: paths.map((path) => ({ name: path.title, value: skbsEach(path) })),
    }),
  ),
);
display(
  whenMeasured(counted, ({ paths }, provenance) =>
    htmlTable(
      ["way", "system calls a packet", "skbs a packet", "copies a packet"].map((name) => ({ name })),
      paths.map((path) => [
        path.title,
        callsEach(path)?.toFixed(3) ?? "no program of ours",
        skbsEach(path).toFixed(3),
        path.copies.count,
      ]),
      { title: "What each way costs, in events", provenance },
    ),
  ),
);
// %% [markdown]
// ## Explain
//
// The map and the counts say different things about PACKET_MMAP. By the map it looks like bypass: the ring is in the program's memory, and hardly a call is
// made. By the counts it is a socket: each packet was an skb first, and the stack had it in its hands. **A mapped ring saves calls. Only what turns off
// before the stack saves the skb.** AF_XDP does both, where its program runs in the driver (generic mode makes the skb first, notebook 51). And XDP alone has no ring to a program at all: the packet ends where the driver meets it.
//
// So C14 and C15 are several claims in one: which overhead goes depends on *where the packet turns off*, and C19's "hardly any help" is about
// the last step. In every row but DPDK's and the NIC's own, the kernel still drives the card.
//
// **What it does not show.** Time: these are counts, and notebook 60 has the rates. Zero-copy: on a veth the kernel copies each packet into AF_XDP's frames, which a card's
// driver need not. And rows that nobody can run on a veth: a NIC given away to DPDK, netmap's own driver patches, a card with RDMA, a SmartNIC. What the map says is from the
// systems' documentation: packet(7), the kernel's `Documentation/networking/{packet_mmap,af_xdp}.rst`, netmap(4), DPDK's Programmer's Guide, libibverbs' manual pages, and for
// the SmartNIC its driver, `drivers/net/ethernet/netronome/nfp/bpf`.
//
// ## Exercise: classify eight systems
//
// `classify(facts)` gets the facts of a system, without its name, and says where a packet's work is done: `"the kernel's stack"`, `"a program in the driver"`,
// `"user space, the kernel keeps the NIC"`, `"user space, which owns the NIC"` or `"the hardware"`. The facts:
//
// | fact | what it says |
// | --- | --- |
// | `driver` | `"kernel"` or `"application"`: who writes the NIC's registers and owns its descriptors |
// | `skbPerPacket` | the kernel wraps each packet in an skb |
// | `ringsMapped` | the program sees the rings in its own memory, and takes packets without a call for each |
// | `endsInDriver` | the packet may end in a program inside the driver, and reach nobody's memory |
// | `nicDoesProtocol` | the NIC does the protocol itself, and writes the data where the application wants it |
//
// Predict first: which one of the eight does the starter, which looks at the rings alone, sort right?
// %% id="classify" tags=["exercise"]
// BEGIN SOLUTION
const classify: Classifier = (facts) => {
  if (facts.nicDoesProtocol) return "the hardware";
  if (facts.skbPerPacket) return "the kernel's stack";
  if (facts.endsInDriver) return "a program in the driver";
  return facts.driver === "kernel" ? "user space, the kernel keeps the NIC" : "user space, which owns the NIC";
};
// END SOLUTION
// BEGIN STARTER
// | const classify: Classifier = ({ ringsMapped }) =>
// |   ringsMapped ? "user space, which owns the NIC" : "the kernel's stack";
// END STARTER

display(await check("30-map-of-bypass/classify", classify));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the counts were taken in a process of its own, which removed its wires.
//
// - Bypass is four questions, not one: who drives the NIC, who owns the ring, whose memory, whose protocol.
// - A mapped ring saves system calls. It saves the skb only where the packet turns off before the stack.
// - Whoever takes the packet before the stack has to do what the stack would have done (C20).
//
// Next: **31-rings-from-scratch**, the data structure that all of them share.
