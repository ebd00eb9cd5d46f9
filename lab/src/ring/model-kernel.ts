// The kernel's end of the four rings, in a hundred lines: what `xsk_rcv` and `xsk_generic_xmit` do with
// frames, without packets on any wire. It counts its drops in the same places as Linux does, so a loop that
// starves here starves there. It needs no root and moves only when told to.
import { AddrConsumer, AddrProducer } from "./addr-ring.js";
import { DescriptorConsumer, DescriptorProducer } from "./descriptor-ring.js";
import type { RingSocket, XskStatistics } from "./rings.js";
import { type Umem, XDP_PACKET_HEADROOM } from "./umem.js";

/** What became of a packet that arrived. */
export type ReceiveOutcome = "delivered" | "packet too long" | "fill ring empty" | "rx ring full";

/**
 * Most packets that one kick sends in copy mode.
 * @source net/xdp/xsk.c, TX_BATCH_SIZE, v6.18
 */
export const TX_BATCH = 32;

/** The other side of a socket's rings. */
export class ModelKernel {
  readonly statistics: XskStatistics = {
    rxDropped: 0,
    rxInvalidDescs: 0,
    txInvalidDescs: 0,
    rxRingFull: 0,
    rxFillRingEmptyDescs: 0,
    txRingEmptyDescs: 0,
  };
  private readonly umem: Umem;
  private readonly fillRing: AddrConsumer;
  private readonly rxRing: DescriptorProducer;
  private readonly txRing: DescriptorConsumer;
  private readonly completionRing: AddrProducer;
  /** Frames taken from the fill ring that hold no delivered packet. */
  private readonly empty: number[] = [];
  /** Frames taken from the tx ring that were not yet reported as sent. */
  private readonly sending: number[] = [];

  /** @param socket our end; the kernel takes the other end of the same memory */
  constructor(socket: RingSocket) {
    this.umem = socket.umem;
    this.fillRing = new AddrConsumer(socket.fillRing.memory);
    this.rxRing = new DescriptorProducer(socket.rxRing.memory);
    this.txRing = new DescriptorConsumer(socket.txRing.memory);
    this.completionRing = new AddrProducer(socket.completionRing.memory);
  }

  /** Addresses of the frames that are in the kernel's hands. */
  get holds(): readonly number[] {
    return [...this.empty, ...this.sending];
  }

  /**
   * A packet arrives: takes a frame from the fill ring, copies the packet in, puts a descriptor on the rx ring.
   *
   * @returns What became of it; everything but `delivered` is a drop, and counted.
   * @source net/xdp/xsk.c, __xsk_rcv and xsk_rcv_check, v6.18
   */
  receive(payload: Uint8Array): ReceiveOutcome {
    if (payload.length > this.umem.receivableBytes) {
      this.statistics.rxDropped++;
      return "packet too long";
    }
    if (this.empty.length === 0 && this.take(1) === 0) {
      this.statistics.rxFillRingEmptyDescs++;
      this.statistics.rxDropped++;
      return "fill ring empty";
    }
    const cursor = this.rxRing.reserve(1);
    if (cursor === null) {
      this.statistics.rxRingFull++;
      return "rx ring full";
    }
    const frame = this.empty.pop()!;
    const addr = frame + XDP_PACKET_HEADROOM + this.umem.headroom;
    this.umem.bytes.set(payload, addr);
    this.rxRing.write(cursor, addr, payload.length);
    this.rxRing.submit(1);
    return "delivered";
  }

  /**
   * Takes frames from the fill ring ahead of any packet, as a zero-copy driver does for its hardware.
   * An address is rounded down to its frame, as Linux does in aligned mode; one outside the umem is skipped in silence.
   *
   * @returns How many frames it got.
   * @source net/xdp/xsk_buff_pool.c, xp_check_aligned, v6.18
   */
  take(count: number): number {
    let taken = 0;
    while (taken < count && this.fillRing.peek(1) === 1) {
      const addr = this.fillRing.read(this.fillRing.cursor);
      this.fillRing.release(1);
      if (!this.umem.contains(addr)) continue;
      this.empty.push(this.umem.frameStart(addr));
      taken++;
    }
    return taken;
  }

  /**
   * Takes packets from the tx ring, as a kick (`sendto`) makes the kernel do. The frames stay its own until `complete`.
   * What no frame holds is counted and not sent, and comes back like the others.
   *
   * @param max packets, 1 to TX_BATCH
   * @returns Copies of the packets, in order.
   * @source net/xdp/xsk.c, __xsk_generic_xmit, v6.18
   */
  transmit(max: number = TX_BATCH): Uint8Array[] {
    const packets: Uint8Array[] = [];
    while (packets.length < max && this.completionRing.free() > this.sending.length) {
      if (this.txRing.peek(1) === 0) {
        if (packets.length === 0) this.statistics.txRingEmptyDescs++;
        break;
      }
      const { addr, lengthBytes } = this.txRing.read(this.txRing.cursor);
      this.txRing.release(1);
      this.sending.push(addr);
      if (this.holdsPacket(addr, lengthBytes)) packets.push(this.umem.packet(addr, lengthBytes).slice());
      else this.statistics.txInvalidDescs++;
    }
    return packets;
  }

  /**
   * Reports sent frames on the completion ring, oldest first, with the very addresses that were submitted.
   *
   * @returns How many frames it gave back.
   */
  complete(max: number = this.sending.length): number {
    const count = Math.min(max, this.sending.length);
    const first = this.completionRing.reserve(count);
    if (first === null) return 0;
    const done = this.sending.splice(0, count);
    done.forEach((addr, index) => {
      this.completionRing.write(first + index, addr);
    });
    this.completionRing.submit(count);
    return count;
  }

  private holdsPacket(addr: number, lengthBytes: number): boolean {
    return (
      this.umem.contains(addr) &&
      lengthBytes > 0 &&
      addr + lengthBytes <= this.umem.frameStart(addr) + this.umem.frameSize
    );
  }
}
