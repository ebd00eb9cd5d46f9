// AF_XDP as it is meant to be used: look at the ring, and only when it is empty sleep in the kernel. While packets come
// faster than they are handled there is no system call at all; the kernel is asked for nothing but to be woken.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { XdpQueue } from "./xdp-queue.js";

class NeedWakeup implements Receiver {
  readonly queue: XdpQueue;

  constructor(place: Place, options: PathOptions) {
    this.queue = new XdpQueue(place, options);
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.queue.take(sink);
    if (taken > 0 || waitMs === 0 || !this.queue.socket.wait(waitMs)) return taken;
    return this.queue.take(sink);
  }

  drops(): HopCount[] {
    return this.queue.drops();
  }

  close(): void {
    this.queue.close();
  }
}

export const xdpNeedWakeup: ThreadPath = {
  ends: "thread",
  name: "xdp-need-wakeup",
  title: "AF_XDP, need-wakeup",
  how: "an XDP program redirects each frame into memory that we share with the kernel; we look there, and sleep when it is empty",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: { count: 1, by: "the kernel, from the driver's page into our umem (net/xdp/xsk.c, xsk_copy_xdp)" },
  open: (place, options) => new NeedWakeup(place, options),
  openTwin(place, options) {
    const own = new NeedWakeup(place, options);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.xskNeedWakeup(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address),
    );
  },
};
