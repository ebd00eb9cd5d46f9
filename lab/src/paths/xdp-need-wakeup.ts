// AF_XDP as it is meant to be used: look at the ring, and only when it is empty sleep in the kernel. While packets come
// faster than they are handled there is no system call at all; the kernel is asked for nothing but to be woken.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import { XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

function open(place: Place, options: PathOptions): XdpReceiver {
  return new XdpReceiver(new XdpQueue(place, options));
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
  open,
  openTwin(place, options) {
    const own = open(place, options);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.xskNeedWakeup(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address),
    );
  },
};
