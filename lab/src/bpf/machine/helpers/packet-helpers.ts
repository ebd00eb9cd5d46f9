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
 * The sum of `to`, less that of `from`, plus a seed, as 16 bits.
 *
 * @source net/core/filter.c, bpf_csum_diff; kernels before 6.13 give the sum unfolded
 */
const checksumDifference: Helper = ({ memory }, from, fromBytes, to, toBytes, seed) => {
  const [fromSize, toSize] = [uint32(fromBytes), uint32(toBytes)];
  if ((fromSize | toSize) % 4 !== 0) return failure("EINVAL");
  const added = sumOf(memory.bytes("read", to, toSize));
  const removed = sumOf(memory.bytes("read", from, fromSize));
  const less = fromSize > 0 ? ~removed & 0xffff : 0;
  return BigInt(fold(added + less + fold(uint32(seed))));
};

/** Adds numbers of 16 bits, each carry at the other end again. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum = fold(sum + (bytes[at] | (bytes[at + 1] << 8)));
  return sum;
}

function fold(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return rest;
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
