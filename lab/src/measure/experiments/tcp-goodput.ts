// How fast is a stream, by whose TCP sends it? The reader is a kernel's socket on host a each time; on host b either the kernel's
// own TCP sends, or ours, or lwIP, the latter two on AF_XDP. The wires are alike, offloads off, so all send packets of one MTU. One
// thread plays both ends.
import { driveStack, openLiveStack } from "../../links/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import {
  accept,
  checkLwip,
  close,
  connect,
  MSG_DONTWAIT,
  receive,
  SOCK_STREAM,
  send,
} from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { hostSocket, listenOn } from "../host-socket.js";
import { interleave, type Variant } from "../interleave.js";
import { openLwipHost, wireAddress } from "../lwip-host.js";
import { noteLinks } from "../note-links.js";
import { settle } from "../settle.js";

/** How often to measure. */
export interface TcpGoodputParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** The three senders, and how ours compares. */
export interface TcpGoodputOutcome {
  /** Mbit/s of payload, one figure a round. */
  readonly oursMbps: readonly number[];
  readonly kernelMbps: readonly number[];
  readonly lwipMbps: readonly number[];
  /** Goodput of ours / of the kernel's: above 1, ours is faster. */
  readonly overKernel: PairedComparison;
  readonly overLwip: PairedComparison;
}

const CHUNK_BYTES = 65_536;
const PORT = 7001;
const READER = "10.0.0.1";
const A = 0x0a000001;
const PATIENCE_MS = 5000;

/** Offers bytes of a chunk. @param from where they begin; the chunk's length: none. @returns How many were taken. */
type Push = (chunk: Uint8Array, from: number) => number;

/** Moves chunks: `push` offers, and the reader takes what is there. */
function variantOf(name: string, reader: number, push: Push): Variant {
  const chunk = new Uint8Array(CHUNK_BYTES).fill(7);
  const into = new Uint8Array(4 * CHUNK_BYTES);
  return {
    name,
    batch(chunks) {
      const started = performance.now();
      let [sent, received] = [0, 0];
      const total = chunks * CHUNK_BYTES;
      while (received < total) {
        if (sent < total) sent += push(chunk, sent % CHUNK_BYTES);
        else push(chunk, CHUNK_BYTES);
        received += receive(reader, into, MSG_DONTWAIT) ?? 0;
      }
      return (performance.now() - started) * 1e6;
    },
  };
}

/** The kernel's end on host a, once the other has connected. */
function acceptOn(testbed: Testbed, listener: number): number {
  const reader = accept(listener);
  testbed.own({ close: () => close(reader) });
  return reader;
}

function byKernel(context: Context): Variant {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const { fd, at } = listenOn(testbed, "a", PORT, 1);
  const sender = hostSocket(testbed, "b", SOCK_STREAM);
  connect(sender, at, "host b to host a");
  return variantOf("the kernel", acceptOn(testbed, fd), (chunk, from) =>
    from < chunk.length ? (send(sender, chunk.subarray(from), null, MSG_DONTWAIT) ?? 0) : 0,
  );
}

async function byUs(context: Context): Promise<Variant> {
  const { testbed, stack, close: remove } = openLiveStack();
  context.onClose(remove);
  noteLinks(context, testbed);
  const { fd } = listenOn(testbed, "a", PORT, 1);
  const connection = stack.connectTcp({ address: A, port: PORT });
  await driveStack(stack, () => connection.state === "ESTABLISHED", PATIENCE_MS);
  return variantOf("our stack", acceptOn(testbed, fd), (chunk, from) => {
    const taken = connection.write(chunk, from);
    stack.poll();
    return taken;
  });
}

async function byLwip(context: Context): Promise<Variant> {
  const { testbed, lwip } = openLwipHost(context);
  const { fd } = listenOn(testbed, "a", PORT, 1);
  checkLwip(lwip.connect(wireAddress(READER), PORT), "begin a handshake of lwIP with host a");
  await driveStack(lwip, () => lwip.isConnected() === 1, PATIENCE_MS);
  return variantOf("lwIP", acceptOn(testbed, fd), (chunk, from) => {
    const rest = chunk.subarray(from);
    const taken = lwip.write(rest, rest.length);
    lwip.poll();
    return taken;
  });
}

const mbpsOf = (samplesNs: readonly number[]): number[] => samplesNs.map((ns) => (CHUNK_BYTES * 8e3) / ns);

const experiment: Experiment<TcpGoodputParams, TcpGoodputOutcome> = {
  name: "tcp-goodput",
  module: import.meta.url,
  question: "How long does our TCP on AF_XDP take for a stream, beside the kernel's and lwIP's?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: [
    "segmentation offload, which the kernel's TCP would have without an XDP program",
    "an lwIP with larger buffers: Debian's has 64 KiB to send from, ours 256 KiB",
    "a network card",
  ],
  headline: ({ overKernel }) => overKernel.medianRatio,
  async run({ rounds }, context) {
    const variants = { ours: await byUs(context), kernel: byKernel(context), lwip: await byLwip(context) };
    await settle(variants, context);
    const costs = await interleave({ ...variants, again: variants.ours }, rounds, context);
    const [ours, kernel, lwip] = [costs.ours.samplesNs, costs.kernel.samplesNs, costs.lwip.samplesNs];
    const noise = noiseFloor(ours, costs.again.samplesNs);
    return {
      oursMbps: mbpsOf(ours),
      kernelMbps: mbpsOf(kernel),
      lwipMbps: mbpsOf(lwip),
      overKernel: pairedComparison(kernel, ours, noise, { relation: ">", bound: 1 }),
      overLwip: pairedComparison(lwip, ours, noise, { relation: ">", bound: 1 }),
    };
  },
};
export default experiment;
