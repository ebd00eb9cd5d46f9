// The four rings of one AF_XDP socket and the umem that they speak about. The model socket and the real
// one both are a `RingSocket`, so the same receive loop runs on either.
import type { AddrConsumer, AddrProducer } from "./addr-ring.js";
import type { DescriptorConsumer, DescriptorProducer } from "./descriptor-ring.js";
import type { Umem } from "./umem.js";

/**
 * Frames travel fill -> kernel -> rx -> application, and application -> tx -> kernel -> completion -> application.
 */
export interface RingSocket {
  readonly umem: Umem;
  /**
   * Empty frames, from us to the kernel. Linux shows received packets before it gives back the fill slots that they
   * came from, so for a moment this ring can look full while packets wait: `reserve` returns null, and they wait on.
   * @source net/xdp/xsk.c, xsk_flush, v6.18
   */
  readonly fillRing: AddrProducer;
  /** Received packets, from the kernel to us. */
  readonly rxRing: DescriptorConsumer;
  /** Packets to send, from us to the kernel. */
  readonly txRing: DescriptorProducer;
  /** Sent frames, from the kernel back to us. */
  readonly completionRing: AddrConsumer;
}

/**
 * What the kernel counts about a socket.
 * @source include/uapi/linux/if_xdp.h, struct xdp_statistics; net/xdp/xsk.c, v6.18
 */
export interface XskStatistics {
  /** `rx_dropped`: no frame to put the packet in, or the packet was longer than a frame. */
  rxDropped: number;
  /**
   * `rx_invalid_descs`: stays 0 on Linux 6.18. It is read from the rx ring, where the kernel alone writes; an address
   * outside the umem in the fill ring is skipped and counted where no one can read it.
   */
  rxInvalidDescs: number;
  /**
   * `tx_invalid_descs`: descriptors in the tx ring that no frame holds. They are not sent. Linux 6.18.44 gives
   * their addresses back on the completion ring all the same; older kernels do not, and the frame is lost.
   */
  txInvalidDescs: number;
  /** `rx_ring_full`: packets dropped because we did not release fast enough. */
  rxRingFull: number;
  /** `rx_fill_ring_empty_descs`: how often the kernel looked for an empty frame and found none. */
  rxFillRingEmptyDescs: number;
  /** `tx_ring_empty_descs`: how often the kernel looked for a packet to send and found none. */
  txRingEmptyDescs: number;
}
