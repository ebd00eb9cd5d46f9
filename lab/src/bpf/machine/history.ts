// Forward is one step. Back is: begin again, and stop one step earlier. The machine gives the same answers each time, so
// nothing has to be undone, and nothing can be undone wrongly.
import { printInstruction } from "../instruction/print.js";
import { registersLost, registersWritten } from "../instruction/registers.js";
import type { Bytecode } from "../object/bytecode.js";
import { type CLine, lineOf } from "../object/line-info.js";
import { mapNames } from "../object/listing.js";
import { Machine, type MachineOptions } from "./machine.js";
import type { MemoryAccess } from "./memory.js";
import { step } from "./step.js";

/** A register that an instruction wrote. */
export interface WrittenRegister {
  readonly register: number;
  readonly value: bigint;
  /** The value in words where it is an address (`packet+14`, `fp-8`), else the number. */
  readonly text: string;
}

/** One instruction and what it did. */
export interface ProgramStep {
  /** From 0. */
  readonly number: number;
  readonly slot: number;
  /** The instruction as the verifier prints it. */
  readonly text: string;
  readonly line: CLine | null;
  /** Functions under way, 1 for the program itself. */
  readonly depth: number;
  readonly written: readonly WrittenRegister[];
  /** Registers whose value is worth nothing any more. */
  readonly lost: readonly number[];
  readonly accesses: readonly MemoryAccess[];
  /** A branch that was taken, or not; null for what is no branch. */
  readonly taken: boolean | null;
}

/** A program that can be stepped both ways. */
export class Stepper {
  private readonly begin: () => Machine;
  private now: Machine;

  constructor(bytecode: Bytecode, packet: Uint8Array, options: MachineOptions = {}) {
    this.begin = () => new Machine(bytecode, packet, options);
    this.now = this.begin();
  }

  /** The machine as it is: registers, memory, the next instruction. Do not step it by hand. */
  get machine(): Machine {
    return this.now;
  }

  /** Steps taken so far. */
  get position(): number {
    return this.now.steps;
  }

  /** Takes one step. @returns What it did; null once the program has returned. @throws MachineError as `step` */
  forward(): ProgramStep | null {
    return this.now.returned === null ? stepAndTell(this.now) : null;
  }

  /** Takes the last step back. @returns False at the beginning. */
  back(): boolean {
    if (this.position === 0) return false;
    this.goTo(this.position - 1);
    return true;
  }

  /** Goes to where a number of steps has been taken, or to the program's end if that comes first. */
  goTo(position: number): void {
    if (position < this.position) this.now = this.begin();
    while (this.position < position && this.now.returned === null) step(this.now);
  }
}

/** A whole run: every step, and the end. */
export interface ProgramTrace {
  readonly steps: readonly ProgramStep[];
  readonly returned: number;
  /** Bytes of the packet that were read or written, in order, counted from its first byte at that time. */
  readonly touched: readonly number[];
  /** The packet as the program left it. */
  readonly bytes: Uint8Array;
}

/** Runs a program and keeps every step. @throws MachineError as `step` */
export function traceProgram(
  bytecode: Bytecode,
  packet: Uint8Array,
  options: MachineOptions = {},
): ProgramTrace {
  const stepper = new Stepper(bytecode, packet, options);
  const steps: ProgramStep[] = [];
  for (let each = stepper.forward(); each !== null; each = stepper.forward()) steps.push(each);
  const touched = new Set(steps.flatMap(packetBytesOf));
  const { returned, memory } = stepper.machine;
  return {
    steps,
    returned: returned ?? 0,
    touched: [...touched].sort((a, b) => a - b),
    bytes: memory.packet.bytes(),
  };
}

/** Which bytes of the packet a step read or wrote. */
export function packetBytesOf({ accesses }: ProgramStep): number[] {
  return accesses
    .filter(({ region }) => region.kind === "packet")
    .flatMap(({ offset, sizeBytes }) => Array.from({ length: sizeBytes }, (_, i) => offset + i));
}

function stepAndTell(machine: Machine): ProgramStep {
  const { bytecode, memory, registers } = machine;
  const instruction = machine.next;
  const [number, depth] = [machine.steps, machine.depth];
  step(machine);
  const tell = (register: number): WrittenRegister => {
    const value = registers[register];
    return { register, value, text: memory.describe(value) ?? numberText(value) };
  };
  return {
    number,
    slot: instruction.slot,
    text: printInstruction(instruction, mapNames(bytecode)),
    line: lineOf(bytecode.lines, instruction.slot),
    depth,
    written: registersWritten(instruction, depth).map(tell),
    lost: registersLost(instruction, depth),
    accesses: memory.accesses.slice(),
    taken:
      instruction.operation.kind === "branch" ? machine.slot !== instruction.slot + instruction.slots : null,
  };
}

/** A number in decimal; in hexadecimal too where that says more. */
function numberText(value: bigint): string {
  const signed = BigInt.asIntN(64, value);
  if (signed > -256n && signed < 256n) return String(signed);
  return `0x${value.toString(16)}`;
}
