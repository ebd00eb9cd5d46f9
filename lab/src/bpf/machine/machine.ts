// The machine that a program runs on, as plain data: eleven registers, the number of the next instruction, the functions
// under way, memory. `step.ts` says what one instruction does to it.
import { seededRandom } from "../../stats/index.js";
import type { Instruction } from "../instruction/instruction.js";
import type { Bytecode } from "../object/bytecode.js";
import type { HelperWorld } from "./helpers/helper.js";
import { MachineError, Memory, type MemoryRegion, STACK_BYTES, type Surroundings } from "./memory.js";
import { ModelMap } from "./model-map.js";
import { PacketBuffer } from "./packet-buffer.js";

/** Registers 0 to 9 are for the program; 10 points behind its stack and never changes within a function. */
export const REGISTERS = 11;
const FRAME_POINTER = 10;
/** Functions within functions. @source include/linux/bpf_verifier.h, MAX_CALL_FRAMES */
const MOST_FRAMES = 8;
const FIRST_SAVED = 6;

/** A function under way. */
interface Frame {
  readonly stack: MemoryRegion;
  /** Slot to go on with when it is done, and registers 6 to 9 to put back. */
  readonly back: { readonly slot: number; readonly saved: readonly bigint[] } | null;
}

/** What a run depends on beside program and packet. */
export interface MachineOptions extends Surroundings {
  /** Seed of the random numbers, 1 unless given. */
  readonly seed?: number;
  /** First contents of global data, by map name, e.g. `.rodata`. */
  readonly initialValues?: Readonly<Record<string, Uint8Array>>;
}

/** A program with its packet. */
export class Machine implements HelperWorld {
  readonly bytecode: Bytecode;
  readonly memory: Memory;
  readonly maps: readonly ModelMap[];
  readonly registers: BigUint64Array = new BigUint64Array(REGISTERS);
  /** Lines that the program printed. */
  readonly printed: string[] = [];
  /** Slot of the next instruction. */
  slot = 0;
  /** Instructions carried out. */
  steps = 0;
  /** What the program returned; null while it runs. */
  returned: number | null = null;
  private readonly bySlot: readonly (Instruction | undefined)[];
  private readonly frames: Frame[] = [];
  private readonly nextRandom: () => number;
  private clock = 0n;

  /** @param packet it is copied */
  constructor(bytecode: Bytecode, packet: Uint8Array, options: MachineOptions = {}) {
    const { seed = 1, initialValues = {} } = options;
    this.bytecode = bytecode;
    this.bySlot = slotsOf(bytecode);
    this.memory = new Memory(new PacketBuffer(packet), options);
    this.maps = bytecode.maps.map(
      (definition) => new ModelMap(this.memory, withData(definition, initialValues)),
    );
    this.nextRandom = seededRandom(seed);
    this.pushFrame(null);
    this.registers[1] = this.memory.address(this.memory.context);
  }

  /** The instruction to come. @throws MachineError where the program has none there */
  get next(): Instruction {
    const instruction = this.bySlot[this.slot];
    if (instruction !== undefined) return instruction;
    throw new MachineError(
      `Cannot go on at slot ${this.slot}: no instruction begins there -> end each way through the program with exit`,
    );
  }

  /** How many functions are under way. */
  get depth(): number {
    return this.frames.length;
  }

  /** Begins a function: fresh stack, and registers 6 to 9 kept for the caller. */
  call(target: number, back: number): void {
    if (this.frames.length === MOST_FRAMES) {
      throw new MachineError(
        `Cannot call at slot ${this.slot}: ${MOST_FRAMES} functions are under way, the most there may be -> call less deeply`,
      );
    }
    this.pushFrame({ slot: back, saved: Array.from(this.registers.subarray(FIRST_SAVED, FRAME_POINTER)) });
    this.slot = target;
  }

  /** Ends a function; the outermost one's end is the program's. */
  exit(): void {
    const { back } = this.frames.pop() as Frame;
    const caller = this.frames.at(-1);
    if (back === null || caller === undefined) {
      this.returned = Number(BigInt.asUintN(32, this.registers[0]));
      return;
    }
    this.slot = back.slot;
    this.registers.set(back.saved, FIRST_SAVED);
    this.registers[FRAME_POINTER] = this.memory.address(caller.stack, STACK_BYTES);
  }

  mapAt(pointer: bigint): ModelMap {
    const map = this.maps.find(({ handle }) => this.memory.address(handle) === pointer);
    if (map !== undefined) return map;
    throw new MachineError(
      `Cannot use 0x${pointer.toString(16)} as a map: it points to none -> pass what \`&map\` of the text gave`,
    );
  }

  clockNs(): bigint {
    this.clock += 1000n;
    return this.clock;
  }

  random(): number {
    return Math.floor(this.nextRandom() * 2 ** 32);
  }

  print(line: string): void {
    this.printed.push(line);
  }

  private pushFrame(back: Frame["back"]): void {
    const name = `stack of function ${this.frames.length}`;
    const stack = this.memory.add("stack", name, new Uint8Array(STACK_BYTES));
    this.frames.push({ stack, back });
    this.registers[FRAME_POINTER] = this.memory.address(stack, STACK_BYTES);
  }
}

const indexed = new WeakMap<Bytecode, (Instruction | undefined)[]>();

function slotsOf(bytecode: Bytecode): (Instruction | undefined)[] {
  const known = indexed.get(bytecode);
  if (known !== undefined) return known;
  const bySlot: (Instruction | undefined)[] = [];
  for (const instruction of bytecode.instructions) bySlot[instruction.slot] = instruction;
  indexed.set(bytecode, bySlot);
  return bySlot;
}

function withData(
  definition: Bytecode["maps"][number],
  initialValues: Readonly<Record<string, Uint8Array>>,
): Bytecode["maps"][number] {
  const data = initialValues[definition.name];
  return data === undefined ? definition : { ...definition, data };
}
