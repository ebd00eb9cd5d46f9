// netmap's way of receiving: one sync, then a walk over the slots from `head` to `tail`. It is a port of netmap's interface
// over AF_XDP, not netmap itself, so what it costs is what the extra walk over slots costs beside the plain AF_XDP loop.
import { NetmapPort } from "../ring/index.js";
import { kernels } from "../sys/index.js";
import { netmapTwin } from "./netmap-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { openUnfilled, XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

class NetmapReceiver extends XdpReceiver {
  private readonly port: NetmapPort;
  private readonly batch: number;

  constructor(place: Place, options: PathOptions) {
    super(new XdpQueue(place, options, { open: openUnfilled }));
    this.batch = options.batch;
    this.port = new NetmapPort(this.queue.socket, () => undefined, options.ringSize);
  }

  protected override look(sink: Sink): number {
    const { port, batch } = this;
    const { rx, bytes } = port;
    port.rxSync();
    const count = Math.min(batch, rx.space());
    let slot = rx.head;
    for (let i = 0; i < count; i++) {
      sink.take(bytes, port.placeOf(rx, slot), rx.len[slot]!);
      slot = rx.next(slot);
    }
    rx.head = rx.cur = slot;
    return count;
  }
}

export const netmapPort: ThreadPath = {
  ends: "thread",
  name: "netmap-port",
  title: "netmap port over AF_XDP",
  how: "netmap's slots, indices and syncs (head, cur, tail, NIOCRXSYNC) as an interface over an AF_XDP socket; not netmap itself",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: { count: 1, by: "the kernel, from the driver's page into our umem (net/xdp/xsk.c, xsk_copy_xdp)" },
  open: (place, options) => new NetmapReceiver(place, options),
  openTwin: (place, options) => netmapTwin(new NetmapReceiver(place, options), options, kernels.netmapPort),
};
