// Instructions by name, for tests that make programs without a compiler: clang 14 does not know the newer ones.
import { type Fields, INSTRUCTION_BYTES, writeFields } from "ringside/bpf";

/** A register, or a constant. */
export type Source = { reg: number } | number;

const ALU = ["add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor", "mov", "arsh"];
const JUMP = ["ja", "eq", "gt", "ge", "set", "ne", "sgt", "sge", "call", "exit", "lt", "le", "slt", "sle"];
const SIZE: Readonly<Record<number, number>> = { 4: 0x00, 2: 0x08, 1: 0x10, 8: 0x18 };

const fields = (opcode: number, dst = 0, src = 0, offset = 0, imm = 0): Fields => ({
  opcode,
  dst,
  src,
  offset,
  imm,
});
const from = (source: Source): [bit: number, src: number, imm: number] =>
  typeof source === "number" ? [0, 0, source] : [8, source.reg, 0];

/** `r1 += 5`; @param offset 1 for the signed forms of div and mod, 8, 16 or 32 for a mov that carries a sign */
export function alu(width: 32 | 64, op: string, dst: number, source: Source, offset = 0): Fields {
  const [bit, src, imm] = from(source);
  return fields((ALU.indexOf(op) << 4) | bit | (width === 64 ? 7 : 4), dst, src, offset, imm);
}
/** `r1 = be16 r1` and its kin. */
export function swap(order: "le" | "be" | "bswap", dst: number, bits: number): Fields {
  return fields({ le: 0xd4, be: 0xdc, bswap: 0xd7 }[order], dst, 0, 0, bits);
}
export const mov = (dst: number, source: Source): Fields => alu(64, "mov", dst, source);
/** A constant of 64 bits, or what it stands for. @param kind 1 a map's descriptor, 2 a map's value */
export function wide(dst: number, value: bigint, kind = 0): Fields[] {
  const [low, high] = [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
  return [fields(0x18, dst, kind, 0, low), fields(0, 0, 0, 0, high)];
}
export const load = (size: number, dst: number, src: number, offset: number, signed = false): Fields =>
  fields((signed ? 0x80 : 0x60) | SIZE[size]! | 1, dst, src, offset);
export function store(size: number, dst: number, offset: number, source: Source): Fields {
  const [bit, src, imm] = from(source);
  return fields(0x60 | SIZE[size]! | (bit ? 3 : 2), dst, src, offset, imm);
}
/** An atomic change. @param what its number, e.g. 0x01 for a fetching add, 0xf1 for cmpxchg */
export const atomic = (size: number, what: number, dst: number, offset: number, src: number): Fields =>
  fields(0xc0 | SIZE[size]! | 3, dst, src, offset, what);
/** `if r1 > r2 goto pc+3` */
export function branch(width: 32 | 64, op: string, dst: number, source: Source, offset: number): Fields {
  const [bit, src, imm] = from(source);
  return fields((JUMP.indexOf(op) << 4) | bit | (width === 64 ? 5 : 6), dst, src, offset, imm);
}
export const goto = (offset: number): Fields => fields(0x05, 0, 0, offset);
export const gotoLong = (distance: number): Fields => fields(0x06, 0, 0, 0, distance);
export const call = (helper: number): Fields => fields(0x85, 0, 0, 0, helper);
export const callFunction = (distance: number): Fields => fields(0x85, 0, 1, 0, distance);
export const exit = (): Fields => fields(0x95);

/** Instructions as bytes. */
export function assemble(program: readonly Fields[]): Uint8Array {
  const code = new Uint8Array(program.length * INSTRUCTION_BYTES);
  program.forEach((each, slot) => {
    writeFields(code, slot, each);
  });
  return code;
}
