// How much does TypeScript cost where it matters most, in the loop that handles every packet? The same loops exist in C
// (kernels/native/xsk_receive.c and xsk_transmit.c) and work on the same rings of the same socket, in turns. Alone, a loop
// shows its own price; together with the injection or the kernel's sending it shows what of that price a program would notice.

import { AddrConsumer, AddrProducer, DescriptorConsumer, DescriptorProducer } from "../../ring/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import { kernels } from "../../sys/index.js";
import {
  attachXdp,
  describeForC,
  loadCounter,
  NATIVE_TX_FRAMES,
  openReceiver,
  type XdpReceiver,
  type XdpSocket,
} from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface AfXdpLoopsParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One job in both languages. */
export interface LanguagePair {
  readonly typescript: Cost;
  readonly c: Cost;
  /** Rate of TypeScript over rate of C: 1 is a tie, below 1 TypeScript is slower. */
  readonly rateRatio: PairedComparison;
}

/** What was found, in ns a packet. */
export interface AfXdpLoopsOutcome {
  /** Injected and received on one CPU. */
  readonly receive: LanguagePair;
  /** Sent by the kernel, on the CPU that asked. */
  readonly transmit: LanguagePair;
  /** The receive loop alone, on packets that wait in the rx ring. */
  readonly loop: LanguagePair;
}

const BURST = 1024;
const RING_SIZE = 4096;
const BATCH = 64;
const PACKET_BYTES = 60;
const TIE = { relation: ">", bound: 0.95 } as const;

/** Receives exactly `packets`, reading each EtherType. The same steps and checks as xsk_receive.c. */
function receive({ rxRing, fillRing, umem }: XdpSocket, packets: number): number {
  const rx = new DescriptorConsumer(rxRing.memory);
  const fill = new AddrProducer(fillRing.memory);
  const bytes = umem.bytes;
  let types = 0;
  const start = process.hrtime.bigint();
  for (let received = 0; received < packets; ) {
    const ready = rx.peek(BATCH);
    const refill = fill.reserve(ready);
    if (ready === 0 || refill === null) continue;
    const first = rx.cursor;
    for (let i = 0; i < ready; i++) {
      const addr = rx.addr(first + i);
      types += (bytes[addr + 12]! << 8) | bytes[addr + 13]!;
      fill.write(refill + i, umem.frameStart(addr));
    }
    fill.submit(ready);
    rx.release(ready);
    received += ready;
  }
  return Number(process.hrtime.bigint() - start) + (types & 0);
}

/** Sends bursts of 32 and waits for their completion. The same steps and checks as xsk_transmit.c. */
function transmit(socket: XdpSocket, frames: readonly number[], bursts: number): number {
  const tx = new DescriptorProducer(socket.txRing.memory);
  const completion = new AddrConsumer(socket.completionRing.memory);
  const start = process.hrtime.bigint();
  for (let burst = 0; burst < bursts; burst++) {
    const first = tx.reserve(NATIVE_TX_FRAMES)!;
    for (let i = 0; i < NATIVE_TX_FRAMES; i++) tx.write(first + i, frames[i]!, PACKET_BYTES);
    tx.submit(NATIVE_TX_FRAMES);
    while (completion.peek(NATIVE_TX_FRAMES) < NATIVE_TX_FRAMES) socket.wakeTransmit();
    completion.release(NATIVE_TX_FRAMES);
  }
  return Number(process.hrtime.bigint() - start);
}

type Job = "receive" | "transmit" | "loop";

function variantsOf({ socket, injector, pool }: XdpReceiver): Record<`${Job}${"Ts" | "C"}`, Variant> {
  const frames = Array.from({ length: NATIVE_TX_FRAMES }, () => pool.take()!);
  const { address } = describeForC(socket, frames);
  /** Injects bursts and receives each. Says how long it all took, and how long the loop alone. */
  const bursts = (count: number, drain: (packets: number) => number): { allNs: number; loopNs: number } => {
    const start = process.hrtime.bigint();
    let loopNs = 0;
    for (let i = 0; i < count; i++) loopNs += drain(injector.injectNow(BURST).offered);
    return { allNs: Number(process.hrtime.bigint() - start), loopNs };
  };
  const byTs = (packets: number): number => receive(socket, packets);
  const byC = (packets: number): number => kernels.xskReceive(packets, address);
  const ts = "TypeScript";
  const [whole, sent] = [{ operations: BURST }, { operations: NATIVE_TX_FRAMES }];
  return {
    receiveTs: { name: ts, ...whole, batch: (count) => bursts(count, byTs).allNs },
    receiveC: { name: "C", ...whole, batch: (count) => bursts(count, byC).allNs },
    loopTs: { name: ts, ...whole, batch: (count) => bursts(count, byTs).loopNs },
    loopC: { name: "C", ...whole, batch: (count) => bursts(count, byC).loopNs },
    transmitTs: { name: ts, ...sent, batch: (count) => transmit(socket, frames, count) },
    transmitC: { name: "C", ...sent, batch: (count) => kernels.xskTransmit(count, address) },
  };
}

/** Noise is what C differs from C, once more in the same rounds. */
function pair(typescript: Cost, c: Cost, again: Cost): LanguagePair {
  const noise = noiseFloor(c.samplesNs, again.samplesNs);
  return { typescript, c, rateRatio: pairedComparison(c.samplesNs, typescript.samplesNs, noise, TIE) };
}

async function run({ rounds }: AfXdpLoopsParams, context: Context): Promise<AfXdpLoopsOutcome> {
  let receiver: XdpReceiver | undefined;
  context.onClose(() => receiver?.close());
  const frame = new Uint8Array(PACKET_BYTES).fill(0xff, 0, 6);
  receiver = openReceiver({ ringSize: RING_SIZE, frames: 2 * RING_SIZE, frame });
  attachXdp(receiver.testbed, "a", loadCounter("DROP")); // what b sends ends there, without a stack
  context.note("AF_XDP mode", receiver.socket.mode);
  noteLinks(context, receiver.testbed);
  const variants = variantsOf(receiver);
  const again = {
    receiveAgain: variants.receiveC,
    transmitAgain: variants.transmitC,
    loopAgain: variants.loopC,
  };
  const costs = await interleave({ ...variants, ...again }, rounds, context);
  const { rxDropped, rxRingFull } = receiver.socket.statistics();
  context.note("dropped for want of a slot or frame", rxDropped + rxRingFull);
  return {
    receive: pair(costs.receiveTs, costs.receiveC, costs.receiveAgain),
    transmit: pair(costs.transmitTs, costs.transmitC, costs.transmitAgain),
    loop: pair(costs.loopTs, costs.loopC, costs.loopAgain),
  };
}

const experiment: Experiment<AfXdpLoopsParams, AfXdpLoopsOutcome> = {
  name: "af-xdp-loops",
  module: import.meta.url,
  question: "How much slower is an AF_XDP loop in TypeScript than in C?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 100 },
  unseen: [
    "a consumer on another CPU than the injector",
    "pauses of the garbage collector: the loops allocate nothing",
    "what a ring costs to refuse wrong use: C has no answer to a count out of range or a socket that is closed, and does not ask",
  ],
  headline: ({ receive: { rateRatio } }) => rateRatio.medianRatio,
  run,
};
export default experiment;
