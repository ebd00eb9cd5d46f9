// netmap's way of receiving: one sync, then a walk over the slots from `head` to `tail`. It is a port of netmap's interface
// over AF_XDP, not netmap itself, so what it costs is what the extra walk over slots costs beside the plain AF_XDP loop.
import { NetmapPort } from "../ring/index.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { openUnfilled, XdpQueue } from "./xdp-queue.js";

class NetmapReceiver implements Receiver {
  private readonly queue: XdpQueue;
  private readonly port: NetmapPort;
  private readonly batch: number;

  constructor(place: Place, options: PathOptions) {
    this.batch = options.batch;
    this.queue = new XdpQueue(place, options, openUnfilled);
    this.port = new NetmapPort(this.queue.socket, () => undefined, options.ringSize);
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.take(sink);
    if (taken > 0 || waitMs === 0 || !this.queue.socket.wait(waitMs)) return taken;
    return this.take(sink);
  }

  drops(): HopCount[] {
    return this.queue.drops();
  }

  close(): void {
    this.queue.close();
  }

  private take(sink: Sink): number {
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
};
