// %% [markdown]
// # One skb per packet
//
// **Question:** what does the kernel allocate for each packet, and when does it give it back?
//
// **Minutes:** 25 to read and think, half a minute to run.
//
// **Needs:** Linux and root (T1): the notebook makes two network namespaces with a wire between them, loads XDP programs
// and counts with the kernel's tracepoints. It touches no interface of yours.
//
// **Mode:** live. Without root the figures show what another machine recorded, and say so; the last exercise needs no root.
// %%
import {
  barFigure,
  check,
  display,
  environmentProvenance,
  type FindImmortal,
  flowFigure,
  type Guess,
  htmlTable,
  kernelStruct,
  lineFigure,
  liveDisplay,
  measure,
  predict,
  predictionFigure,
  recordEnvironment,
  type Result,
  sharedProvenance,
  type SkbCountOutcome,
  type SkbFatePredictions,
  skbCaches,
  whenMeasured,
} from "ringside";

const here = environmentProvenance(recordEnvironment());
// %% [markdown]
// ## Anatomy
//
// A packet in the Linux kernel is a **socket buffer**: `struct sk_buff`, in short *skb*. It is not the packet but its file
// card: where the bytes lie, which device they came from, which socket they belong to, where each header begins. FreeBSD's
// card is the *mbuf*. The kernel describes its own types (BTF), so we can ask the one that runs here.
// %%
const MEANING: Record<string, string> = {
  next: "the next skb of a queue: a socket's receive queue is a chain of these",
  dev: "the device it came in on",
  sk: "the socket it belongs to",
  cb: "48 bytes that each layer uses as it likes",
  len: "bytes of the packet",
  hash: "hash of the flow, to choose a queue or a CPU",
  protocol: "what comes after the Ethernet header",
  network_header: "where IP begins, counted from head",
  head: "where the packet's memory begins",
  data: "where the bytes of the current layer begin",
  truesize: "what it costs in memory, all included: a socket is charged this",
  users: "how many hold it: it dies when the last one lets go",
};
const card = kernelStruct("sk_buff");
display(
  htmlTable(
    [{ name: "at byte" }, { name: "field" }, { name: "what it is for" }],
    card.fields
      .filter(({ name }) => name in MEANING)
      .map(({ name, offsetBits }) => [offsetBits / 8, name, MEANING[name]!]),
    {
      title: `struct sk_buff: ${card.sizeBytes} bytes and ${card.fields.length} named fields; some of them`,
      provenance: here,
    },
  ),
);
display(
  htmlTable(
    [{ name: "slab cache" }, { name: "one object", unit: "B" }, { name: "holds" }, { name: "shared with" }],
    skbCaches().map(({ name, objectBytes, holds, sharedWith }) => [
      name,
      objectBytes,
      holds,
      sharedWith.filter((other) => other !== name).join(", ") || "nobody",
    ]),
    { title: "Where skbs come from: caches of the slab allocator", provenance: here },
  ),
);
// %% [markdown]
// ## Claim
//
// > **C10.** The API leads to dynamic allocation: every packet is wrapped in an skb (Linux) or an mbuf (FreeBSD).
// >
// > **C11.** That allocation stresses the memory allocator.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **65 536 packets that the stack
// takes cost 65 536 skbs, and packets that it never sees cost none.** An XDP program in *native* mode runs inside the driver, before `netif_receive_skb`
// (kernel `net/core/dev.c`), the place where the stack begins.
//
// ## Predict
//
// The same 65 536 UDP packets meet four programs on host `b`:
//
// - **drop**: an XDP program answers `XDP_DROP`.
// - **pass**: it answers `XDP_PASS`, and no socket is open for these packets.
// - **AF_XDP**: it redirects each packet to an AF_XDP socket, which *copies* it into the program's own memory.
// - **full socket**: `XDP_PASS`, and a UDP socket whose reader never reads.
//
// How many skbs does each cost? Write your own four numbers.
// %%
const guesses = {
  drop: predict(65_536, "skbs"),
  pass: predict(65_536, "skbs"),
  afXdp: predict(65_536, "skbs"),
  fullSocket: predict(65_536, "skbs"),
};
// %% [markdown]
// ## Measure and plot
//
// Every skb that enters the stack of host `b`, and every death with its reason, passes a tracepoint; a BPF program counts
// them. Counting slows the path, so this says *how many* and never *how fast*. The figure changes while the four run.
// %%
type Program = keyof typeof guesses;
const PROGRAMS: Record<Program, string> = {
  drop: "XDP_DROP",
  pass: "XDP_PASS",
  afXdp: "AF_XDP, copy mode",
  fullSocket: "full UDP socket",
};
const counted: Partial<Record<Program, Result<SkbCountOutcome>>> = {};

function countsFigure(title: string) {
  const bars = Object.entries(guesses).map(([program, guess]: [string, Guess]) => {
    const result = counted[program as Program];
    const name = PROGRAMS[program as Program];
    if (result?.status !== "ok") return { name: `${name} (no count)`, value: 0 };
    return { name, value: result.outcome.made, guess: guess.low };
  });
  const note = "skbs that entered host b's stack for 65 536 packets; the dot is your guess";
  const axis = { label: "skbs", unit: "", scale: "linear" } as const;
  return barFigure({ title, note, provenance: origin(), axis, bars });
}

/** Whose counts these are: this machine's, or where it cannot count, the one's that recorded them. */
const origin = () => sharedProvenance(Object.values(counted)) ?? here;

/** The figure's title: what was expected, or that it did not come out so. */
function finding(): string {
  const made = Object.values(counted).map((result) => (result.status === "ok" ? result.outcome.made : -1));
  if (made.includes(-1)) return "Not all four were counted: see below";
  const expected = [0, 65_536, 0, 65_536];
  return made.every((skbs, i) => skbs === expected[i])
    ? "Only packets that reach the stack cost an skb, and then each of them one"
    : "Not what the claim says: these counts need an explanation";
}

async function countAllFour(): Promise<void> {
  const shown = liveDisplay();
  let last: Result<SkbCountOutcome> | undefined;
  for (const program of Object.keys(guesses) as Program[]) {
    if (last?.status !== "aborted") {
      shown.update(countsFigure(`Counting under ${PROGRAMS[program]}`));
      const options = { program, frames: 65_536, guess: guesses[program] };
      last = await measure.skbCount({ ...options, onProgress: () => undefined });
    }
    counted[program] = last;
  }
  shown.update(countsFigure(finding()));
  shown.finish();
}

await countAllFour();
// %%
function fateRow(program: Program): (string | number)[] {
  const result = counted[program]!;
  if (result.status !== "ok") return [PROGRAMS[program], "-", "-", `no count: ${result.reason}`, "-", "-"];
  const { made, dropped, reasons, waiting, received } = result.outcome;
  return [PROGRAMS[program], made, dropped, Object.keys(reasons).join(", "), waiting, received];
}
const fateColumns = ["program", "skbs made", "dropped", "reason", "waiting", "received by a program"];
display(
  htmlTable(
    fateColumns.map((name) => ({ name })),
    (Object.keys(guesses) as Program[]).map(fateRow),
    { title: "What became of 65 536 packets under each program", provenance: origin() },
  ),
);
console.log(
  Object.entries(counted)
    .map(([program, result]) => {
      const said = result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`;
      return `${PROGRAMS[program as Program]}: ${said}`;
    })
    .join("\n"),
);
// %% [markdown]
// ## Explain
//
// `XDP_DROP` and AF_XDP give the frame's memory back, or its content away, before anybody has written a file card for it. Copy mode does
// copy, but frame to frame, and not into an skb. `XDP_PASS` hands the frame to the stack, and there it becomes an skb: always, even if the
// only thing to do with it is to find out that nobody wants it. `NO_SOCKET` and `SOCKET_RCVBUFF` are the kernel's own words for why (`enum skb_drop_reason`).
//
// A count of 0 is worth something only if the counter can see: the other two bars show that it does. Next, where did the packets of the full socket end?
// %%
display(
  whenMeasured(counted.fullSocket!, ({ frames, made, waiting, reasons }, provenance) =>
    flowFigure({
      title: "A full socket: the stack makes an skb for each packet and then throws most of them away",
      note: "The work of making them was done all the same.",
      provenance,
      stages: [
        { name: "injected", detail: "at host a", out: frames },
        { name: "stack", detail: "an skb each", out: made },
        {
          name: "UDP socket",
          detail: "waiting for the reader",
          out: waiting,
          drops: Object.entries(reasons).map(([reason, count]) => ({ reason, count })),
        },
      ],
    }),
  ),
);
// %% [markdown]
// ### What of the allocator?
//
// C11 speaks of the slab allocator. Its events know no packet, only *which cache* and *which code*, for the whole machine. So each
// count is followed by a control window of the same length in which we send nothing: that is the background.
// %%
const slabColumns = [
  "program", "skbs of the packets", "taken one by one", "given back one by one", "taken in the background",
];
function slabRow(program: Program): (string | number)[] {
  const result = counted[program]!;
  if (result.status !== "ok") return [PROGRAMS[program], "-", "-", "-", "-"];
  const { made, births, backgroundBirths, counts } = result.outcome;
  return [PROGRAMS[program], made, births, counts.frees, backgroundBirths];
}
display(
  htmlTable(
    slabColumns.map((name) => ({ name })),
    (Object.keys(guesses) as Program[]).map(slabRow),
    { title: "Objects of the skb caches, whole machine", provenance: origin() },
  ),
);
function sayAllocator(result: Result<SkbCountOutcome>): string {
  if (result.status !== "ok") return `No figure: ${result.reason} -> ${result.next}`;
  const { birthsBy, unseen } = result.outcome;
  const taken = `Under XDP_PASS, taken one by one: ${birthsBy.slice(0, 3).join("; ") || "none"}.`;
  return [taken, ...unseen.map((gap) => `Not seen: ${gap}.`)].join("\n");
}
console.log(sayAllocator(counted.pass!));
// %% [markdown]
// The skbs of `XDP_PASS` are given back one by one, an allocator call for each packet, and that much of C11 is a count. But on a veth they are *taken* in
// bulk, several in one call (`drivers/net/veth.c`, `veth_xdp_rcv_bulk_skb`), and bulk calls have no tracepoint. Whether what remains is a
// *stress* is a question of time, and a traced run must not answer that.
//
// ## Claim
//
// > **C12.** The buffer lives until the application has consumed its data with `recvmsg`.
//
// ## Predict
//
// 1000 packets to a UDP socket. Its reader stalls, and closes the socket without ever having read. How many skbs die **at that close**?
// %%
const closeGuess = predict(1000, "skbs");
// %% [markdown]
// ## Measure
//
// Five sockets, one after the other. Their readers stall; then they read none, a quarter, half, three quarters or all of what waits, and close.
// %%
/** The sizes of this kernel's own structures: they have no place beside what another kernel did. */
const structs = (isLive: boolean) =>
  isLive
    ? [
        { name: "its struct sk_buff", value: card.sizeBytes },
        { name: "skb_shared_info", value: kernelStruct("skb_shared_info").sizeBytes },
      ]
    : [];
const lives = await measure.skbLifetime({ guess: closeGuess });
console.log(lives.status === "ok" ? lives.guess.text : `No figure: ${lives.reason} -> ${lives.next}`);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(lives, ({ lives: [unread] }, provenance) =>
    predictionFigure({
      title: "Only what fitted into the socket was still there to die",
      note: "1000 packets sent to a socket that nobody reads",
      provenance,
      axis: { label: "skbs that died when it was closed", unit: "", scale: "linear" },
      predictions: [{ name: "died at the close", guess: closeGuess, measured: unread!.diedAtClose }],
    }),
  ),
);
display(
  whenMeasured(lives, ({ frames, lives: sockets }, provenance) =>
    lineFigure({
      title: "What was not read dies when the socket closes",
      note: `each dot is one socket; most of its ${frames} packets found the receive buffer full`,
      provenance,
      x: { label: "packets that the reader took", unit: "" },
      y: { label: "skbs that died at the close", unit: "" },
      series: [{ name: "skbs", points: sockets.map(({ read: x, diedAtClose: y }) => ({ x, y })) }],
    }),
  ),
);
display(
  whenMeasured(lives, ({ frameBytes, lives: [first] }, provenance) =>
    barFigure({
      title: "Why so few fit: a socket is charged for memory, not for bytes received",
      note: `the receive buffer allows ${first!.limitBytes} B here (SO_MEMINFO)`,
      provenance,
      axis: { label: "for one packet", unit: "B", scale: "linear" },
      bars: [
        { name: "the packet itself", value: frameBytes },
        ...structs(provenance.mode === "live"),
        { name: "charged to the socket", value: Math.round(first!.chargedBytes / first!.waiting) },
      ],
    }),
  ),
);
// %% [markdown]
// ## Explain
// %%
function sayLives(): string {
  if (lives.status !== "ok") return `No figure: ${lives.reason} -> ${lives.next}`;
  const { stallMs, lives: all } = lives.outcome;
  const died = all.reduce((sum, { diedWaiting }) => sum + diedWaiting, 0);
  const whole = all.every(({ waiting, read, diedAtClose }) => read + diedAtClose === waiting);
  return [
    `In ${stallMs} ms of stalling ${died} of the waiting skbs died.`,
    `Read + died at close = waiting, for all ${all.length} sockets: ${whole ? "yes" : "no, see the figure"}.`,
  ].join("\n");
}
console.log(sayLives());
// %% [markdown]
// If the lines above say 0 and yes, C12 holds, with a second half: a buffer lives until it is read **or its socket is closed**. How long that is, the application decides.
// Meanwhile a packet of 60 bytes keeps about a page of memory busy, because the frame that we inject lies in a page of its own, and so a
// slow reader fills its receive buffer soon; then the kernel's work on each further packet is done for nothing.
//
// **What it does not show.** The death of a buffer *that was read* passes none of our tracepoints on this kernel, most likely because buffers that
// were read are put aside and freed later in bulk (`skb_attempt_defer_free` in `net/core/skbuff.c`). We know it only from its absence at the
// close. A NIC's driver may pack several packets into one page, so the charge differs with the driver; that there is one skb for each
// packet does not, unless GRO merges packets of one flow.
//
// ## Exercise 1: predict the counts
//
// Now with 1000 packets, and two numbers for each program: how many skbs are **born**, and how many of them are **dead** when the last
// packet has come and nobody has read yet. The kernel is the judge: the check runs all four. The last one is for you to
// work out from the figures above.
// %% id="predict-the-counts" tags=["exercise"]
// BEGIN SOLUTION
const fits = counted.fullSocket?.status === "ok" ? counted.fullSocket.outcome.waiting : 0;
const counts: SkbFatePredictions = {
  drop: { born: 0, dead: 0 },
  pass: { born: 1000, dead: 1000 },
  afXdp: { born: 0, dead: 0 },
  fullSocket: { born: 1000, dead: 1000 - fits },
};
// END SOLUTION
// BEGIN STARTER
// | const counts: SkbFatePredictions = {
// |   drop: { born: 1000, dead: 1000 },
// |   pass: { born: 1000, dead: 1000 },
// |   afXdp: { born: 1000, dead: 1000 },
// |   fullSocket: { born: 1000, dead: 1000 },
// | };
// END STARTER

display(await check("20-one-skb-per-packet/predict-the-counts", counts));
// %% [markdown]
// ## Exercise 2: the buffer that never dies
//
// A kernel module leaks skbs. You have a trace of births (`alloc`) and of both kinds of death (`kfree`, `consume`), in order. Write
// `findImmortal(events)`: it answers with the **birth times of the buffers that never died**. Mind what an allocator does with an
// address once it is free.
// %% id="the-buffer-that-never-dies" tags=["exercise"]
// BEGIN SOLUTION
const findImmortal: FindImmortal = (events) => {
  const alive = new Map<string, number>();
  for (const { event, address, atUs } of events) {
    if (event === "alloc") alive.set(address, atUs);
    else alive.delete(address);
  }
  return [...alive.values()];
};
// END SOLUTION
// BEGIN STARTER
// | const findImmortal: FindImmortal = (events) => {
// |   const births = events.filter(({ event }) => event === "alloc");
// |   return births.map(({ atUs }) => atUs); // all that were born; which of them never died?
// | };
// END STARTER

display(await check("20-one-skb-per-packet/the-buffer-that-never-dies", findImmortal));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: every count ran in a process or a testbed of its own, which removed its namespaces.
//
// - The stack makes one skb for each packet it takes (C10), also for those that it only throws away.
// - A native XDP program decides before the skb exists: what it drops or redirects to AF_XDP never has one.
// - An skb lives until its reader takes it or its socket closes (C12), and it is charged by memory, not by bytes.
// - Of C11 we have the counts; its price in time is not measured here.
//
// Next: **33-af-xdp**, packets that live in memory of your own.
