// How fast is a stream, by whose TCP sends it? The reader is a kernel's socket on host a both times; on host b either the kernel's
// own TCP sends, or ours on AF_XDP. The wires are alike, offloads off, so both send packets of one MTU. One thread plays both ends.
import { driveStack, openLiveStack } from "../../links/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import type { Connection } from "../../stack/index.js";
import type { PairedComparison } from "../../stats/index.js";
import {
  AF_INET,
  accept,
  bind,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  listen,
  MSG_DONTWAIT,
  receive,
  SOCK_STREAM,
  send,
  socket,
} from "../../sys/index.js";
import { comparePairs } from "../compare.js";
import type { Context, Experiment } from "../experiment.js";
import type { Variant } from "../interleave.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface TcpGoodputParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** Both senders, and how they compare. */
export interface TcpGoodputOutcome {
  /** Mbit/s of payload, one figure a round. */
  readonly oursMbps: readonly number[];
  readonly kernelMbps: readonly number[];
  /** Time of ours / of the kernel's, for the same bytes: above 1, ours is slower. */
  readonly ratio: PairedComparison;
}

const CHUNK_BYTES = 65_536;
const READER = ipv4SocketAddress("10.0.0.1", 7001);
const A = 0x0a000001;

function tcpSocket(testbed: Testbed, host: string): number {
  const fd = inNamespace(testbed.path(host), () => socket(AF_INET, SOCK_STREAM, 0));
  testbed.own({ close: () => close(fd) });
  return fd;
}

function listening(testbed: Testbed): number {
  const fd = tcpSocket(testbed, "a");
  bind(fd, READER, "a TCP port of host a");
  listen(fd, 1);
  return fd;
}

/** Moves chunks: `push` offers bytes and says how many were taken, and the reader takes what is there. */
function variantOf(name: string, reader: number, push: (chunk: Uint8Array, from: number) => number): Variant {
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

function byKernel(context: Context): Variant {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const listener = listening(testbed);
  const sender = tcpSocket(testbed, "b");
  connect(sender, READER, "host b to host a");
  const reader = accept(listener);
  testbed.own({ close: () => close(reader) });
  return variantOf("the kernel", reader, (chunk, from) =>
    from < chunk.length ? (send(sender, chunk.subarray(from), null, MSG_DONTWAIT) ?? 0) : 0,
  );
}

async function byUs(context: Context): Promise<Variant> {
  const { testbed, stack, close: remove } = openLiveStack();
  context.onClose(remove);
  noteLinks(context, testbed);
  const listener = listening(testbed);
  const connection: Connection = stack.connectTcp({ address: A, port: 7001 });
  await driveStack(stack, () => connection.state === "ESTABLISHED", 5000);
  const reader = accept(listener);
  testbed.own({ close: () => close(reader) });
  return variantOf("our stack", reader, (chunk, from) => {
    const taken = connection.write(chunk, from);
    stack.poll();
    return taken;
  });
}

const mbpsOf = (samplesNs: readonly number[]): number[] => samplesNs.map((ns) => (CHUNK_BYTES * 8e3) / ns);

const experiment: Experiment<TcpGoodputParams, TcpGoodputOutcome> = {
  name: "tcp-goodput",
  module: import.meta.url,
  question: "How long does our TCP on AF_XDP take for a stream, beside the kernel's?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: [
    "segmentation offload, which the kernel's TCP would have without an XDP program",
    "a network card",
  ],
  headline: ({ ratio }) => ratio.medianRatio,
  async run({ rounds }, context) {
    const [ours, kernel] = [await byUs(context), byKernel(context)];
    const { a, b, result } = await comparePairs(ours, kernel, rounds, { relation: "<", bound: 1 }, context);
    return { oursMbps: mbpsOf(a.samplesNs), kernelMbps: mbpsOf(b.samplesNs), ratio: result };
  },
};
export default experiment;
