// Attach a program that passes everything, and TCP over a veth slows down. The program is hardly what costs: a native one
// must find each packet whole in one page, so the driver takes no segments of 64 KiB any more, and the stack cuts them into
// packets of one MTU. Two wires, one with the program and one without, carry the same stream in turns; their packets are counted.
import { Testbed, twoHosts } from "../../net/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import { kernels } from "../../sys/index.js";
import { attachXdp, loadXdp } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { openTcpPair } from "../tcp-pair.js";

/** How often to measure. */
export interface TcpUnderXdpParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** The same stream over one wire. */
export interface StreamOnWire {
  /** ns for 64 KiB, from one program to the other. */
  readonly cost: Cost;
  /** Gbit/s of payload, from the median. */
  readonly gbitPerSecond: number;
  /** Bytes of payload for each packet that the receiving end counted. */
  readonly bytesPerPacket: number;
  /** Whether the sending end still takes segments larger than a packet, as ethtool says. */
  readonly segmentation: boolean;
}

/** What was found. */
export interface TcpUnderXdpOutcome {
  readonly without: StreamOnWire;
  readonly withProgram: StreamOnWire;
  /** How many times dearer a byte became. */
  readonly dearer: PairedComparison;
}

const CHUNK_BYTES = 65_536;

interface Wire {
  readonly testbed: Testbed;
  readonly variant: Variant;
  readonly packetsBefore: number;
  chunks: number;
}

function openWire(name: string, withProgram: boolean, context: Context): Wire {
  const testbed = Testbed.create(twoHosts({ offloads: true }));
  context.onClose(() => testbed.close());
  if (withProgram) attachXdp(testbed, "b", loadXdp("pass"));
  const { from, to } = openTcpPair(testbed);
  const wire: Wire = {
    testbed,
    packetsBefore: testbed.facts("b").rxPackets,
    chunks: 0,
    variant: {
      name,
      batch(chunks) {
        wire.chunks += chunks;
        return kernels.tcpStream(chunks, from, to);
      },
    },
  };
  return wire;
}

function describe({ testbed, chunks, packetsBefore }: Wire, cost: Cost): StreamOnWire {
  return {
    cost,
    gbitPerSecond: (CHUNK_BYTES * 8) / cost.ns,
    bytesPerPacket: (chunks * CHUNK_BYTES) / (testbed.facts("b").rxPackets - packetsBefore),
    segmentation: testbed.facts("a").offloads.includes("tcp-segmentation-offload"),
  };
}

const experiment: Experiment<TcpUnderXdpParams, TcpUnderXdpOutcome> = {
  name: "tcp-under-xdp",
  module: import.meta.url,
  question: "How much slower is TCP over a veth with an XDP program that passes everything?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 12 },
  unseen: [
    "a network card, whose own segmentation goes on below an XDP program: there only receive merging (LRO) is lost",
    "which share of the difference is the program's own: the two wires differ in offloads too, as the kernel forces them to",
  ],
  headline: ({ dearer }) => dearer.medianRatio,
  async run({ rounds }, context) {
    const plain = openWire("no program", false, context);
    const under = openWire("XDP_PASS attached", true, context);
    const again = { ...plain.variant, name: "no program, again" };
    const costs = await interleave({ plain: plain.variant, under: under.variant, again }, rounds, context);
    const noise = noiseFloor(costs.plain.samplesNs, costs.again.samplesNs);
    const claim = { relation: ">", bound: 1 } as const;
    return {
      without: describe(plain, costs.plain),
      withProgram: describe(under, costs.under),
      dearer: pairedComparison(costs.under.samplesNs, costs.plain.samplesNs, noise, claim),
    };
  },
};
export default experiment;
