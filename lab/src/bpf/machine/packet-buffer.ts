// A driver hands XDP one page: room, the packet, more room. A program may move the packet's two ends within it, and
// `data` and `data_end` are just where they are now.

/** Bytes of a page. */
const PAGE_BYTES = 4096;
/** Free bytes before the packet. @source include/uapi/linux/bpf.h, XDP_PACKET_HEADROOM */
const HEADROOM_BYTES = 256;
/** The first of them are the kernel's own. @source include/net/xdp.h, sizeof(struct xdp_frame) */
const KERNEL_HEAD_BYTES = 40;
/** So are the last of the page. @source include/linux/skbuff.h, struct skb_shared_info */
const KERNEL_TAIL_BYTES = 320;
/** A packet may not be made shorter than this. */
const ETHERNET_HEADER_BYTES = 14;
/** Most bytes of metadata. @source include/net/xdp.h, xdp_metalen_invalid */
const MOST_METADATA_BYTES = 255;

/** Why the kernel refused to move an end. */
export type AdjustError = "EINVAL" | "EACCES" | null;

/** A packet in its page. */
export class PacketBuffer {
  readonly page: Uint8Array = new Uint8Array(PAGE_BYTES);
  /** Offsets in the page: where metadata begins, where the packet begins, and the byte behind its last one. */
  meta: number;
  data: number;
  end: number;

  /** @param packet up to 3520 bytes; it is copied */
  constructor(packet: Uint8Array) {
    const room = PAGE_BYTES - HEADROOM_BYTES - KERNEL_TAIL_BYTES;
    if (packet.length > room) {
      throw new RangeError(
        `Cannot put ${packet.length} bytes into one page: ${room} fit -> pass a shorter packet`,
      );
    }
    this.page.set(packet, HEADROOM_BYTES);
    this.meta = HEADROOM_BYTES;
    this.data = HEADROOM_BYTES;
    this.end = HEADROOM_BYTES + packet.length;
  }

  /** The packet as it is now. */
  bytes(): Uint8Array {
    return this.page.slice(this.data, this.end);
  }

  /** Moves the first byte, metadata with it. @param by below 0 for a longer packet @source net/core/filter.c, bpf_xdp_adjust_head */
  adjustHead(by: number): AdjustError {
    const metadataBytes = this.data - this.meta;
    const moved = this.data + by;
    if (moved < KERNEL_HEAD_BYTES + metadataBytes || moved > this.end - ETHERNET_HEADER_BYTES)
      return "EINVAL";
    this.page.copyWithin(this.meta + by, this.meta, this.data);
    this.meta += by;
    this.data = moved;
    return null;
  }

  /** Moves the last byte; new ones are 0. @source net/core/filter.c, bpf_xdp_adjust_tail */
  adjustTail(by: number): AdjustError {
    const moved = this.end + by;
    if (moved > PAGE_BYTES - KERNEL_TAIL_BYTES || moved < this.data + ETHERNET_HEADER_BYTES) return "EINVAL";
    if (by > 0) this.page.fill(0, this.end, moved);
    this.end = moved;
    return null;
  }

  /** Moves the start of the metadata that stands before the packet. @source net/core/filter.c, bpf_xdp_adjust_meta */
  adjustMeta(by: number): AdjustError {
    const moved = this.meta + by;
    if (moved < KERNEL_HEAD_BYTES || moved > this.data) return "EINVAL";
    if ((this.data - moved) % 4 !== 0 || this.data - moved > MOST_METADATA_BYTES) return "EACCES";
    this.meta = moved;
    return null;
  }
}
