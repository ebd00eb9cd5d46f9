// Everything that must be in place before the first packet reaches user memory: a wire, a program that redirects, a
// socket on the right queue, its entry in the xskmap, and frames in the fill ring. Forget one and nothing arrives.
import { type Injector, Testbed, twoHosts } from "../net/index.js";
import { FramePool, type OwnershipLedger, takeLedger } from "../ring/index.js";
import { openXdpSocketOn } from "./open-socket.js";
import { attachXdp, loadXdp, type XdpProgram } from "./program.js";
import { explainSilence, type QueueCount, readQueueCounts } from "./silence.js";
import type { XdpSocket } from "./socket.js";

/** What to build. */
export interface XdpReceiverSpec {
  /** Queues of the wire, 1 to 64; 1 unless given. */
  readonly queues?: number;
  /** The queue that the socket is bound to, from 0. */
  readonly queue?: number;
  /** Slots of each ring, a power of two. */
  readonly ringSize: number;
  /** Frames of the umem; as many as fit go into the fill ring, the rest stays in the pool. */
  readonly frames: number;
  /** What is injected, 14 bytes or more; 60 bytes of no protocol unless given. */
  readonly frame?: Uint8Array;
}

/** Host `a` injects, host `b` receives by AF_XDP. */
export interface XdpReceiver {
  readonly testbed: Testbed;
  readonly injector: Injector;
  readonly socket: XdpSocket;
  /** Frames that the application owns. */
  readonly pool: FramePool;
  readonly program: XdpProgram;
  /** Opens another socket on the same wire. It is in the xskmap, its fill ring is full. */
  open(queue: number): { readonly socket: XdpSocket; readonly pool: FramePool };
  /** Who owns which frame now. @param inHand frames that the application holds outside its pool */
  ledger(inHand?: Iterable<number>): OwnershipLedger;
  /** What the redirecting program saw on each queue. */
  queueCounts(): QueueCount[];
  /** Why nothing comes: the most likely cause, and the next step. */
  explain(): string;
  /** Removes everything. A second call does nothing. */
  close(): void;
}

/**
 * Builds a testbed of two hosts and receives on the second.
 *
 * @throws SysError EPERM without root, NotSupportedError without AF_XDP; nothing is left behind.
 */
export function openReceiver(spec: XdpReceiverSpec): XdpReceiver {
  const { queues = 1, queue = 0 } = spec;
  const testbed = Testbed.create(twoHosts({ queues }));
  try {
    const program = loadXdp("xsk_redirect");
    attachXdp(testbed, "b", program);
    const open = (on: number): { socket: XdpSocket; pool: FramePool } => {
      const umem = { frameSize: 2048, frameCount: spec.frames };
      const socket = testbed.own(openXdpSocketOn(testbed, "b", { queue: on, ringSize: spec.ringSize, umem }));
      const pool = new FramePool(socket.umem);
      pool.fill(socket.fillRing);
      socket.attach(program.object.map("xsks"));
      return { socket, pool };
    };
    const { socket, pool } = open(queue);
    const queueCounts = (): QueueCount[] => readQueueCounts(program.object.map("queues"), queues);
    return {
      testbed,
      injector: testbed.injector("a", spec.frame),
      socket,
      pool,
      program,
      open,
      ledger: (inHand = []) => takeLedger(socket, [...pool.list(), ...inHand]),
      queueCounts,
      explain: () =>
        explainSilence({
          interfaceName: socket.interfaceName,
          queue,
          queues: queueCounts(),
          statistics: socket.statistics(),
        }),
      close: () => testbed.close(),
    };
  } catch (error) {
    testbed.close();
    throw error;
  }
}
