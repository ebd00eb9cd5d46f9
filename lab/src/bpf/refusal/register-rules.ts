// Rules about single registers and single numbers.
import type { Rule } from "./rule.js";

const NOT_READABLE = /R(\d+) !read_ok/;
const isArgument = (register: string): boolean => Number(register) >= 1 && Number(register) <= 5;

/** @source kernel/bpf/verifier.c, check_reg_arg and check_alu_op */
export const REGISTER_RULES: readonly Rule[] = [
  {
    name: "no answer",
    sentence: NOT_READABLE,
    when: ({ refusal }, found) => found[1] === "0" && refusal.instructionText === "exit",
    tell: () => ({
      broken: "r0 holds the answer of a program, and on a path that leads here nobody put one there.",
      compare: "Each way through the function with the answer that it gives: one of them gives none.",
    }),
  },
  {
    name: "lost over a call",
    sentence: NOT_READABLE,
    when: ({ log }, found) => isArgument(found[1]!) && /\(85\) call/.test(log),
    tell: ([, register]) => ({
      knew: `r${register} held an argument or a value, until a call; since then nothing is known of it.`,
      broken: "A call may use r1 to r5 as it likes; r6 to r9 it gives back as they were.",
      compare: "Where the value is needed with where it is kept: before the call, and behind it.",
    }),
  },
  {
    name: "uninitialised register",
    sentence: NOT_READABLE,
    tell: ([, register]) => ({
      broken: `r${register} is read, and on a path that leads here nothing was ever put into it: who knows what would be in it.`,
      compare: "Each path to this line with where the variable gets its first value.",
    }),
  },
  {
    name: "frame pointer",
    sentence: /frame pointer is read only/,
    tell: () => ({
      broken: "r10 says where the stack is, for the whole function. A program reads it and never changes it.",
      compare: "The register that the line writes, with r0 to r9.",
    }),
  },
  {
    name: "division by zero",
    sentence: /div by zero/,
    tell: () => ({
      broken:
        "A division by the constant 0 is surely a mistake. (By a register that happens to be 0 it gives 0, and nothing breaks.)",
      compare: "The divisor that the C text leaves when all its constants are filled in, with 0.",
    }),
  },
  {
    name: "shift too far",
    sentence: /invalid shift (\d+)/,
    tell: ([, bits]) => ({
      broken: `A register has 64 bits, its lower half 32. A shift by ${bits} leaves nothing, and CPUs differ in what they make of it.`,
      compare: "The number of places with the width of the type that is shifted.",
    }),
  },
];
