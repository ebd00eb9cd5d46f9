import {
  decodeProgram,
  type Fields,
  helperName,
  helperNumber,
  INSTRUCTION_BYTES,
  printInstruction,
  readFields,
  writeFields,
} from "ringside/bpf";
import { describe, expect, test } from "vitest";
import {
  alu,
  assemble,
  atomic,
  branch,
  call,
  callFunction,
  exit,
  goto,
  gotoLong,
  load,
  mov,
  store,
  swap,
  wide,
} from "./assemble.js";
import { randomProgram } from "./random-program.js";

const printed = (...program: Fields[]): string[] =>
  decodeProgram(assemble(program)).map((each) => printInstruction(each));

describe("an instruction", () => {
  test("is written and read back, for every seed", () => {
    for (let seed = 0; seed < 50; seed++) {
      const program = randomProgram(seed, 3);
      const code = assemble(program);
      const copy = new Uint8Array(code.length);
      program.forEach((_, slot) => {
        writeFields(copy, slot, readFields(code, slot));
      });
      expect(copy).toEqual(code);
    }
  });

  test("is printed as the verifier prints it", () => {
    expect(
      printed(
        mov(1, { reg: 2 }),
        alu(32, "add", 3, -5),
        alu(64, "div", 3, { reg: 4 }, 1),
        alu(64, "mov", 3, { reg: 4 }, 16),
        alu(32, "neg", 3, 0),
        swap("be", 2, 16),
        swap("bswap", 2, 64),
        load(1, 1, 2, 12),
        load(4, 1, 10, -8, true),
        store(2, 10, -4, 7),
        store(8, 10, -8, { reg: 1 }),
        atomic(8, 0x00, 10, -8, 2),
        atomic(4, 0x01, 10, -8, 2),
        atomic(8, 0xf1, 10, -8, 2),
        atomic(8, 0xe1, 10, -8, 2),
        branch(64, "sgt", 1, { reg: 2 }, 3),
        branch(32, "ne", 1, -1, -2),
        goto(4),
        gotoLong(-3),
        call(44),
        callFunction(6),
        exit(),
      ),
    ).toEqual([
      "r1 = r2",
      "w3 += -5",
      "r3 s/= r4",
      "r3 = (s16)r4",
      "w3 = -w3",
      "r2 = be16 r2",
      "r2 = bswap64 r2",
      "r1 = *(u8 *)(r2 +12)",
      "r1 = *(s32 *)(r10 -8)",
      "*(u16 *)(r10 -4) = 7",
      "*(u64 *)(r10 -8) = r1",
      "lock *(u64 *)(r10 -8) += r2",
      "r2 = atomic_fetch_add((u32 *)(r10 -8), r2)",
      "r0 = atomic64_cmpxchg((u64 *)(r10 -8), r0, r2)",
      "r2 = atomic64_xchg((u64 *)(r10 -8), r2)",
      "if r1 s> r2 goto pc+3",
      "if w1 != 0xffffffff goto pc-2",
      "goto pc+4",
      "gotol pc-3",
      "call bpf_xdp_adjust_head#44",
      "call pc+6",
      "exit",
    ]);
  });

  test("takes two slots when it loads a constant of 64 bits", () => {
    const [constant, last] = decodeProgram(assemble([...wide(1, 0x123456789abcdefn), exit()]));
    expect([constant!.slots, last!.slot]).toEqual([2, 2]);
    expect(printInstruction(constant!)).toBe("r1 = 0x123456789abcdef");
  });

  test("is refused with its place where the bytes are none", () => {
    const unknown: Fields = { opcode: 0xff, dst: 1, src: 2, offset: 0, imm: 0 };
    expect(() => decodeProgram(assemble([exit(), unknown]))).toThrow(
      "Cannot read instruction 1: opcode 0xff, registers 1 and 2 is none -> compare with the tables of RFC 9669",
    );
    expect(() => decodeProgram(assemble([{ ...exit(), dst: 11 }]))).toThrow("Cannot read instruction 0");
    expect(() => decodeProgram(assemble([wide(1, 5n)[0]!]))).toThrow("Cannot read instruction 0");
    expect(() => decodeProgram(new Uint8Array(INSTRUCTION_BYTES + 1))).toThrow("Cannot read 9 bytes");
    expect(() => decodeProgram(new Uint8Array(0))).toThrow("Cannot read 0 bytes");
  });
});

test("a helper has a name for its number, and a number for its name", () => {
  expect([helperName(1), helperName(51), helperName(211), helperName(9999)]).toEqual([
    "bpf_map_lookup_elem",
    "bpf_redirect_map",
    "bpf_cgrp_storage_delete",
    "helper",
  ]);
  expect([helperNumber("bpf_xdp_adjust_tail"), helperNumber("nothing")]).toEqual([65, 0]);
});
