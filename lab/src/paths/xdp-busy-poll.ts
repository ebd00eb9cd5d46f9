// AF_XDP that never sleeps: where the ring is empty, one call runs the driver's receive side here, in our thread, instead of
// waiting for a softirq to do it. It keeps a CPU busy at any load, and pays with it for the wake-up that it saves.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

/** How long one call may poll the driver, in µs. @source Documentation/networking/napi.rst, busy polling */
const POLL_US = 20;

class BusyPoll extends XdpReceiver {
  constructor(place: Place, options: PathOptions) {
    super(new XdpQueue(place, options));
    this.queue.socket.preferBusyPoll({ durationUs: POLL_US, budget: options.batch });
  }

  override receive(sink: Sink): number {
    const taken = this.queue.take(sink);
    if (taken > 0) return taken;
    this.queue.socket.wakeReceive();
    return this.queue.take(sink);
  }
}

export const xdpBusyPoll: ThreadPath = {
  ends: "thread",
  name: "xdp-busy-poll",
  title: "AF_XDP, busy-poll",
  how: "an XDP program redirects each frame into memory that we share with the kernel; we look there without pause, and run the driver ourselves when it is empty",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: { count: 1, by: "the kernel, from the driver's page into our umem (net/xdp/xsk.c, xsk_copy_xdp)" },
  open: (place, options) => new BusyPoll(place, options),
  openTwin(place, options) {
    const own = new BusyPoll(place, options);
    return nativeTwin(own, (sink) =>
      kernels.xskBusyPoll(ONE_TURN, own.queue.addressForC, options.batch, sink.address),
    );
  },
};
