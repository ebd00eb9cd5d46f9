/** An IPv4 address as RDMA writes addresses: 16 bytes, the four of it behind `::ffff`. @throws RangeError for anything else */
export function gidOf(address: string): Uint8Array {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part <= 255))) {
    throw new RangeError(`Cannot name ${address} to an RDMA device: not an IPv4 address -> e.g. 10.0.0.1`);
  }
  return Uint8Array.of(...Array<number>(10).fill(0), 0xff, 0xff, ...parts);
}
