// One instruction, carried out. This is the whole of the machine's work: look at what kind it is, read registers, and
// change a register, memory, or the place where it goes on.
import type { Instruction, Operand, Operation } from "../instruction/instruction.js";
import { calculate, extendSign, swapBytes } from "./alu.js";
import { changeAtomically } from "./atomic.js";
import { holds } from "./condition.js";
import { helperOf } from "./helpers/table.js";
import type { Machine } from "./machine.js";
import { MachineError } from "./memory.js";

type Of<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;

/** More steps than any program takes that the kernel accepts. @source include/linux/bpf.h, BPF_COMPLEXITY_LIMIT_INSNS */
const MOST_STEPS = 1_000_000;

/**
 * Carries out the next instruction. Nothing happens once the program has returned.
 *
 * @throws MachineError where the program does what the verifier lets none do, or calls a helper that the machine lacks.
 */
export function step(machine: Machine): void {
  if (machine.returned !== null) return;
  const instruction = machine.next;
  machine.memory.accesses.length = 0;
  machine.slot += instruction.slots;
  machine.steps++;
  execute(machine, instruction);
}

/**
 * Runs a program to its end.
 *
 * @returns What it returned, as an unsigned number of 32 bits.
 * @throws MachineError as `step`, and after a million instructions.
 */
export function run(machine: Machine): number {
  while (machine.returned === null) {
    if (machine.steps === MOST_STEPS) {
      throw new MachineError(
        `Cannot finish ${machine.bytecode.name}: it took ${MOST_STEPS} instructions -> look for a loop without an end`,
      );
    }
    step(machine);
  }
  return machine.returned;
}

function execute(machine: Machine, instruction: Instruction): void {
  const { operation, dst } = instruction;
  const { registers } = machine;
  switch (operation.kind) {
    case "alu":
      registers[dst] = alu(machine, operation, dst);
      break;
    case "swap":
      registers[dst] = swapBytes(registers[dst], operation);
      break;
    case "constant":
      registers[dst] = constant(machine, operation);
      break;
    case "load":
      load(machine, operation, instruction);
      break;
    case "store":
      machine.memory.store(
        addressIn(machine, dst, instruction),
        operation.size,
        read(machine, operation.operand),
      );
      break;
    case "atomic":
      atomic(machine, operation, instruction);
      break;
    case "goto":
      machine.slot = operation.target;
      break;
    case "branch": {
      const { condition, width, operand, target } = operation;
      if (holds(condition, width, registers[dst], read(machine, operand))) machine.slot = target;
      break;
    }
    case "call helper":
      registers[0] = helperOf(operation.helper)(machine, ...registers.subarray(1, 6));
      break;
    case "call function":
      machine.call(operation.target, machine.slot);
      break;
    case "call kernel function":
      throw new MachineError(
        `Cannot call kernel function ${operation.id}: the lab's machine has none -> run the program in the kernel, by runProgram`,
      );
    case "exit":
      machine.exit();
  }
}

/** The second value; a constant of 32 bits keeps its sign in 64. */
function read({ registers }: Machine, operand: Operand): bigint {
  return operand.from === "register" ? registers[operand.register] : BigInt(operand.value);
}

function addressIn({ registers }: Machine, register: number, { offset }: Instruction): bigint {
  return BigInt.asUintN(64, registers[register] + BigInt(offset));
}

function alu(machine: Machine, { op, width, operand, signedBits }: Of<"alu">, dst: number): bigint {
  const right = read(machine, operand);
  if (signedBits !== 0) return extendSign(right, signedBits, width);
  return calculate(op, width, machine.registers[dst], right);
}

function constant({ memory, maps }: Machine, { constant: what }: Of<"constant">): bigint {
  switch (what.refers) {
    case "number":
      return what.value;
    case "map":
      return memory.address(maps[what.map].handle);
    case "map value":
      return maps[what.map].lookup(new Uint8Array(4)) + BigInt(what.offset);
    default:
      throw new MachineError(
        `Cannot load the address of a ${what.refers === "function" ? "function" : "kernel variable"}: the lab's machine has none -> run the program in the kernel, by runProgram`,
      );
  }
}

function load(machine: Machine, { size, signed }: Of<"load">, instruction: Instruction): void {
  const value = machine.memory.load(addressIn(machine, instruction.src, instruction), size);
  machine.registers[instruction.dst] = signed ? extendSign(value, size * 8, 64) : value;
}

function atomic(machine: Machine, operation: Of<"atomic">, instruction: Instruction): void {
  const { registers, memory } = machine;
  const { dst, src } = instruction;
  if (operation.op === "load_acquire") {
    registers[dst] = memory.load(addressIn(machine, src, instruction), operation.size);
    return;
  }
  const address = addressIn(machine, dst, instruction);
  if (operation.op === "store_release") {
    memory.store(address, operation.size, registers[src]);
    return;
  }
  const { fetched, r0 } = changeAtomically(memory, operation, address, registers[src], registers[0]);
  if (fetched !== null) registers[src] = fetched;
  if (r0 !== null) registers[0] = r0;
}
