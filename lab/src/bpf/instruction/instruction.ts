// What an instruction means, once its bits are read: one shape for each kind of work. The disassembler prints these and
// the machine carries them out, so neither looks at an opcode again.

/** Where the second value of a calculation comes from. */
export type Operand =
  | { readonly from: "register"; readonly register: number }
  | { readonly from: "constant"; readonly value: number };

/** Calculations on registers. `sdiv` and `smod` read both values as signed. */
export type AluOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "or"
  | "and"
  | "lsh"
  | "rsh"
  | "neg"
  | "mod"
  | "xor"
  | "mov"
  | "arsh"
  | "sdiv"
  | "smod";

/** Comparisons; those that begin with an `s` read both values as signed, `set` asks for a common bit. */
export type Condition = "eq" | "gt" | "ge" | "set" | "ne" | "sgt" | "sge" | "lt" | "le" | "slt" | "sle";

/** Changes of memory that no other CPU can come between. */
export type AtomicOp = "add" | "or" | "and" | "xor" | "xchg" | "cmpxchg" | "load_acquire" | "store_release";

/** Bytes moved at once. */
export type Size = 1 | 2 | 4 | 8;

/** What a 64-bit constant stands for: a number, or something that the loader puts in its place. */
export type Constant =
  | { readonly refers: "number"; readonly value: bigint }
  | { readonly refers: "map"; readonly map: number }
  | { readonly refers: "map value"; readonly map: number; readonly offset: number }
  | { readonly refers: "function"; readonly target: number }
  | { readonly refers: "kernel"; readonly kind: number; readonly value: bigint };

/** One kind of work. Widths are in bits, sizes in bytes, targets are slots. */
export type Operation =
  | {
      readonly kind: "alu";
      readonly width: 32 | 64;
      readonly op: AluOp;
      readonly operand: Operand;
      /** A `mov` that carries the sign of so many bits; 0 for a plain one. */
      readonly signedBits: 0 | 8 | 16 | 32;
    }
  | { readonly kind: "swap"; readonly order: "le" | "be" | "bswap"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "constant"; readonly constant: Constant }
  | { readonly kind: "load"; readonly size: Size; readonly signed: boolean }
  | { readonly kind: "store"; readonly size: Size; readonly operand: Operand }
  | { readonly kind: "atomic"; readonly size: Size; readonly op: AtomicOp; readonly fetch: boolean }
  | { readonly kind: "goto"; readonly target: number; readonly long: boolean }
  | {
      readonly kind: "branch";
      readonly width: 32 | 64;
      readonly condition: Condition;
      readonly operand: Operand;
      readonly target: number;
    }
  | { readonly kind: "call helper"; readonly helper: number }
  | { readonly kind: "call function"; readonly target: number }
  | { readonly kind: "call kernel function"; readonly id: number }
  | { readonly kind: "exit" };

/** One instruction in its place. */
export interface Instruction {
  /** Number of its first slot; jumps count slots. */
  readonly slot: number;
  /** 2 for a 64-bit constant, 1 for all others. */
  readonly slots: 1 | 2;
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  readonly operation: Operation;
}
