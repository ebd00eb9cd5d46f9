// Rules about what is an address, and what may be done with one.
import type { Rule, Situation } from "./rule.js";

const MOVES_PACKET = /call bpf_xdp_(?:adjust_(?:head|tail|meta))#/;

/** Whether a helper that moves the packet was called behind the last time the register pointed into it. */
function lostToAHelper({ log }: Situation, register: string): boolean {
  const lines = log.split("\n");
  const pointed = lines.findIndex((line) => new RegExp(`\\bR${register}(?:_\\w+)?=pkt\\(`).test(line));
  return pointed >= 0 && lines.slice(pointed).some((line) => MOVES_PACKET.test(line));
}

/** @source kernel/bpf/verifier.c, check_mem_access and adjust_ptr_min_max_vals */
export const POINTER_RULES: readonly Rule[] = [
  {
    name: "pointer from before a move",
    sentence: /R(\d+) invalid mem access '(?:scalar|inv)'/,
    when: (situation, found) => lostToAHelper(situation, found[1]!),
    tell: ([, register]) => ({
      knew: `r${register} pointed into the packet. Then a helper moved an end of the packet, and since then r${register} is a number of which nothing is known.`,
      broken:
        "A helper that moves the packet makes every pointer into it worthless, and with it every proof: the bytes may lie elsewhere now.",
      compare:
        "The pointer that the line uses with where the context says that the packet is, now; and that with data_end as it is now.",
    }),
  },
  {
    name: "number as an address",
    sentence: /R(\d+) invalid mem access '(?:scalar|inv)'/,
    tell: ([, register]) => ({
      broken: `The line takes r${register} for an address. It holds a number, and no number is an address, whatever it says.`,
      compare: `Where r${register} got its value, with where an address can come from: the context, the stack, a look-up.`,
    }),
  },
  {
    name: "the end as an address",
    sentence: /R(\d+) invalid mem access 'pkt_end'/,
    tell: () => ({
      broken:
        "data_end is the address behind the last byte. There is nothing to read; it is there to be compared with.",
      compare: "A pointer that comes from data, with data_end.",
    }),
  },
  {
    name: "moved end",
    sentence: /R(\d+) pointer arithmetic on pkt_end prohibited/,
    tell: () => ({
      broken: "data_end stays where it is: a proof by a moved end would prove nothing.",
      compare: "The other side: a pointer from data, moved, with data_end, unmoved.",
    }),
  },
  {
    name: "sum of two pointers",
    sentence: /R(\d+) pointer \+= pointer prohibited/,
    tell: () => ({
      broken:
        "The sum of two addresses is no address. One may be subtracted from another, which gives a number.",
      compare:
        "What each of the two registers holds with what the line means to add: an address and a distance.",
    }),
  },
  {
    name: "half a pointer",
    sentence: /R(\d+) 32-bit pointer arithmetic prohibited/,
    tell: ([, register]) => ({
      broken: `r${register} is an address of 64 bits, and the line works on its lower half alone (w${register}): the upper half would be lost.`,
      compare: "The width of the C type with that of a pointer: int has 32 bits, long and pointers have 64.",
    }),
  },
  {
    name: "arithmetic on a pointer",
    sentence: /R(\d+) pointer arithmetic (?:with (\S+) operator|on (\w+)) prohibited/,
    tell: ([, register, operator, kind]) => ({
      broken:
        operator === undefined
          ? `A pointer of this kind (${kind}) may not be moved at all, and r${register} is one.`
          : `An address can be moved by adding and subtracting. What ${operator} makes of r${register} is no address any more.`,
      compare: `What r${register} holds, with what the line takes it for.`,
    }),
  },
  {
    name: "address given away",
    sentence: /R(\d+) leaks addr|R(\d+) pointer (?:comparison|subtraction) prohibited/,
    tell: (found) => ({
      broken: `r${found[1] ?? found[2]} holds an address of the kernel, and this user may not learn one: where the kernel's memory lies is a secret to who lacks CAP_PERFMON.`,
      compare:
        "What leaves the program (its answer, maps, packets) with what it holds: numbers may leave, addresses not.",
    }),
  },
];
