// Loads and stores: the opcode's upper three bits say how memory is meant, the next two how many bytes.
import type { Fields } from "./fields.js";
import type { AtomicOp, Operation, Size } from "./instruction.js";

/** By bits 3 and 4 of the opcode. @source RFC 9669 section 5 */
const SIZES: readonly Size[] = [4, 2, 1, 8];
const MODE = { mem: 3, memSigned: 4, atomic: 6 } as const;
const CLASS = { ldx: 1, st: 2, stx: 3 } as const;

// The constant of an atomic instruction says which one it is. @source RFC 9669 section 5.3; include/uapi/linux/bpf.h
const FETCH = 1;
const ATOMICS: ReadonlyMap<number, AtomicOp> = new Map([
  [0x00, "add"],
  [0x40, "or"],
  [0x50, "and"],
  [0xa0, "xor"],
]);
const XCHG = 0xe1;
const CMPXCHG = 0xf1;
const LOAD_ACQUIRE = 0x100;
const STORE_RELEASE = 0x110;

/** Reads an instruction of class ldx, st or stx; null where it is none. */
export function decodeMemory({ opcode, src, imm }: Fields): Operation | null {
  const size = SIZES[(opcode >> 3) & 3];
  const mode = opcode >> 5;
  const kind = opcode & 7;
  if (kind === CLASS.ldx && (mode === MODE.mem || (mode === MODE.memSigned && size < 8)))
    return { kind: "load", size, signed: mode === MODE.memSigned };
  if (kind === CLASS.st && mode === MODE.mem)
    return { kind: "store", size, operand: { from: "constant", value: imm } };
  if (kind === CLASS.stx && mode === MODE.mem)
    return { kind: "store", size, operand: { from: "register", register: src } };
  return kind === CLASS.stx && mode === MODE.atomic ? decodeAtomic(size, imm) : null;
}

function decodeAtomic(size: Size, imm: number): Operation | null {
  if (imm === LOAD_ACQUIRE) return { kind: "atomic", size, op: "load_acquire", fetch: true };
  if (imm === STORE_RELEASE) return { kind: "atomic", size, op: "store_release", fetch: false };
  if (size < 4) return null;
  if (imm === XCHG) return { kind: "atomic", size, op: "xchg", fetch: true };
  if (imm === CMPXCHG) return { kind: "atomic", size, op: "cmpxchg", fetch: true };
  const op = ATOMICS.get(imm & ~FETCH);
  return op === undefined ? null : { kind: "atomic", size, op, fetch: (imm & FETCH) !== 0 };
}
