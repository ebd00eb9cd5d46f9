// What a packet costs our stack, and which layer takes it. What a layer adds is the difference of two ways, one of which ends a layer
// further on, taken in the same round.
import { type Interval, median, medianInterval } from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { settle } from "../settle.js";
import { openWay, STACK_WAYS, type StackWay, tcpRequests, WAY_NAMES } from "../stack-ways.js";

/** What to send, and how often to measure. */
export interface StackPartsParams {
  /** Bytes of a datagram's payload, 2 to 1472. */
  readonly payloads: readonly number[];
  readonly rounds: number;
}

/** What one layer adds to a packet, in ns: the median over the rounds with its 95 % interval. */
export interface StackPart extends Interval {
  readonly way: StackWay;
  readonly name: string;
  readonly ns: number;
  /** One difference a round; noise makes some of a cheap layer's negative. */
  readonly samplesNs: readonly number[];
}

/** A datagram of one size on its way up, and back. */
export interface StackPartsOfSize {
  readonly payloadBytes: number;
  readonly parts: readonly StackPart[];
  /** All of it: taken in, read and answered. */
  readonly whole: Cost;
}

export interface StackPartsOutcome {
  readonly sizes: readonly StackPartsOfSize[];
  /** A question of 64 bytes over an open TCP connection and its answer, at both ends. */
  readonly tcpRequest: Cost;
}

const keyOf = (payloadBytes: number, way: StackWay): string => `${payloadBytes}/${way}`;

function partsOf(payloadBytes: number, costs: Readonly<Record<string, Cost>>): StackPartsOfSize {
  const samples = (way: StackWay): readonly number[] => costs[keyOf(payloadBytes, way)]!.samplesNs;
  const parts = STACK_WAYS.map((way, place): StackPart => {
    const shorter = place === 0 ? [] : samples(STACK_WAYS[place - 1]!);
    const samplesNs = samples(way).map((ns, round) => ns - (shorter[round] ?? 0));
    return { way, name: WAY_NAMES[way], ns: median(samplesNs), ...medianInterval(samplesNs), samplesNs };
  });
  return { payloadBytes, parts, whole: costs[keyOf(payloadBytes, "answer")]! };
}

async function run({ payloads, rounds }: StackPartsParams, context: Context): Promise<StackPartsOutcome> {
  const ways = payloads.flatMap((bytes) =>
    STACK_WAYS.map((way) => [keyOf(bytes, way), openWay(way, bytes)] as const),
  );
  const variants: Record<string, Variant> = { tcp: tcpRequests() };
  for (const [key, { variant }] of ways) variants[key] = variant;
  await settle(variants, context);
  const costs = await interleave(variants, rounds, context);
  for (const [, way] of ways) way.check();
  return { sizes: payloads.map((bytes) => partsOf(bytes, costs)), tcpRequest: costs.tcp! };
}

const experiment: Experiment<StackPartsParams, StackPartsOutcome> = {
  name: "stack-parts",
  module: import.meta.url,
  question: "What does a packet cost our stack, layer by layer?",
  needs: ["quiet"],
  unit: "ns",
  defaults: { payloads: [64, 1400], rounds: 20 },
  unseen: [
    "rings, the kernel's part and the other core: the wire is inside the process and only carries",
    "memory that is not in the cache: the same 1024 frames come round again",
    "what a layer costs that a packet does not go through alone: timers and the look at the clock are shared by 64",
  ],
  headline: ({ sizes }) => sizes[0]!.whole.ns,
  run,
};
export default experiment;
