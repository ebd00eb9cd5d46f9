// Rules about helpers and about the form of instructions.
import type { Rule } from "./rule.js";

/** @source kernel/bpf/verifier.c, check_helper_call, check_func_arg and resolve_pseudo_ldimm64 */
export const CALL_RULES: readonly Rule[] = [
  {
    name: "licence",
    sentence: /cannot call GPL-restricted function/,
    tell: () => ({
      knew: "Which licence the program declares, and that it is not compatible with the GPL.",
      broken: "Some helpers are for programs alone whose licence is compatible with the kernel's.",
      compare:
        'The text in SEC("license") with the licences that the kernel counts as compatible, and with your own intent.',
    }),
  },
  {
    name: "helper of other programs",
    sentence: /program of this type cannot use helper (\w+)#(\d+)|unknown func (\w+)#(\d+)/,
    tell: (found) => ({
      broken: `${found[1] ?? found[3]} is not for XDP programs. Each kind of program has its own list: XDP runs before a socket buffer exists.`,
      compare: "What the helper works on, with what XDP has: a packet's bytes and struct xdp_md.",
    }),
  },
  {
    name: "no such helper",
    sentence: /invalid func \w+#(\d+)/,
    tell: ([, number]) => ({
      broken: `This kernel has no helper number ${number}.`,
      compare:
        "The number with the list in <linux/bpf.h>, and the kernel's version with that which brought the helper.",
    }),
  },
  {
    name: "wrong map for a helper",
    sentence: /cannot pass map_type (\d+) into func (\w+)#\d+/,
    tell: ([, type, helper]) => ({
      broken: `${helper} works on certain types of map. Type ${type} is none of them.`,
      compare: "The type in the map's definition, with what the helper is for.",
    }),
  },
  {
    name: "type of an argument",
    sentence: /R(\d) type=(\w+) expected=(.*)/,
    tell: ([, register, type, expected]) => ({
      broken: `Argument ${register} of the helper has to be an address of one of these kinds: ${expected?.replace(/_?$/, "")}. The program hands over: ${type}.`,
      compare: `The helper's declaration in <bpf/bpf_helper_defs.h> with the program's argument ${register}.`,
    }),
  },
  {
    name: "size without bounds",
    sentence:
      /R(\d) (?:unbounded memory access, use|min value is negative, either use unsigned or|invalid zero-sized read)/,
    tell: ([, register]) => ({
      broken: `r${register} says how many bytes the helper may touch. That number has to lie between 1 and what the memory holds, on every path.`,
      compare:
        "The number, with both ends of what is allowed: at least 1, at most the size of the memory handed over.",
    }),
  },
  {
    name: "reserved field",
    sentence: /(BPF_\w+) uses reserved fields/,
    tell: ([, kind]) => ({
      broken: `An instruction of kind ${kind} has a field set that means nothing there and has to be 0, or an unknown width.`,
      compare: "The fields of the instruction with the table of its class in RFC 9669.",
    }),
  },
  {
    name: "no such instruction",
    sentence: /unknown opcode ([0-9a-f]+)/,
    tell: ([, opcode]) => ({
      broken: `0x${opcode} is no instruction that this kernel knows.`,
      compare: "The opcode with RFC 9669, and the compiler's -mcpu with what this kernel understands.",
    }),
  },
];
