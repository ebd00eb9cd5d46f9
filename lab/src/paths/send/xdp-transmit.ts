// AF_XDP's tx ring: descriptors of frames in our own memory, one system call for up to 32 of them. In copy mode, as on every veth,
// the kernel makes an skb of each frame; only a driver with zero-copy takes them as they are.
import { FramePool } from "../../ring/index.js";
import { kernels, structForC } from "../../sys/index.js";
import { describeForC, openXdpSocket, type XdpSocket } from "../../xdp/index.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import { checkBatch, type Sender, type SendOptions, type SendPath, type SendPlace } from "./sender.js";
import type { SentFrames } from "./sent-frames.js";

/** Opens a socket for sending alone: it needs no program and no packet ever comes. */
export function openTransmitSocket(device: string, queue: number, ringSize: number): XdpSocket {
  return openXdpSocket({
    interfaceName: device,
    queue,
    ringSize,
    umem: { frameSize: 2048, frameCount: 2 * ringSize },
  });
}

class Transmit implements Sender {
  readonly socket: XdpSocket;
  /** Frames that are ours, as a stack. */
  readonly free: Float64Array;
  private readonly frames: SentFrames;
  private freeCount = 0;
  private onTheirWay = 0;

  constructor({ device, queue, frames }: SendPlace, { batch, ringSize }: SendOptions) {
    checkBatch(batch, ringSize);
    this.frames = frames;
    this.socket = openTransmitSocket(device, queue, ringSize);
    const pool = new FramePool(this.socket.umem);
    this.free = new Float64Array(ringSize);
    for (; this.freeCount < ringSize; this.freeCount++) {
      const addr = pool.take()!;
      this.socket.umem.bytes.set(frames.longest, addr);
      this.free[this.freeCount] = addr;
    }
  }

  send(first: number, count: number): number {
    const { txRing, umem } = this.socket;
    if (this.freeCount < count) this.takeBack();
    if (this.freeCount < count) return 0;
    const slot = txRing.reserve(count);
    if (slot === null) return 0;
    for (let i = 0; i < count; i++) {
      const addr = this.free[--this.freeCount];
      txRing.write(slot + i, addr, this.frames.write(umem.bytes, addr, first + i));
    }
    txRing.submit(count);
    this.onTheirWay += count;
    this.flush();
    return count;
  }

  /** The kernel takes 32 frames a call at most. @source net/xdp/xsk.c, TX_BATCH_SIZE, v6.18 */
  flush(): boolean {
    const isDone = this.socket.wakeTransmit();
    this.takeBack();
    return isDone && this.onTheirWay === 0;
  }

  close(): void {
    this.socket.close();
  }

  private takeBack(): void {
    const { completionRing } = this.socket;
    const ready = completionRing.peek();
    for (let i = 0; i < ready; i++)
      this.free[this.freeCount++] = completionRing.read(completionRing.cursor + i);
    completionRing.release(ready);
    this.onTheirWay -= ready;
  }
}

export const xdpTransmit: SendPath = {
  name: "xdp-transmit",
  title: "AF_XDP transmit",
  how: "descriptors of frames in our memory, one system call for up to 32; on a veth the kernel copies each into an skb",
  needs: ["afXdpCopy"],
  copies: { count: 1, by: "the kernel, from our umem into the skb (net/xdp/xsk.c, xsk_build_skb)" },
  open: (place, options) => new Transmit(place, options),
  openTwin(place, options) {
    const own = new Transmit(place, options);
    const rings = describeForC(own.socket);
    const sender = structForC([rings.address, place.frames.longest.length, 0, own.free.length, ...own.free]); // struct lab_xsk_sender
    return nativeSender(
      own,
      (first, count, sentAt) => kernels.xskSend(ONE_BATCH, sender.address, first, count, sentAt),
      [sender, rings],
    );
  },
};
