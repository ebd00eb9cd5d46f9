// Refusals that no C compiler walks into: the instructions themselves.
import type { Fields } from "ringside/bpf";
import { alu, branch, call, exit, goto, load, mov, store, swap } from "./assemble.js";

/** By the name of the refusal; its log stands in `refusals/<name>.log`. */
export const REFUSED_BYTECODE: Readonly<Record<string, readonly Fields[]>> = {
  "uninitialised-register": [mov(0, { reg: 2 }), exit()],
  "no-answer": [exit()],
  "unreachable-code": [mov(0, 1), exit(), mov(0, 2), exit()],
  "jump-out-of-range": [mov(0, 1), goto(5), exit()],
  "no-end": [mov(0, 1)],
  "division-by-zero": [mov(0, 1), alu(64, "div", 0, 0), exit()],
  "shift-too-far": [mov(0, 1), alu(64, "lsh", 0, 64), exit()],
  "stack-too-deep": [store(8, 10, -520, 1), mov(0, 1), exit()],
  "stack-above": [load(8, 0, 10, 8), exit()],
  "stack-misaligned": [store(4, 10, -6, 1), mov(0, 1), exit()],
  "frame-pointer-write": [mov(10, 1), mov(0, 1), exit()],
  "unknown-helper": [call(9999), exit()],
  "unknown-opcode": [{ opcode: 0xff, dst: 0, src: 0, offset: 0, imm: 0 }, exit()],
  "reserved-field": [alu(64, "add", 0, 1, 7), exit()],
  "context-moved": [alu(64, "add", 1, 4), load(4, 0, 1, 0), exit()],
  "half-a-pointer": [alu(32, "add", 1, 4), mov(0, 1), exit()],
  "argument-after-call": [call(5), mov(0, { reg: 1 }), exit()],
  "pointer-answer": [mov(0, { reg: 1 }), exit()],
  "end-moved": [load(4, 2, 1, 4), alu(64, "add", 2, 1), mov(0, 1), exit()],
  "swap-width": [swap("be", 0, 8), exit()],
  "branch-into-constant": [
    mov(0, 1),
    branch(64, "eq", 0, 1, 1),
    { opcode: 0x18, dst: 2, src: 0, offset: 0, imm: 1 },
    { opcode: 0, dst: 0, src: 0, offset: 0, imm: 0 },
    exit(),
  ],
};
