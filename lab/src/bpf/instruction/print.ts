// Instructions as the verifier prints them, letter for letter: what stands here can be found in its log.
import { helperName } from "./helper-names.js";
import type { AluOp, AtomicOp, Condition, Constant, Instruction, Operand, Operation } from "./instruction.js";

type Of<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;

const ALU_SIGN: Readonly<Record<AluOp, string>> = {
  add: "+=",
  sub: "-=",
  mul: "*=",
  div: "/=",
  or: "|=",
  and: "&=",
  lsh: "<<=",
  rsh: ">>=",
  neg: "-",
  mod: "%=",
  xor: "^=",
  mov: "=",
  arsh: "s>>=",
  sdiv: "s/=",
  smod: "s%=",
};
const CONDITION_SIGN: Readonly<Record<Condition, string>> = {
  eq: "==",
  gt: ">",
  ge: ">=",
  set: "&",
  ne: "!=",
  sgt: "s>",
  sge: "s>=",
  lt: "<",
  le: "<=",
  slt: "s<",
  sle: "s<=",
};
/** What a constant that is no number is called. */
export type ConstantName = (constant: Constant) => string;

const plainConstant: ConstantName = (constant) => {
  switch (constant.refers) {
    case "number":
    case "kernel":
      return `0x${constant.value.toString(16)}`;
    case "map":
      return `map[${constant.map}]`;
    case "map value":
      return `map[${constant.map}]+${constant.offset}`;
    case "function":
      return `function at ${constant.target}`;
  }
};

/**
 * Prints one instruction, e.g. `r1 = *(u8 *)(r1 +12)` or `if r3 > r2 goto pc+10`.
 *
 * @param nameConstant names maps; without it they are numbers
 * @source kernel/bpf/disasm.c, print_bpf_insn
 */
export function printInstruction(
  instruction: Instruction,
  nameConstant: ConstantName = plainConstant,
): string {
  const { operation, dst, slot } = instruction;
  const distance = (target: number): string => `pc${signed(target - slot - 1)}`;
  switch (operation.kind) {
    case "alu":
      return printAlu(operation, dst);
    case "swap":
      return `r${dst} = ${operation.order}${operation.bits} r${dst}`;
    case "constant":
      return `r${dst} = ${nameConstant(operation.constant)}`;
    case "load":
      return `r${dst} = *(${operation.signed ? "s" : "u"}${operation.size * 8} *)(r${instruction.src} ${signed(instruction.offset)})`;
    case "store":
      return `*(u${operation.size * 8} *)(r${dst} ${signed(instruction.offset)}) = ${printOperand(operation.operand, "r")}`;
    case "atomic":
      return printAtomic(operation, instruction);
    case "goto":
      return `goto${operation.long ? "l" : ""} ${distance(operation.target)}`;
    case "branch":
      return printBranch(operation, dst, distance(operation.target));
    case "call helper":
      return `call ${helperName(operation.helper)}#${operation.helper}`;
    case "call function":
      return `call ${distance(operation.target)}`;
    case "call kernel function":
      return `call kernel-function#${operation.id}`;
    case "exit":
      return "exit";
  }
}

function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}

function printOperand(operand: Operand, letter: string): string {
  return operand.from === "register" ? `${letter}${operand.register}` : String(operand.value);
}

/** Work on the lower half of a register calls it `w`. */
function printAlu({ width, op, operand, signedBits }: Of<"alu">, dst: number): string {
  const letter = width === 32 ? "w" : "r";
  const into = `${letter}${dst}`;
  if (op === "neg") return `${into} = -${into}`;
  const sign = signedBits === 0 ? "" : `(s${signedBits})`;
  return `${into} ${ALU_SIGN[op]} ${sign}${printOperand(operand, letter)}`;
}

function printBranch({ width, condition, operand }: Of<"branch">, dst: number, target: string): string {
  const letter = width === 32 ? "w" : "r";
  const other =
    operand.from === "register" ? `${letter}${operand.register}` : `0x${(operand.value >>> 0).toString(16)}`;
  return `if ${letter}${dst} ${CONDITION_SIGN[condition]} ${other} goto ${target}`;
}

function printAtomic({ size, op, fetch }: Of<"atomic">, { dst, src, offset }: Instruction): string {
  const pointer = (register: number): string => `(u${size * 8} *)(r${register} ${signed(offset)})`;
  const name = `atomic${size === 8 ? "64" : ""}`;
  const plain: Partial<Record<AtomicOp, string>> = {
    load_acquire: `r${dst} = load_acquire(${pointer(src)})`,
    store_release: `store_release(${pointer(dst)}, r${src})`,
    cmpxchg: `r0 = ${name}_cmpxchg(${pointer(dst)}, r0, r${src})`,
    xchg: `r${src} = ${name}_xchg(${pointer(dst)}, r${src})`,
  };
  if (plain[op] !== undefined) return plain[op];
  if (fetch) return `r${src} = ${name}_fetch_${op}(${pointer(dst)}, r${src})`;
  return `lock *${pointer(dst)} ${ALU_SIGN[op as AluOp]} r${src}`;
}
