// An eBPF instruction is eight bytes: what to do, two registers in one byte, a signed 16-bit distance, a signed 32-bit
// number. Only the load of a 64-bit constant takes sixteen. That is all there is to the format.

/** The five fields of an instruction slot, as they lie in its eight bytes. */
export interface Fields {
  /** What to do: class in the low three bits, the rest depends on it. */
  readonly opcode: number;
  /** Register 0 to 10 that is changed, or that holds the address of a store. */
  readonly dst: number;
  /** Register 0 to 10 that is read; some instructions keep a kind here. */
  readonly src: number;
  /** Signed 16 bits: bytes from an address, or slots of a jump. */
  readonly offset: number;
  /** Signed 32 bits: a constant, a helper's number, or slots of a long jump. */
  readonly imm: number;
}

/** Bytes of one instruction slot. */
export const INSTRUCTION_BYTES = 8;

/**
 * Reads the fields of one slot.
 *
 * @param code bytecode, little end first
 * @param slot number of the slot, from 0
 * @source RFC 9669 section 3, basic instruction encoding
 */
export function readFields(code: Uint8Array, slot: number): Fields {
  const view = new DataView(code.buffer, code.byteOffset + slot * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
  const registers = view.getUint8(1);
  return {
    opcode: view.getUint8(0),
    dst: registers & 15,
    src: registers >> 4,
    offset: view.getInt16(2, true),
    imm: view.getInt32(4, true),
  };
}

/** Writes the fields of one slot: the reverse of `readFields`. */
export function writeFields(code: Uint8Array, slot: number, { opcode, dst, src, offset, imm }: Fields): void {
  const view = new DataView(code.buffer, code.byteOffset + slot * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
  view.setUint8(0, opcode);
  view.setUint8(1, (src << 4) | dst);
  view.setInt16(2, offset, true);
  view.setInt32(4, imm, true);
}
