// AF_XDP used like a socket: ask the kernel by poll(2) whether something waits, then take a batch out of the ring. The rings
// are the same as ever; the question alone costs a system call a batch.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

class Poll extends XdpReceiver {
  override receive(sink: Sink, waitMs: number): number {
    return this.queue.socket.wait(waitMs) ? this.queue.take(sink) : 0;
  }
}

export const xdpPoll: ThreadPath = {
  ends: "thread",
  name: "xdp-poll",
  title: "AF_XDP, poll",
  how: "an XDP program redirects each frame into memory that we share with the kernel; we ask by poll before each batch",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: { count: 1, by: "the kernel, from the driver's page into our umem (net/xdp/xsk.c, xsk_copy_xdp)" },
  open: (place, options) => new Poll(new XdpQueue(place, options)),
  openTwin(place, options) {
    const own = new Poll(new XdpQueue(place, options));
    return nativeTwin(own, (sink, waitMs) =>
      kernels.xskPoll(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address),
    );
  },
};
