// Forwarding by netmap's great trick: not the packet moves from the receive ring to the transmit ring, but two slots exchange
// their buffers. Here between the two rings of one port, over AF_XDP; netmap does so between ports, which share one memory.
import { NetmapPort, type NetmapRing, NS_BUF_CHANGED } from "../ring/index.js";
import { kernels } from "../sys/index.js";
import { netmapTwin } from "./netmap-twin.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { swapMacs } from "./way-back.js";
import { openUnfilled, XdpQueue } from "./xdp-queue.js";
import { XdpReceiver } from "./xdp-receiver.js";

/** In copy mode one call sends 32 frames at most. */
const MOST_KICKS = 64;

class NetmapForward extends XdpReceiver {
  private readonly port: NetmapPort;
  private readonly batch: number;

  constructor(place: Place, options: PathOptions) {
    super(new XdpQueue(place, options, { open: openUnfilled }));
    this.batch = options.batch;
    this.port = new NetmapPort(this.queue.socket, () => this.kick(), options.ringSize);
  }

  protected override look(sink: Sink): number {
    const { port, batch } = this;
    const { rx, tx, bytes } = port;
    port.rxSync();
    const count = Math.min(batch, rx.space(), tx.space());
    for (let i = 0; i < count; i++) {
      const at = port.placeOf(rx, rx.head);
      sink.take(bytes, at, rx.len[rx.head]);
      swapMacs(bytes, at);
      swapSlots(rx, tx);
    }
    if (count > 0 || tx.space() < tx.numSlots - 1) port.txSync();
    return count;
  }

  private kick(): void {
    for (let kicks = 0; kicks < MOST_KICKS && !this.queue.socket.wakeTransmit(); kicks++);
  }
}

/** The packet at `rx.head` goes out by the slot at `tx.head`, whose empty buffer takes its place. */
function swapSlots(rx: NetmapRing, tx: NetmapRing): void {
  const [from, to] = [rx.head, tx.head];
  const empty = tx.bufIdx[to];
  tx.bufIdx[to] = rx.bufIdx[from];
  tx.offset[to] = rx.offset[from];
  tx.len[to] = rx.len[from];
  rx.bufIdx[from] = empty;
  rx.flags[from] = tx.flags[to] = NS_BUF_CHANGED;
  rx.head = rx.cur = rx.next(from);
  tx.head = tx.cur = tx.next(to);
}

export const netmapForward: ThreadPath = {
  ends: "thread",
  leadsBack: true,
  name: "netmap-forward",
  title: "netmap port, slot swap",
  how: "a slot of the receive ring and one of the transmit ring exchange their buffers (NS_BUF_CHANGED); over AF_XDP, not netmap itself",
  needs: ["nativeXdp", "afXdpCopy"],
  load: "frames",
  sees: "frame",
  copies: {
    count: 2,
    by: "the kernel, into our umem and out of it into an skb (net/xdp/xsk.c); none between the rings",
  },
  open: (place, options) => new NetmapForward(place, options),
  openTwin: (place, options) => netmapTwin(new NetmapForward(place, options), options, kernels.netmapForward),
};
