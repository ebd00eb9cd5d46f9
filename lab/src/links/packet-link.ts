// A link of a stack over PACKET_MMAP: two mapped rings, one for each way. The kernel makes an skb of every
// frame and its own stack sees them as well, so such a stack needs an address that the host does not have. And
// what the kernel knows to be right comes without a checksum, several segments merged into one.
import type { FrameHandler, FrameLink } from "../stack/index.js";
import {
  openPacketReceiver,
  openPacketSender,
  type PacketReceiver,
  type PacketSender,
} from "../sys/index.js";
import { completeChecksum } from "./complete-checksum.js";

/** What to open. */
export interface PacketLinkSpec {
  /** An interface of the calling thread's namespace. */
  readonly interfaceName: string;
  readonly mac: string;
  readonly mtu: number;
}

const BLOCKS = { blockBytes: 1 << 18, blocks: 16 };
const SLOTS = { slotBytes: 2048, slots: 1024 };
/** A block that is not full is handed over after this: it is the least time that a lonely packet waits. */
const RETIRE_MS = 1;

/** `FrameLink` says what its methods do. */
export class PacketLink implements FrameLink {
  readonly mac: string;
  readonly mtu: number;
  readonly bytes: Uint8Array;
  private readonly receiver: PacketReceiver;
  private readonly sender: PacketSender;
  private reserved = -1;
  private written = 0;
  private isWaiting = false;

  constructor({ interfaceName, mac, mtu }: PacketLinkSpec) {
    this.mac = mac;
    this.mtu = mtu;
    this.receiver = openPacketReceiver({ interfaceName, ...BLOCKS, retireMs: RETIRE_MS });
    try {
      this.sender = openPacketSender({ interfaceName, ...SLOTS });
    } catch (error) {
      this.receiver.close();
      throw error;
    }
    this.bytes = this.sender.ring.bytes;
  }

  reserve(length: number): number {
    const { ring } = this.sender;
    if (length > ring.longestBytes) return -1;
    if (this.reserved < 0) this.reserved = ring.reserve(1) ?? -1;
    return this.reserved < 0 ? -1 : ring.offsetOf(this.reserved);
  }

  submit(_start: number, length: number): void {
    this.sender.ring.write(this.reserved, length);
    this.reserved = -1;
    this.written++;
  }

  flush(): void {
    if (this.written > 0) {
      this.sender.ring.submit(this.written);
      this.written = 0;
      this.isWaiting = true;
    }
    if (this.isWaiting) this.isWaiting = !this.sender.flush();
  }

  poll(handler: FrameHandler, limit: number): number {
    const { ring } = this.receiver;
    let taken = 0;
    while (taken < limit) {
      const ready = ring.peek(limit - taken);
      if (ready === 0) break;
      for (let index = 0; index < ready; index++) {
        const start = ring.read();
        if (!ring.hasChecksum) completeChecksum(ring.bytes, start, start + ring.lengthBytes);
        handler(ring.bytes, start, start + ring.lengthBytes);
      }
      taken += ready;
      if (ring.peek() === 0) ring.release();
    }
    return taken;
  }

  close(): void {
    this.receiver.close();
    this.sender.close();
  }
}
