// netmap's way of sending: fill slots from `head` on, move `head`, sync. An interface over AF_XDP's tx ring, not netmap itself.
import { NetmapPort } from "../../ring/index.js";
import { kernels } from "../../sys/index.js";
import { describeForC, type XdpSocket } from "../../xdp/index.js";
import { describeNetmap } from "../netmap-twin.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import { checkBatch, type Sender, type SendOptions, type SendPath, type SendPlace } from "./sender.js";
import type { SentFrames } from "./sent-frames.js";
import { openTransmitSocket } from "./xdp-transmit.js";

class NetmapSender implements Sender {
  readonly socket: XdpSocket;
  private readonly port: NetmapPort;
  private readonly frames: SentFrames;

  constructor({ device, queue, frames }: SendPlace, { batch, ringSize }: SendOptions) {
    checkBatch(batch, ringSize - 1); // the slot before head stays empty
    this.frames = frames;
    this.socket = openTransmitSocket(device, queue, ringSize);
    this.port = new NetmapPort(this.socket, () => void this.socket.wakeTransmit(), ringSize);
    const { tx, bytes } = this.port;
    for (let slot = 0; slot < tx.numSlots; slot++) bytes.set(frames.longest, this.port.placeOf(tx, slot));
  }

  send(first: number, count: number): number {
    const { port } = this;
    const { tx, bytes } = port;
    if (tx.space() < count) port.txSync();
    if (tx.space() < count) return 0;
    let slot = tx.head;
    for (let i = 0; i < count; i++) {
      tx.len[slot] = this.frames.write(bytes, port.placeOf(tx, slot), first + i);
      slot = tx.next(slot);
    }
    tx.head = tx.cur = slot;
    port.txSync();
    return count;
  }

  /** The kernel takes 32 frames a call; a sync that has nothing new wakes nobody, so the rest is asked for here. */
  flush(): boolean {
    const { tx } = this.port;
    this.socket.wakeTransmit();
    this.port.txSync();
    return tx.space() === tx.numSlots - 1;
  }

  close(): void {
    this.socket.close();
  }
}

export const netmapTransmit: SendPath = {
  name: "netmap-transmit",
  title: "netmap port, transmit",
  how: "netmap's slots, indices and sync (head, cur, tail, NIOCTXSYNC) as an interface over an AF_XDP socket; not netmap itself",
  needs: ["afXdpCopy"],
  copies: { count: 1, by: "the kernel, from our umem into the skb (net/xdp/xsk.c, xsk_build_skb)" },
  open: (place, options) => new NetmapSender(place, options),
  openTwin(place, options) {
    const own = new NetmapSender(place, options);
    const rings = describeForC(own.socket);
    const port = describeNetmap(rings.address, options.ringSize);
    const { length } = place.frames.longest;
    return nativeSender(
      own,
      (first, count, sentAt) => kernels.netmapTransmit(ONE_BATCH, port.address, length, first, count, sentAt),
      [port, rings],
    );
  },
};
