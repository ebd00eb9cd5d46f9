// Moving the packet's ends, copying its bytes, and the difference of two checksums.
import { failure, type Helper, type HelperWorld, int32, uint32 } from "./helper.js";

const MOST_BYTES = 0xffff;

/** @source net/core/filter.c, bpf_xdp_pointer */
function windowOf({ memory }: HelperWorld, offset: number, length: number): Uint8Array | "EFAULT" | "EINVAL" {
  const { page, data, end } = memory.packet;
  if (offset > MOST_BYTES || length > MOST_BYTES) return "EFAULT";
  if (offset + length > end - data) return "EINVAL";
  return page.subarray(data + offset, data + offset + length);
}

const loadBytes: Helper = (world, _context, offset, buffer, length) => {
  const window = windowOf(world, uint32(offset), uint32(length));
  if (typeof window === "string") return failure(window);
  world.memory.bytes("write", buffer, window.length).set(window);
  return 0n;
};

const storeBytes: Helper = (world, _context, offset, buffer, length) => {
  const window = windowOf(world, uint32(offset), uint32(length));
  if (typeof window === "string") return failure(window);
  window.set(world.memory.bytes("read", buffer, window.length));
  return 0n;
};

/**
 * The sum of `to`, less that of `from`, plus a seed, as 16 bits. Zero has two names in such sums, all bits 0 and all
 * bits 1; which one comes out depends on the order of the additions, so it is the kernel's.
 *
 * @source net/core/filter.c, bpf_csum_diff; kernels before 6.13 give the sum unfolded
 */
const checksumDifference: Helper = ({ memory }, from, fromBytes, to, toBytes, seed) => {
  const [fromSize, toSize, start] = [uint32(fromBytes), uint32(toBytes), uint32(seed)];
  if ((fromSize | toSize) % 4 !== 0) return failure("EINVAL");
  const [removed, added] = [memory.bytes("read", from, fromSize), memory.bytes("read", to, toSize)];
  if (fromSize === 0) return BigInt(fold16(sumOf(added, start)));
  if (toSize === 0) return BigInt(fold16(negate(sumOf(removed, negate(start)))));
  return BigInt(fold16(carryRound(sumOf(added, start) + negate(sumOf(removed, 0)))));
};

/** Adds numbers of 32 bits to a first one. */
function sumOf(bytes: Uint8Array, first: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = first;
  for (let at = 0; at < bytes.length; at += 4) sum = carryRound(sum + view.getUint32(at, true));
  return sum;
}

/** A carry out of 32 bits comes in again at the other end. */
function carryRound(sum: number): number {
  return sum > 0xffff_ffff ? sum - 0xffff_ffff : sum;
}

function negate(sum: number): number {
  return 0xffff_ffff - sum;
}

function fold16(sum: number): number {
  const once = Math.floor(sum / 0x1_0000) + (sum % 0x1_0000);
  return once > 0xffff ? once - 0xffff : once;
}

/** By the names of include/uapi/linux/bpf.h, without `bpf_`. */
export const PACKET_HELPERS: Readonly<Record<string, Helper>> = {
  xdp_adjust_head: ({ memory }, _context, by) => failure(memory.packet.adjustHead(int32(by))),
  xdp_adjust_tail: ({ memory }, _context, by) => failure(memory.packet.adjustTail(int32(by))),
  xdp_adjust_meta: ({ memory }, _context, by) => failure(memory.packet.adjustMeta(int32(by))),
  xdp_get_buff_len: ({ memory }) => BigInt(memory.packet.end - memory.packet.data),
  xdp_load_bytes: loadBytes,
  xdp_store_bytes: storeBytes,
  csum_diff: checksumDifference,
};
