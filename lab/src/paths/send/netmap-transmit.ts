// netmap's way of sending: fill slots from `head` on, move `head`, sync. An interface over AF_XDP's tx ring, not netmap itself.
import { NetmapPort } from "../../ring/index.js";
import type { XdpSocket } from "../../xdp/index.js";
import { HEADER_BYTES } from "../sink.js";
import { type Sender, type SendOptions, type SendPath, type SendPlace, writeNumber } from "./sender.js";
import { openTransmitSocket } from "./xdp-transmit.js";

class NetmapSender implements Sender {
  private readonly socket: XdpSocket;
  private readonly port: NetmapPort;
  private readonly frameBytes: number;

  constructor({ device, frame }: SendPlace, { ringSize }: SendOptions) {
    this.frameBytes = frame.length;
    this.socket = openTransmitSocket(device, ringSize);
    this.port = new NetmapPort(this.socket, () => void this.socket.wakeTransmit(), ringSize);
    const { tx, bytes } = this.port;
    for (let slot = 0; slot < tx.numSlots; slot++) bytes.set(frame, this.port.placeOf(tx, slot));
  }

  send(first: number, count: number): number {
    const { port } = this;
    const { tx, bytes } = port;
    if (tx.space() < count) port.txSync();
    if (tx.space() < count) return 0;
    let slot = tx.head;
    for (let i = 0; i < count; i++) {
      writeNumber(bytes, port.placeOf(tx, slot) + HEADER_BYTES, first + i);
      tx.len[slot] = this.frameBytes;
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
};
