// Every kind of instruction that RFC 9669 has, by a name: what a test of the machine has to have met.
import type { Operation } from "ringside/bpf";

/** The kind of an instruction, e.g. `alu 32 sdiv register` or `load s16`. */
export function workOf(operation: Operation): string {
  switch (operation.kind) {
    case "alu": {
      const sign = operation.signedBits === 0 ? "" : ` s${operation.signedBits}`;
      return `alu ${operation.width} ${operation.op}${sign} ${operation.operand.from}`;
    }
    case "swap":
      return `swap ${operation.order}${operation.bits}`;
    case "constant":
      return `constant ${operation.constant.refers}`;
    case "load":
      return `load ${operation.signed ? "s" : "u"}${operation.size * 8}`;
    case "store":
      return `store u${operation.size * 8} ${operation.operand.from}`;
    case "atomic":
      return `atomic ${operation.op}${operation.fetch ? " fetch" : ""} ${operation.size * 8}`;
    case "goto":
      return operation.long ? "gotol" : "goto";
    case "branch":
      return `branch ${operation.width} ${operation.condition} ${operation.operand.from}`;
    default:
      return operation.kind;
  }
}

const both = ["register", "constant"];
const cross = (first: readonly string[], ...rest: (readonly string[])[]): string[] =>
  rest.reduce<string[]>(
    (all, next) => all.flatMap((one) => next.map((other) => `${one} ${other}`)),
    [...first],
  );

const CALCULATIONS = "add sub mul div or and lsh rsh mod xor mov arsh sdiv smod".split(" ");
const CONDITIONS = "eq gt ge set ne sgt sge lt le slt sle".split(" ");
const CHANGES = ["add", "or", "and", "xor", "add fetch", "or fetch", "and fetch", "xor fetch"];

/** All kinds, but for kernel functions and addresses of functions, which XDP's plain programs have none of. */
export const ALL_WORK: readonly string[] = [
  ...cross(["alu"], ["32", "64"], CALCULATIONS, both),
  ...cross(["alu"], ["32", "64"], ["neg constant", "mov s8 register", "mov s16 register"]),
  "alu 64 mov s32 register",
  ...["le", "be", "bswap"].flatMap((order) => [16, 32, 64].map((bits) => `swap ${order}${bits}`)),
  ...cross(["constant"], ["number", "map", "map value"]),
  ...cross(["load"], ["u8", "u16", "u32", "u64", "s8", "s16", "s32"]),
  ...cross(["store"], ["u8", "u16", "u32", "u64"], both),
  ...cross(["atomic"], [...CHANGES, "xchg fetch", "cmpxchg fetch"], ["32", "64"]),
  ...cross(["atomic"], ["load_acquire fetch", "store_release"], ["8", "16", "32", "64"]),
  ...cross(["branch"], ["32", "64"], CONDITIONS, both),
  "goto",
  "gotol",
  "call helper",
  "call function",
  "exit",
];
