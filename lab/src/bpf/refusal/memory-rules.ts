// Rules about where a program may read and write: maps, the stack, the context.
import type { Rule } from "./rule.js";

/** Bytes of a function's stack. @source include/linux/filter.h, MAX_BPF_STACK */
const STACK_BYTES = 512;
const STACK_SENTENCE =
  /invalid (?:indirect )?(read|write|access)(?:(?: from| to) stack|.* stack).* off=(-?\d+) size=(\d+)/;
const calls = /^call /;
const writes = /^(?:lock )?\*\(/;

/** @source kernel/bpf/verifier.c, check_mem_access and what it calls */
export const MEMORY_RULES: readonly Rule[] = [
  {
    name: "map value index",
    sentence: /invalid access to map value, value_size=(\d+) off=(-?\d+) size=(\d+)/,
    when: ({ log }) => /max value is outside of the allowed memory range/.test(log),
    tell: ([, valueBytes, offset, size]) => ({
      broken: `A value of this map has ${valueBytes} bytes. With the largest index that the verifier holds possible, the line reaches ${size} bytes at byte ${offset}.`,
      compare:
        "The index with the number of elements that the value holds, before it is added to the pointer.",
    }),
  },
  {
    name: "map value bounds",
    sentence: /invalid access to map value, value_size=(\d+) off=(-?\d+) size=(\d+)/,
    tell: ([, valueBytes, offset, size]) => ({
      broken: `A value of this map has ${valueBytes} bytes, counted from 0. The line wants ${size} bytes from byte ${offset} on.`,
      compare:
        "The offset of what the line wants, and its size, with the size of the value in the map's definition.",
    }),
  },
  {
    name: "index without bounds",
    sentence:
      /math between (\w+) pointer and register with unbounded|R\d+ (?:min value is negative, either use unsigned index|unbounded memory access, make sure)/,
    tell: () => ({
      broken:
        "A pointer may be moved by a number only where that number is known to lie between two bounds: a negative one leads before the memory, a large one behind it.",
      compare:
        "The number that is added, with both ends of what is allowed: 0 and the size. A comparison of a signed number with its upper end says nothing of the lower one.",
    }),
  },
  {
    name: "null map value",
    sentence: /R(\d+) invalid mem access '(\w+_or_null)'/,
    tell: ([, register]) => ({
      broken: `r${register} came from a look-up or a reservation, and these may find nothing: then there is no memory to touch.`,
      compare: `The pointer in r${register} with NULL, on every path from the helper to this line.`,
    }),
  },
  {
    name: "moved before the question",
    sentence: /R(\d+) pointer arithmetic on (\w+_or_null) prohibited/,
    tell: () => ({
      broken:
        "NULL and something is no longer NULL: what may be nothing must not be moved before that is known.",
      compare: "The pointer with NULL, and only then move it.",
    }),
  },
  {
    name: "read-only data",
    sentence: /write into map forbidden, value_size=(\d+) off=(-?\d+) size=(\d+)/,
    tell: () => ({
      broken:
        "This memory is frozen once the program is loaded: data that the C text declares const, or a map made read-only.",
      compare: "The variable that the line changes, with how it is declared.",
    }),
  },
  {
    name: "size of an argument",
    sentence: STACK_SENTENCE,
    when: ({ refusal }) => calls.test(refusal.instructionText),
    tell: ([, , offset, size]) => ({
      broken: `A helper gets an address and a size, and all the bytes have to be the program's. ${size} bytes from fp${offset} on are not: the stack ends at fp, where the caller's begins.`,
      compare: "The size that is handed over, with the size of the variable.",
    }),
  },
  {
    name: "below the stack",
    sentence: STACK_SENTENCE,
    when: (_situation, found) => Number(found[2]) < -STACK_BYTES,
    tell: ([, , offset]) => ({
      broken: `A function's stack has ${STACK_BYTES} bytes: from fp-${STACK_BYTES} up to fp. The line goes to fp${offset}.`,
      compare: `The sizes of all local variables together, with ${STACK_BYTES} bytes. What is larger belongs into a map.`,
    }),
  },
  {
    name: "above the stack",
    sentence: STACK_SENTENCE,
    tell: ([, , offset, size]) => ({
      broken: `The stack lies below fp. The line wants ${size} bytes at fp${Number(offset) < 0 ? "" : "+"}${offset}, which are not of it.`,
      compare: "The offset from the frame pointer with 0, and with the place of the variable that is meant.",
    }),
  },
  {
    name: "stack alignment",
    sentence: /misaligned stack access off .* size (\d+)/,
    tell: ([, size]) => ({
      broken: `On the stack ${size} bytes have to begin at a multiple of ${size}, so that the verifier can follow each slot.`,
      compare: `The offset from the frame pointer, with multiples of ${size}.`,
    }),
  },
  {
    name: "stacks together",
    sentence: /combined stack size of (\d+) calls is (\d+)/,
    tell: ([, functions, bytes]) => ({
      knew: `${functions} functions are under way at once, and their stacks take ${bytes} bytes together.`,
      broken: `All functions that are under way share ${STACK_BYTES} bytes of stack, each rounded up.`,
      compare: `The local variables of a function and of all that it calls, added up, with ${STACK_BYTES} bytes.`,
    }),
  },
  {
    name: "context write",
    sentence: /invalid bpf_context access off=(\d+) size=(\d+)/,
    when: ({ refusal }) => writes.test(refusal.instructionText),
    tell: () => ({
      broken: "An XDP program reads its context, struct xdp_md, and does not write to it.",
      compare: "What the line changes with what a program may change: the packet, its stack, its maps.",
    }),
  },
  {
    name: "context field",
    sentence: /invalid bpf_context access off=(\d+) size=(\d+)/,
    tell: ([, offset, size]) => ({
      broken: `The context can be read field by field, each as a whole. ${size} bytes at byte ${offset} are no field of it.`,
      compare: "Offset and size of what the line reads, with the fields of struct xdp_md: six of 4 bytes.",
    }),
  },
  {
    name: "moved context",
    sentence: /dereference of modified ctx ptr R(\d+) off=(-?\d+)/,
    tell: ([, register]) => ({
      broken: `r${register} was moved away from the start of the context. The verifier rewrites each read of a field, and can do it from the start alone.`,
      compare: "The pointer that the line uses with the one that the program was handed.",
    }),
  },
  {
    name: "atomic change outside of maps",
    sentence: /BPF_ATOMIC stores into R(\d+) (\w+) is not allowed/,
    tell: ([, register, kind]) => ({
      broken: `Atomic changes are for memory that programs share: values of maps, and the stack. r${register} points elsewhere (${kind}).`,
      compare: "Where the line counts with who else could see it: a packet belongs to one program alone.",
    }),
  },
];
