// AF_XDP as it is meant to be used: look at the ring, and only when it is empty sleep in the kernel. While packets come
// faster than they are handled there is no system call at all; the kernel is asked for nothing but to be woken. In generic mode the
// same socket and the same loop are fed from the stack: each packet is an skb first, and then copied into our memory.
import { kernels, type XdpMode } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import { XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

type Facts = Pick<ThreadPath, "name" | "title" | "how" | "needs" | "copies" | "seesQueue0">;

function pathIn(mode: XdpMode, facts: Facts): ThreadPath {
  const open = (place: Place, options: PathOptions): XdpReceiver =>
    new XdpReceiver(new XdpQueue(place, options, { mode }));
  return {
    ...facts,
    ends: "thread",
    load: "frames",
    sees: "frame",
    open,
    openTwin(place, options) {
      const own = open(place, options);
      return nativeTwin(own, (sink, waitMs) =>
        kernels.xskNeedWakeup(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address),
      );
    },
  };
}

export const xdpNeedWakeup: ThreadPath = pathIn("native", {
  name: "xdp-need-wakeup",
  title: "AF_XDP, need-wakeup",
  how: "an XDP program redirects each frame into memory that we share with the kernel; we look there, and sleep when it is empty",
  needs: ["nativeXdp", "afXdpCopy"],
  copies: { count: 1, by: "the kernel, from the driver's page into our umem (net/xdp/xsk.c, xsk_copy_xdp)" },
});

export const xdpNeedWakeupGeneric: ThreadPath = pathIn("generic", {
  name: "xdp-need-wakeup-generic",
  title: "AF_XDP, generic",
  how: "in the stack, after an skb was made, an XDP program redirects each packet into memory that we share with the kernel, and the skb is freed",
  needs: ["genericXdp", "afXdpCopy"],
  seesQueue0: true,
  copies: {
    count: 1,
    by: "the kernel, from the skb into our umem (net/xdp/xsk.c, xsk_generic_rcv, xsk_copy_xdp)",
  },
});
