// Bytes have no meaning until someone says where a number starts, how long it
// is and in which order its bytes come. Networks agreed on the big end first,
// most machines on the little end, and capture files on neither. Everything in
// the lab that turns bytes into numbers goes through this file.

/** Which end of a number comes first: "big" is network order, "little" what x86 and most ARM machines store. */
export type ByteOrder = "big" | "little";

/**
 * Reads an unsigned number in network order, without a bounds check and without allocating.
 *
 * @param bytes where the number lies
 * @param at byte offset of its first byte
 * @param length 1, 2, 4 or 6 bytes; 6 still fits a JavaScript number exactly
 * @returns the number in host order
 */
export function readUint(bytes: Uint8Array, at: number, length: number): number {
  if (length === 1) return bytes[at];
  if (length === 2) return (bytes[at] << 8) | bytes[at + 1];
  if (length === 4) return readU32(bytes, at);
  return ((bytes[at] << 8) | bytes[at + 1]) * 0x1_0000_0000 + readU32(bytes, at + 2);
}

function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

/**
 * Writes an unsigned number in network order, without a bounds check.
 *
 * @param bytes where to write
 * @param at byte offset of the first byte
 * @param length 1, 2, 4 or 6 bytes
 * @param value whole number from 0 to 256 ** length - 1
 */
export function writeUint(bytes: Uint8Array, at: number, length: number, value: number): void {
  for (let index = at + length - 1; index >= at; index--) {
    bytes[index] = value % 256;
    value = Math.floor(value / 256);
  }
}

/**
 * A reading and writing position in a run of bytes, for formats that are read front to back.
 * Packet headers are read at fixed offsets instead: see `packet/field.ts`.
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly order: ByteOrder;
  /** Offset of the next byte, from the start of `bytes`. */
  position: number;
  /** Offset where this cursor must stop; it may be less than `bytes.length`. */
  readonly end: number;
  readonly #view: DataView;

  /**
   * @param bytes what to read or write; it is not copied
   * @param order byte order of every number
   * @param start offset of the first byte, 0 unless given
   * @param end offset after the last byte, `bytes.length` unless given
   * @throws RangeError where start and end do not lie in `bytes` in this order
   */
  constructor(bytes: Uint8Array, order: ByteOrder = "big", start = 0, end: number = bytes.length) {
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new RangeError(
        `Cannot place a cursor on bytes ${start} to ${end}: there are ${bytes.length} bytes -> try 0 <= start <= end <= ${bytes.length}`,
      );
    }
    this.bytes = bytes;
    this.order = order;
    this.position = start;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes are left before `end`. */
  get remaining(): number {
    return this.end - this.position;
  }

  /** Reads one byte. @throws RangeError where none is left */
  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** Reads a number of two bytes. @throws RangeError where fewer are left */
  u16(): number {
    return this.#view.getUint16(this.#advance(2), this.order === "little");
  }

  /** Reads a number of four bytes. @throws RangeError where fewer are left */
  u32(): number {
    return this.#view.getUint32(this.#advance(4), this.order === "little");
  }

  /** Reads a signed number of eight bytes. @throws RangeError where fewer are left */
  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), this.order === "little");
  }

  /** Takes the next bytes as a window on the same memory, plain also where `bytes` is a Buffer. @throws RangeError where fewer are left */
  take(length: number): Uint8Array {
    const from = this.#advance(length);
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, length);
  }

  /** Passes over bytes. @throws RangeError where fewer are left */
  skip(length: number): void {
    this.#advance(length);
  }

  /** Writes a number of two bytes. @throws RangeError where fewer are left */
  putU16(value: number): void {
    this.#view.setUint16(this.#advance(2), value, this.order === "little");
  }

  /** Writes a number of four bytes. @throws RangeError where fewer are left */
  putU32(value: number): void {
    this.#view.setUint32(this.#advance(4), value, this.order === "little");
  }

  /** Copies bytes in. @throws RangeError where they do not fit */
  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#advance(bytes.length));
  }

  #advance(length: number): number {
    const from = this.position;
    if (!(length >= 0 && length <= this.end - from)) {
      throw new RangeError(
        `Cannot pass over ${length} bytes at byte ${from}: ${this.remaining} are left before byte ${this.end} -> compare with cursor.remaining first`,
      );
    }
    this.position = from + length;
    return from;
  }
}
