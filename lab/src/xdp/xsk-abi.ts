// The numbers and byte layouts of AF_XDP's user interface: what if_xdp.h says, and nothing else.
// @source include/uapi/linux/if_xdp.h, v6.18
import type { RingOffsets, SlotKind, XskStatistics } from "../ring/index.js";

export const SOL_XDP = 283;

export const XDP_MMAP_OFFSETS = 1;
export const XDP_RX_RING = 2;
const XDP_TX_RING = 3;
export const XDP_UMEM_REG = 4;
export const XDP_UMEM_FILL_RING = 5;
export const XDP_UMEM_COMPLETION_RING = 6;
export const XDP_STATISTICS = 7;
export const XDP_OPTIONS = 8;

export const XDP_COPY = 2;
export const XDP_ZEROCOPY = 4;
export const XDP_USE_NEED_WAKEUP = 8;
export const XDP_OPTIONS_ZEROCOPY = 1;

const AF_XDP = 44;

export type RingName = "rx" | "tx" | "fill" | "completion";

/** How a ring is asked for, and where its mapping begins. */
export interface RingPlace {
  option: number;
  pageOffset: number;
  kind: SlotKind;
}

/** The four rings. */
export const RINGS: Readonly<Record<RingName, RingPlace>> = {
  rx: { option: XDP_RX_RING, pageOffset: 0, kind: "descriptor" },
  tx: { option: XDP_TX_RING, pageOffset: 0x80000000, kind: "descriptor" },
  fill: { option: XDP_UMEM_FILL_RING, pageOffset: 0x100000000, kind: "addr" },
  completion: { option: XDP_UMEM_COMPLETION_RING, pageOffset: 0x180000000, kind: "addr" },
};

/** Length of struct xdp_mmap_offsets, in which flags came with Linux 5.4. */
export const OFFSETS_BYTES = 128;
export const STATISTICS_BYTES = 48;

/** struct xdp_umem_reg: where the umem lies in this process, and how it is cut. */
export function encodeUmemReg(
  address: number,
  lengthBytes: number,
  frameSize: number,
  headroom: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(32));
  view.setBigUint64(0, BigInt(address), true);
  view.setBigUint64(8, BigInt(lengthBytes), true);
  view.setUint32(16, frameSize, true);
  view.setUint32(20, headroom, true);
  return new Uint8Array(view.buffer);
}

/** struct sockaddr_xdp. */
export function encodeAddress(ifindex: number, queue: number, flags: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint16(0, AF_XDP, true);
  view.setUint16(2, flags, true);
  view.setUint32(4, ifindex, true);
  view.setUint32(8, queue, true);
  return new Uint8Array(view.buffer);
}

/** A 32-bit option value in host order. */
export function encodeU32(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

/** struct xdp_mmap_offsets: rx, tx, fill and completion, each producer, consumer, descriptors, flags. */
export function decodeOffsets(bytes: Uint8Array): Record<RingName, RingOffsets> {
  const words = new BigUint64Array(bytes.slice().buffer);
  const ring = (index: number): RingOffsets => {
    const [producer, consumer, descriptors, flags] = words.subarray(index * 4, index * 4 + 4);
    return {
      producer: Number(producer),
      consumer: Number(consumer),
      descriptors: Number(descriptors),
      flags: Number(flags),
    };
  };
  return { rx: ring(0), tx: ring(1), fill: ring(2), completion: ring(3) };
}

/** struct xdp_statistics. Counters that an older kernel does not have read 0. */
export function decodeStatistics(bytes: Uint8Array): XskStatistics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counter = (index: number): number =>
    bytes.length >= (index + 1) * 8 ? Number(view.getBigUint64(index * 8, true)) : 0;
  return {
    rxDropped: counter(0),
    rxInvalidDescs: counter(1),
    txInvalidDescs: counter(2),
    rxRingFull: counter(3),
    rxFillRingEmptyDescs: counter(4),
    txRingEmptyDescs: counter(5),
  };
}
