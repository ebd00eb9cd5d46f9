// Numbers into frames and out of them, for the path that every packet takes: no bounds check, no object, no
// division. Offsets come from the packet module's field tables; whoever calls has compared with the end first.

/** The same bytes, for numbers of 16 and 32 bits. What is read and written in every packet goes by it: one check of bounds a number. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes a number of 16 bits in network order; higher bits are cut off. */
export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** Writes a number of 32 bits in network order, signed or not. */
export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Reads a number of 16 bits in network order. */
export function get16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

/** Reads 32 bits in network order as a signed number: what sequence arithmetic works on. */
export function get32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
