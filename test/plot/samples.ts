// One ordinary figure of each kind, as a notebook would draw it: the tests check them all, and a look at them shows
// what a change of the drawing code does.

import {
  barFigure,
  budgetFigure,
  bytesFigure,
  callsFigure,
  cdfFigure,
  type Figure,
  flowFigure,
  framesFigure,
  guessesFigure,
  histogramFigure,
  lineFigure,
  type Provenance,
  pairsFigure,
  predictionFigure,
  ringFigure,
  roomFigure,
  sequenceFigure,
  sideBySideFigure,
  stepFigure,
  tcpStatesFigure,
  topologyFigure,
  verdictStripFigure,
  verdictsFigure,
} from "ringside/plot";
import {
  allocateRing,
  FRAME_OWNERS,
  type FrameState,
  type OwnershipLedger,
  snapshotRing,
} from "ringside/ring";
import { LogHistogram, noiseFloor, pairedComparison, seededRandom } from "ringside/stats";
import { alu, exit, load, mov } from "../bpf/assemble.js";
import { bytecode } from "../bpf/bytecode.js";

export const LIVE: Provenance = {
  machine: "AMD EPYC, 2 vCPU",
  kernel: "6.18.44",
  mode: "live",
  date: "2026-11-23",
};
export const RECORDED: Provenance = { ...LIVE, mode: "recorded", recordedOn: "the lab's reference VM" };
export const MODEL: Provenance = { ...LIVE, mode: "model" };

/** Latencies in nanoseconds with a long tail. */
export function latencies(n: number, seed: number, centre = 12_000): number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: n },
    () => (centre * Math.exp(0.25 * (random() + random() + random() - 1.5))) / random() ** 0.35,
  );
}

/** Positive measurements around a centre. */
export function runs(centre: number, spread: number, seed: number, n = 20): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => centre * (1 + spread * (random() - 0.5)));
}

function topology(): Figure {
  const verdicts = [
    { packets: 200, what: "XDP_DROP", ended: true },
    { packets: 400, what: "XDP_PASS" },
  ];
  return topologyFigure({
    title: "600 packets from host a, and where they went",
    places: [
      { host: "a", device: "veth-a", floors: [] },
      {
        host: "b",
        device: "veth-b",
        floors: [
          { name: "filter (native XDP)", entered: 600, counts: verdicts },
          { name: "tcpdump sees 400 of 600", entered: 400, watches: true },
          {
            name: "the stack",
            entered: 400,
            counts: [{ packets: 150, what: "dropped: NO_SOCKET", ended: true }],
          },
          { name: "sockets", entered: 250, counts: [{ packets: 250, what: "port 7" }] },
        ],
      },
    ],
    links: [
      { from: 0, to: 1, packets: 610, what: "injected", lost: 10 },
      { from: 1, to: 0, packets: 0, what: "sent back" },
    ],
    provenance: LIVE,
  });
}

function ladder(): Figure {
  return barFigure({
    title: "Dropping in native XDP is 20 times as fast as a UDP socket",
    note: "Median of 20 runs of 2 s, 64-byte frames from the XDP injector; whiskers are 95 % intervals.",
    provenance: LIVE,
    axis: { label: "packets per second", unit: "pps", scale: "linear" },
    bars: [
      {
        name: "native XDP_DROP",
        value: 4.95e6,
        low: 4.7e6,
        high: 5.2e6,
        published: [{ value: 24e6, source: "XDP CoNEXT'18, ConnectX-5" }],
      },
      {
        name: "AF_XDP receive, copy mode",
        value: 3.2e6,
        low: 3.1e6,
        high: 3.4e6,
        guess: 1e6,
        published: [{ value: 12.2e6, source: "mlx5 zero-copy, 2019" }],
      },
      { name: "generic XDP_DROP", value: 2.0e6, low: 1.9e6, high: 2.05e6 },
      { name: "pass to the stack", value: 1.5e6, low: 1.4e6, high: 1.6e6 },
      { name: "UDP socket", value: 2.4e5, guess: 4e6 },
    ],
  });
}

function batching(): Figure {
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const curve = (fixed: number, per: number) =>
    sizes.map((x) => ({
      x,
      y: fixed / x + per,
      low: (fixed / x + per) * 0.9,
      high: (fixed / x + per) * 1.12,
    }));
  return lineFigure({
    title: "Batching hides the system call: beyond 32 packets it hardly shows",
    note: "Bands are 95 % intervals of the median.",
    provenance: LIVE,
    x: { label: "packets per call", unit: "", scale: "log" },
    y: { label: "time per packet", unit: "ns", scale: "log" },
    series: [
      { name: "sendmsg", points: curve(1400, 900) },
      { name: "sendmmsg", points: curve(1400, 420) },
      { name: "AF_XDP ring", points: curve(600, 60) },
      { name: "io_uring", points: curve(900, 380) },
    ],
  });
}

function histogram(): Figure {
  const record = new LogHistogram();
  for (const value of latencies(50_000, 3)) record.recordValue(value);
  return histogramFigure({
    title: "Most echoes take 15 µs, but one in a hundred takes five times as long",
    provenance: RECORDED,
    axis: { label: "round-trip time", unit: "ns", scale: "log" },
    samples: record.buckets(),
    percentiles: [50, 99, 99.9],
  });
}

function distributions(share: "even" | "tail"): Figure {
  return cdfFigure({
    title: "Timing from the reply hides the stall; timing from the intended send shows it",
    provenance: LIVE,
    axis: { label: "latency", unit: "ns", scale: "log" },
    share,
    series: [
      { name: "naive clock", samples: latencies(8000, 5) },
      { name: "open-loop clock", samples: [...latencies(8000, 6), ...latencies(160, 7, 4e7)] },
    ],
  });
}

function comparisons(): Figure {
  const noise = noiseFloor(runs(100, 0.12, 1), runs(100, 0.12, 2));
  return pairsFigure({
    title: "Native drop beats generic drop; TypeScript and C cannot be told apart",
    note: "Each dot is one pair of runs, side by side in random order.",
    provenance: LIVE,
    label: "ratio of packet rates",
    rows: [
      {
        name: "native drop / generic drop",
        comparison: pairedComparison(runs(145, 0.2, 3), runs(100, 0.1, 4), noise),
      },
      {
        name: "AF_XDP receive: TypeScript / C",
        comparison: pairedComparison(runs(100, 0.1, 5), runs(100, 0.1, 6), noise),
      },
      {
        name: "with bpf_stats / without",
        comparison: pairedComparison(runs(60, 0.15, 7), runs(100, 0.1, 8), noise),
      },
    ],
  });
}

function predictions(): Figure {
  return predictionFigure({
    title: "A system call costs three times what you thought",
    provenance: LIVE,
    axis: { label: "time per call", unit: "ns" },
    predictions: [
      { name: "getppid, a system call that does nothing", guess: 42, measured: 134, low: 130, high: 140 },
      {
        name: "reading the clock without entering the kernel (vDSO)",
        guess: { low: 10, high: 50 },
        measured: 24,
      },
      {
        name: "a context switch",
        guess: { low: 10_000, high: 50_000 },
        measured: 1800,
        low: 1500,
        high: 2200,
      },
    ],
  });
}

function counts(): Figure {
  return predictionFigure({
    title: "Native XDP_DROP makes no skb at all",
    provenance: LIVE,
    axis: { label: "socket buffers for 65 536 packets", unit: "" },
    predictions: [
      { name: "XDP_DROP, native", guess: 65_536, measured: 0 },
      { name: "XDP_PASS", guess: 65_536, measured: 65_536 },
      { name: "AF_XDP receive", guess: 0, measured: 14 },
    ],
  });
}

function ring(size: number, produced: number, consumed: number): Figure {
  const memory = allocateRing(size, "addr");
  memory.producer[0] = produced;
  memory.consumer[0] = consumed;
  for (let slot = 0; slot < size; slot++) memory.words[slot * 2] = slot * 2048;
  return ringFigure({
    title: "The producer has gone round once more than the consumer",
    provenance: LIVE,
    name: "fill ring",
    ring: snapshotRing(memory, size > 4 ? 2 : 0),
  });
}

/** A ledger as takeLedger would give it, for frames in the states given. */
export function ledgerOf(frames: FrameState[]): OwnershipLedger {
  const counts = Object.fromEntries(
    FRAME_OWNERS.map((owner) => [owner, frames.filter((frame) => frame === owner).length]),
  ) as OwnershipLedger["counts"];
  const leaked = frames.filter((frame) => frame === "leaked").length;
  const total = frames.length;
  const sum = total - leaked;
  const equation = `${FRAME_OWNERS.map((owner) => `${owner} ${counts[owner]}`).join(" + ")} = ${sum} of ${total} frames`;
  return { total, counts, frames, leaked, duplicated: [], outside: [], conserved: leaked === 0, equation };
}

function frames(total: number, leaks = 0): Figure {
  const random = seededRandom(9);
  const states = Array.from({ length: total }, (_, i): FrameState => {
    if (i < leaks) return "leaked";
    return i < total / 2 ? "fill" : FRAME_OWNERS[Math.floor(random() * FRAME_OWNERS.length)];
  });
  const title = leaks > 0 ? "One frame has no owner: it leaked" : "Every frame has one owner";
  return framesFigure({ title, provenance: LIVE, ledger: ledgerOf(states) });
}

function packet(): Figure {
  const bytes = Uint8Array.from({ length: 60 }, (_, i) => (i * 37) & 0xff);
  const rows: [string, number, number, string][] = [
    ["ethernet.destination", 0, 6, "02:00:00:00:00:02"],
    ["ethernet.source", 6, 6, "02:00:00:00:00:01"],
    ["ethernet.type", 12, 2, "0x0800 IPv4"],
    ["ipv4.version", 14, 1, "4, header 20 B"],
    ["ipv4.tos", 15, 1, "0"],
    ["ipv4.totalLength", 16, 2, "46"],
    ["ipv4.identification", 18, 2, "0"],
    ["ipv4.fragment", 20, 2, "don't fragment"],
    ["ipv4.ttl", 22, 1, "64"],
    ["ipv4.protocol", 23, 1, "17 UDP"],
    ["ipv4.checksum", 24, 2, "0x26bd"],
    ["ipv4.source", 26, 4, "10.0.0.1"],
    ["ipv4.destination", 30, 4, "10.0.0.2"],
    ["udp.sourcePort", 34, 2, "9000"],
    ["udp.destinationPort", 36, 2, "9"],
    ["udp.length", 38, 2, "26"],
    ["udp.checksum", 40, 2, "0x0000 none"],
    ["payload.data", 42, 18, "18 bytes"],
  ];
  return bytesFigure({
    title: "A UDP packet: 42 bytes of headers before the first byte of payload",
    provenance: MODEL,
    bytes,
    fields: rows.map(([name, offset, length, value]) => ({
      name,
      offset,
      length,
      value,
      layer: name.split(".")[0],
    })),
  });
}

function budgets(): Figure {
  return budgetFigure({
    title: "At 200 GbE one cache miss takes half the budget, and a system call does not fit",
    note: "Inside each bar: one of each cost, end to end, on the same scale.",
    provenance: LIVE,
    budgets: [
      { name: "10 GbE, 1538 B", ns: 1230.4 },
      { name: "40 GbE, 1538 B", ns: 307.6 },
      { name: "100 GbE, 1538 B", ns: 123.04 },
      { name: "200 GbE, 1538 B", ns: 61.52 },
    ],
    costs: [
      { name: "system call", ns: 134 },
      { name: "cache miss", ns: 32 },
      { name: "lock and unlock", ns: 16.1 },
      { name: "atomic", ns: 8.2 },
    ],
  });
}

function flow(): Figure {
  return flowFigure({
    title: "65 000 frames end in the program; of the rest, 100 find no socket",
    provenance: LIVE,
    stages: [
      { name: "injector", detail: "veth-a", out: 65_536 },
      {
        name: "XDP program",
        detail: "native, veth-b",
        out: 536,
        drops: [{ count: 65_000, reason: "XDP_DROP" }],
      },
      {
        name: "kernel stack",
        detail: "IPv4, UDP",
        out: 400,
        drops: [{ count: 100, reason: "SKB_DROP_REASON_NO_SOCKET" }],
      },
      { name: "socket", detail: "port 9", out: 400 },
    ],
  });
}

function verdicts(): Figure {
  return verdictsFigure({
    title: "What the article says, and what this machine says",
    provenance: LIVE,
    rows: [
      { id: "C01", text: "Single-thread performance has stagnated.", verdict: "contradicts" },
      { id: "C10", text: "Every packet is wrapped in an skb.", verdict: "supports" },
      { id: "C13", text: "Buffers move between cores and threads.", verdict: "no experiment yet" },
    ],
  });
}

function guesses(): Figure {
  return guessesFigure({
    title: "Your guesses came nearer: from 9× off (median of the first 3) to 1.3× (of the last 3)",
    note: "Of each question the first guess, in the order you made them. Questions differ in how hard they are.",
    provenance: RECORDED,
    rows: [
      { name: "syscall-cost", guess: 20, measured: 138, unit: "ns" },
      { name: "compare-kernels, forcedClock, vdsoClock", guess: 100, measured: 7.2, unit: "×" },
      { name: "pollution", guess: { low: 1, high: 2 }, measured: 18, unit: "×" },
      { name: "skb-count, drop", guess: 65536, measured: 0, unit: "skbs" },
      { name: "skb-count, pass", guess: 60000, measured: 65536, unit: "skbs" },
      { name: "skb-lifetime", guess: 200, measured: 256, unit: "skbs" },
      { name: "af-xdp-receive", guess: 0, measured: 0, unit: "calls" },
    ],
  });
}

/** A room's guesses, some of them none at all. */
function room(): Figure {
  const guesses = [0, 0, 1, 1, 2, 10, 64, 64, 100, 256, 1000, 1000, 5000, 65_536, 65_536, 65_536, 131_072];
  return roomFigure({
    title: "What the room guessed: skb-count, drop",
    note: "How many socket buffers does a packet take? The first guess of each learner, and what that run measured.",
    provenance: LIVE,
    axis: { label: "guess and result", unit: "skbs" },
    guesses: [...guesses, { low: 60_000, high: 70_000 }],
    measured: guesses.map((_, i) => (i === 3 ? 14 : 0)),
  });
}

/** The fourth step of a program that reads one byte of its packet. */
function step(): Figure {
  const program = bytecode([load(4, 7, 1, 0), mov(0, 1), alu(64, "add", 0, 1), load(1, 2, 7, 12), exit()]);
  const packet = Uint8Array.from({ length: 60 }, (_, i) => i);
  return stepFigure({ title: "One byte is read", bytecode: program, packet, provenance: MODEL }, 4);
}

function strip(): Figure {
  const verdicts = ["PASS", "DROP", "TX", "REDIRECT", "ABORTED", null];
  const packets = Array.from({ length: 40 }, (_, i) => ({ kind: "IPv4", verdict: verdicts[i % 6] ?? null }));
  return verdictStripFigure({ title: "A capture and its verdicts", packets, provenance: LIVE });
}

/** A question over UDP. */
function calls(): Figure {
  return callsFigure({
    title: "Calls of one question over UDP",
    provenance: LIVE,
    left: "client",
    right: "server",
    calls: [
      { side: "right", name: "socket", result: "7", plane: "control" },
      { side: "right", name: "bind", result: "0", plane: "control" },
      { side: "left", name: "sendmsg", result: "32", plane: "data", sends: true },
      { side: "right", name: "recvmsg", result: "32", plane: "data" },
      {
        side: "left",
        name: "close",
        result: "0",
        plane: "control",
        changes: [
          { side: "left", text: "ESTABLISHED" },
          { side: "left", text: "FIN-WAIT-1" },
          { side: "right", text: "CLOSE-WAIT" },
        ],
      },
    ],
  });
}

/** A short stream in which the fourth segment is lost, and goes again. */
function sequence(): Figure {
  const sent = Array.from({ length: 12 }, (_, i) => ({
    atMs: 1 + i / 4,
    sequence: 1460 * i,
    bytes: 1460,
    again: false,
  }));
  const again = { atMs: 3.1, sequence: 1460 * 3, bytes: 1460, again: true };
  const acks = [2, 3, 3, 3, 12].map((segments, i) => ({
    atMs: 1.6 + i / 2,
    acknowledgment: 1460 * segments,
  }));
  return sequenceFigure({
    title: "A segment that was lost, and went again",
    provenance: LIVE,
    segments: [...sent, again],
    acks,
  });
}

/** Both ends of a connection that was opened and left open. */
function tcpStates(): Figure {
  const walk = (...ids: string[]) => ids.slice(1).map((to, i) => ({ from: ids[i]!, to, order: i + 1 }));
  return tcpStatesFigure({
    title: "Ways of two sockets through TCP's states",
    provenance: LIVE,
    walks: [
      {
        name: "client",
        moves: walk("CLOSE", "SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE"),
      },
      {
        name: "server",
        moves: walk("LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSE"),
      },
    ],
  });
}

function twoMachines(): Figure {
  return sideBySideFigure({
    title: "Two machines side by side",
    note: "A: a desktop, 2026-11-23. B: a virtual machine, 2026-11-24. The bar says how many times as much B measured as A.",
    provenance: { ...RECORDED, machine: "A: AMD EPYC, 2 CPUs · B: Nehalem, 2 CPUs" },
    rows: [
      { name: "syscall-cost", unit: "ns", a: 132, b: 2480 },
      { name: "skb-count (fullSocket)", unit: "skbs", a: 65_536, b: 65_536 },
      { name: "verdict-rates", unit: "×", a: 2.3, b: 1.6 },
      { name: "af-xdp-receive", unit: "calls", a: 0, b: 0.001 },
    ],
  });
}

export const SAMPLES: Readonly<Record<string, () => Figure>> = {
  line: batching,
  topology,
  bar: ladder,
  histogram,
  cdf: () => distributions("even"),
  "cdf-tail": () => distributions("tail"),
  pairs: comparisons,
  prediction: predictions,
  "prediction-with-zeros": counts,
  "ring-8": () => ring(8, 13, 8),
  "ring-16": () => ring(16, 261, 250),
  "ring-64": () => ring(64, 4, 2 ** 32 - 30),
  "frames-64": () => frames(64, 1),
  "frames-500": () => frames(500),
  "frames-4096": () => frames(4096, 1),
  bytes: packet,
  budget: budgets,
  flow,
  step,
  "verdict-strip": strip,
  verdicts,
  guesses,
  calls,
  sequence,
  "tcp-states": tcpStates,
  room,
  "side-by-side": twoMachines,
};
