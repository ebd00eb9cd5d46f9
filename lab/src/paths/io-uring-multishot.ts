// io_uring with one request for all packets: a multishot receive stays in the kernel, takes a buffer of ours for each packet, and
// writes a completion. The kernel does so only inside our system call (`deferred`), so one call brings many packets: up to 33, one
// and 32 more, before others get their turn (io_uring/net.c, MULTISHOT_MAX_RETRY, v6.18). Each still has its skb and its copy.
import { kernels } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { UringQueue } from "./uring-queue.js";

class Multishot implements Receiver {
  readonly queue: UringQueue;

  constructor(place: Place, options: PathOptions) {
    this.queue = new UringQueue(place, options, { deferred: true });
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.queue.take(sink);
    if (taken > 0) return taken;
    this.queue.uring.enter(waitMs === 0 ? 0 : 1, waitMs);
    return this.queue.take(sink);
  }

  drops(): HopCount[] {
    return this.queue.drops();
  }

  close(): void {
    this.queue.close();
  }
}

export const ioUringMultishot: ThreadPath = {
  ends: "thread",
  name: "io-uring-multishot",
  title: "io_uring, multishot",
  how: "the stack queues each skb at the socket; one request of ours lies in the kernel and copies packet after packet into buffers that we gave it, many in one system call",
  needs: ["veth", "ioUringMultishot"],
  load: "frames",
  sees: "payload",
  copies: { count: 1, by: "the kernel, from the skb into a provided buffer (net/ipv4/udp.c, udp_recvmsg)" },
  open: (place, options) => new Multishot(place, options),
  openTwin(place, options) {
    const own = new Multishot(place, options);
    return nativeTwin(own, (sink, waitMs) => {
      kernels.uringMultishot(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address);
      own.queue.armForC();
    });
  },
};
