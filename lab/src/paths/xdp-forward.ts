// AF_XDP in both directions: a frame that came by the rx ring goes out by the tx ring, from the same memory, and from the
// completion ring back into the fill ring. We copy nothing; on a veth the kernel does so twice, in copy mode on the way in and out.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { swapMacs } from "./way-back.js";
import { XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

/** In copy mode one call sends 32 frames at most; so many calls are a batch, and as many again while the driver is busy. */
const MOST_KICKS = 64;

class Forward extends XdpReceiver {
  private readonly batch: number;

  constructor(place: Place, options: PathOptions) {
    super(new XdpQueue(place, options));
    this.batch = options.batch;
  }

  protected override look(sink: Sink): number {
    this.takeBack();
    const { socket } = this.queue;
    const { rxRing, txRing, umem } = socket;
    const ready = rxRing.peek(this.batch);
    if (ready === 0) return 0;
    const slot = txRing.reserve(ready);
    if (slot === null) return 0;
    const first = rxRing.cursor;
    for (let i = 0; i < ready; i++) {
      const addr = rxRing.addr(first + i);
      const lengthBytes = rxRing.length(first + i);
      sink.take(umem.bytes, addr, lengthBytes);
      swapMacs(umem.bytes, addr);
      txRing.write(slot + i, addr, lengthBytes);
    }
    txRing.submit(ready);
    rxRing.release(ready);
    for (let kicks = 0; kicks < MOST_KICKS && !socket.wakeTransmit(); kicks++);
    return ready;
  }

  /** Frames that have left go back to the kernel, for the next packets. */
  private takeBack(): void {
    const { completionRing, fillRing, umem } = this.queue.socket;
    const gone = completionRing.peek(this.batch);
    if (gone === 0) return;
    const refill = fillRing.reserve(gone);
    if (refill === null) return;
    for (let i = 0; i < gone; i++) {
      fillRing.write(refill + i, umem.frameStart(completionRing.read(completionRing.cursor + i)));
    }
    fillRing.submit(gone);
    completionRing.release(gone);
  }
}

export const xdpForward: ThreadPath = {
  ends: "thread",
  leadsBack: true,
  name: "xdp-forward",
  title: "AF_XDP, forward",
  how: "each frame of the rx ring goes out by the tx ring from the same memory; one system call for up to 32",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: { count: 2, by: "the kernel, into our umem and out of it into an skb (net/xdp/xsk.c)" },
  open: (place, options) => new Forward(place, options),
  openTwin(place, options) {
    const own = new Forward(place, options);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.xskForward(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address),
    );
  },
};
