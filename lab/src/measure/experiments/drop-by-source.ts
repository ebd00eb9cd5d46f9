// How fast can a program drop packets? It depends on who sends them. The same packet meets the same three ends, once from a
// socket and once from the injector of XDP frames, all in turns. A socket's packet costs so much before it arrives that
// what happens to it there hardly shows; and it arrives as an skb, which a native program on a veth has copied first.
import { type EndSpec, type Injector, Testbed, twoHosts } from "../../net/index.js";
import { buildFrame } from "../../packet/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import {
  AF_INET,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  kernels,
  SOCK_DGRAM,
  socket,
} from "../../sys/index.js";
import { attachXdp, loadXdp } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface DropBySourceParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** Who sends: one `send` a packet, or frames that begin at the wire. */
export type PacketSource = "socket" | "frames";

/** What ends a packet: an XDP program in one of its two modes, or the stack, which finds that it is nobody's. */
export type DropWay = "native" | "generic" | "stack";

/** What one packet cost from its source to its end, in ns. */
export interface DropBySourceOutcome {
  readonly costs: Readonly<Record<PacketSource, Readonly<Record<DropWay, Cost>>>>;
  /** How many times dearer a packet's other end is than the native drop, by source. */
  readonly overNative: Readonly<
    Record<PacketSource, Readonly<Record<"generic" | "stack", PairedComparison>>>
  >;
  /** Packets sent and packets that the receiving driver took, over all rounds. */
  readonly sent: number;
  readonly arrived: number;
}

const BURST = 2048;
const PAYLOAD_BYTES = 18;
const PORT = 9;
const NOBODY = "10.0.0.99";
const WAYS: readonly DropWay[] = ["native", "generic", "stack"];
const DEARER = { relation: ">", bound: 1 } as const;

/** One way to end packets, ready for both sources. */
interface End {
  readonly testbed: Testbed;
  readonly injector: Injector;
  readonly fd: number;
  sent: number;
}

function frameTo(from: EndSpec, to: EndSpec): Uint8Array {
  return buildFrame({
    ethernet: { source: from.mac, destination: to.mac },
    ipv4: { source: "10.0.0.1", destination: NOBODY },
    udp: { sourcePort: PORT, destinationPort: PORT },
    payload: new Uint8Array(PAYLOAD_BYTES),
  });
}

/** Host b forwards nothing, so a packet for another address is at its end as soon as the stack has looked up the route. */
function openEnd(way: DropWay, context: Context): End {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const { mac, device } = testbed.end("b");
  const own = testbed.end("a");
  testbed.inside("a", "ip", "neighbour", "add", NOBODY, "lladdr", mac, "dev", own.device, "nud", "permanent");
  if (way !== "stack") attachXdp(testbed, "b", loadXdp("drop"), way);
  context.note(`${device}, ${way}`, testbed.facts("b").xdp);
  const fd = inNamespace(testbed.path("a"), () => socket(AF_INET, SOCK_DGRAM, 0));
  testbed.own({ close: () => close(fd) });
  connect(fd, ipv4SocketAddress(NOBODY, PORT), "an address that nobody has");
  return { testbed, fd, injector: testbed.injector("a", frameTo(own, testbed.end("b"))), sent: 0 };
}

function bySocket(end: End, name: string): Variant {
  return {
    name,
    batch(iterations) {
      end.sent += iterations;
      return kernels.udpSend(iterations, end.fd, PAYLOAD_BYTES);
    },
  };
}

function byFrames(end: End, name: string): Variant {
  return {
    name,
    operations: BURST,
    batch(bursts) {
      end.sent += bursts * BURST;
      const start = process.hrtime.bigint();
      end.injector.injectNow(bursts * BURST, { ratePps: Number.POSITIVE_INFINITY });
      return Number(process.hrtime.bigint() - start);
    },
  };
}

async function run({ rounds }: DropBySourceParams, context: Context): Promise<DropBySourceOutcome> {
  const ends = {
    native: openEnd("native", context),
    generic: openEnd("generic", context),
    stack: openEnd("stack", context),
  };
  noteLinks(context, ends.native.testbed);
  const receivedAt = (): number =>
    WAYS.reduce((sum, way) => sum + ends[way].testbed.facts("b").driver.received, 0);
  const before = receivedAt();
  const each = (make: (end: End, name: string) => Variant): Record<DropWay, Variant> => ({
    native: make(ends.native, "native XDP_DROP"),
    generic: make(ends.generic, "generic XDP_DROP"),
    stack: make(ends.stack, "the stack"),
  });
  const sources = { socket: each(bySocket), frames: each(byFrames) };
  const variants: Record<string, Variant> = {};
  for (const [source, ways] of Object.entries(sources)) {
    for (const way of WAYS) variants[`${source} ${way}`] = ways[way];
    variants[`${source} again`] = { ...ways.stack, name: "the stack, again" };
  }
  const costs = await interleave(variants, rounds, context);
  const costsOf = (source: PacketSource): Record<DropWay, Cost> => ({
    native: costs[`${source} native`]!,
    generic: costs[`${source} generic`]!,
    stack: costs[`${source} stack`]!,
  });
  const compare = (source: PacketSource, way: DropWay): PairedComparison => {
    const ways = costsOf(source);
    const noise = noiseFloor(ways.stack.samplesNs, costs[`${source} again`]!.samplesNs);
    return pairedComparison(ways[way].samplesNs, ways.native.samplesNs, noise, DEARER);
  };
  const compareBoth = (source: PacketSource): DropBySourceOutcome["overNative"][PacketSource] => ({
    generic: compare(source, "generic"),
    stack: compare(source, "stack"),
  });
  return {
    costs: { socket: costsOf("socket"), frames: costsOf("frames") },
    overNative: { socket: compareBoth("socket"), frames: compareBoth("frames") },
    sent: WAYS.reduce((sum, way) => sum + ends[way].sent, 0),
    arrived: receivedAt() - before,
  };
}

const experiment: Experiment<DropBySourceParams, DropBySourceOutcome> = {
  name: "drop-by-source",
  module: import.meta.url,
  question: "How much faster is a native drop than a generic one, and who says so?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 12 },
  unseen: [
    "a receiver on another CPU: on a veth the sender's CPU does the receiver's work",
    "a network card, where packets come as frames by themselves and no sender shares the CPU",
  ],
  headline: ({ overNative }) => overNative.socket.generic.medianRatio,
  run,
};
export default experiment;
