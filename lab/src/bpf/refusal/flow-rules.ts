// Rules about the way through a program: it has to come to an end, and all of it has to lie on the way.
import type { Rule } from "./rule.js";

/** @source kernel/bpf/verifier.c, check_cfg, is_state_visited and do_check */
export const FLOW_RULES: readonly Rule[] = [
  {
    name: "endless loop",
    sentence: /infinite loop detected at insn (\d+)/,
    tell: ([, slot]) => ({
      knew: `It came to instruction ${slot} a second time, and knew the same of every register as the first time.`,
      broken:
        "A program has to end. If nothing is different the second time, nothing will be the third time.",
      compare: "What the loop's condition asks, with what the loop's body changes.",
    }),
  },
  {
    name: "too much to walk",
    sentence: /BPF program is too large\. Processed (\d+) insn|The sequence of (\d+) jumps is too complex/,
    tell: ([, walked]) => ({
      knew: `It walked ${walked ?? "through too many branches"}${walked ? " instructions" : ""} along all paths, and was not done.`,
      broken:
        "The verifier walks a million instructions at most: each turn of a loop anew, and what follows a branch once for each way there, unless it knows the same as before.",
      compare:
        "The number of turns of the loop, times its instructions, times the branches before it, with a million.",
    }),
  },
  {
    name: "unreachable code",
    sentence: /unreachable insn (\d+)/,
    tell: ([, slot]) => ({
      knew: `No path leads to instruction ${slot}.`,
      broken:
        "All of a program has to be walked. Code to which no way leads cannot be, so it must not be there.",
      compare: "The instruction before it, which goes elsewhere on every path, with what was meant.",
    }),
  },
  {
    name: "jump out of the program",
    sentence: /jump out of range from insn (\d+) to (\d+)/,
    tell: ([, from, to]) => ({
      knew: `Instruction ${from} jumps to instruction ${to}, and the program does not reach that far.`,
      broken: "A jump leads to an instruction of its own function.",
      compare:
        "The jump's distance, counted from the instruction behind it, with the number of instructions that follow.",
    }),
  },
  {
    name: "jump into a constant",
    sentence: /jump into the middle of ldimm64 insn (\d+)/,
    tell: ([, slot]) => ({
      knew: `A jump leads to the second half of the constant at instruction ${slot}.`,
      broken: "A 64-bit constant takes two slots. The second one is no instruction of its own.",
      compare:
        "The jump's distance in slots with the instructions it is meant to pass, where a 64-bit constant counts for two.",
    }),
  },
  {
    name: "no end",
    sentence: /last insn is not an exit or jmp/,
    tell: () => ({
      knew: "The last instruction goes on to the one behind it, and there is none.",
      broken: "A program ends by exit, or goes back by a jump. It may not run out.",
      compare: "The last instruction with exit.",
    }),
  },
  {
    name: "functions too deep",
    sentence: /the call stack of (\d+) frames is too deep/,
    tell: ([, frames]) => ({
      knew: `${frames} functions would be under way at once.`,
      broken: "No more than 8 functions may be under way at once, the program itself among them.",
      compare: "The longest chain of calls with 8.",
    }),
  },
  {
    name: "something kept",
    sentence: /Unreleased reference id=\d+ alloc_insn=(\d+)/,
    tell: ([, slot]) => ({
      knew: `Instruction ${slot} took something that has to be given back, and on a path to this end it is not.`,
      broken: "What a program reserves it has to submit or discard, on every path, before it ends.",
      compare: "The call that took it, with each way to the end of the program behind it.",
    }),
  },
];
