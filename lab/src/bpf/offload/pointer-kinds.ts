// Where does each register point, at each instruction? A card's driver asks that of the kernel's verifier. Here it is worked out
// from the bytecode alone: begin with what is known at the entry, follow every path, and where two paths meet keep what both
// agree on. Values and bounds, which are most of the verifier's work, are of no interest.
import { helperName } from "../instruction/helper-names.js";
import type { Instruction } from "../instruction/instruction.js";

/** What a register holds, as far as it matters to a card. */
export type PointerKind = "context" | "packet" | "stack" | "map" | "map value" | "other";

/** The registers before one instruction, and what was spilled to the stack by its offset. */
export interface KindState {
  readonly registers: readonly PointerKind[];
  readonly spilled: ReadonlyMap<number, PointerKind>;
}

const REGISTERS = 11;
const FRAME = 10;
/** Members of struct xdp_md that are pointers: data, data_end, data_meta. */
const PACKET_MEMBERS: readonly number[] = [0, 4, 8];

const ENTRY: KindState = {
  registers: Array.from({ length: REGISTERS }, (_, i) =>
    i === 1 ? "context" : i === FRAME ? "stack" : "other",
  ),
  spilled: new Map(),
};

function set(state: KindState, register: number, kind: PointerKind): KindState {
  return { ...state, registers: state.registers.map((old, i) => (i === register ? kind : old)) };
}

/** What a call leaves: its result, no arguments. */
function called(state: KindState, result: PointerKind): KindState {
  return {
    ...state,
    registers: state.registers.map((old, i) => (i === 0 ? result : i <= 5 ? "other" : old)),
  };
}

function spill(state: KindState, offset: number, kind: PointerKind): KindState {
  return { ...state, spilled: new Map(state.spilled).set(offset, kind) };
}

/** The state behind an instruction that goes on to the next. */
function after(state: KindState, { operation, dst, src, offset }: Instruction): KindState {
  const { registers } = state;
  switch (operation.kind) {
    case "alu":
      return set(state, dst, computed(registers, dst, operation));
    case "constant": {
      const { refers } = operation.constant;
      return set(state, dst, refers === "map" || refers === "map value" ? refers : "other");
    }
    case "load": {
      if (registers[src] === "context")
        return set(state, dst, PACKET_MEMBERS.includes(offset) ? "packet" : "other");
      const kept = registers[src] === "stack" && operation.size === 8 ? state.spilled.get(offset) : undefined;
      return set(state, dst, kept ?? "other");
    }
    case "store": {
      const { operand } = operation;
      if (registers[dst] !== "stack") return state;
      const whole = operation.size === 8 && operand.from === "register";
      return spill(state, offset, whole ? registers[operand.register]! : "other");
    }
    case "call helper":
      return called(state, helperName(operation.helper) === "bpf_map_lookup_elem" ? "map value" : "other");
    case "call function":
    case "call kernel function":
      return called(state, "other");
    case "atomic":
      return operation.fetch ? set(state, src, "other") : state;
    case "swap":
      return set(state, dst, "other");
    default:
      return state;
  }
}

/** A pointer stays one when a number is added or taken away; everything else makes a number. */
function computed(
  registers: readonly PointerKind[],
  dst: number,
  { op, width, operand }: Extract<Instruction["operation"], { kind: "alu" }>,
): PointerKind {
  const given = operand.from === "register" ? registers[operand.register]! : "other";
  if (width !== 64) return "other";
  if (op === "mov") return given;
  if (op === "add") return registers[dst] === "other" ? given : registers[dst]!;
  return op === "sub" && given === "other" ? registers[dst]! : "other";
}

/** Where control may go from an instruction, and with what. */
function successors(state: KindState, instruction: Instruction): [slot: number, state: KindState][] {
  const { operation, slot, slots } = instruction;
  const next = slot + slots;
  switch (operation.kind) {
    case "exit":
      return [];
    case "goto":
      return [[operation.target, state]];
    case "branch":
      return [
        [operation.target, state],
        [next, state],
      ];
    case "call function":
      return [
        [operation.target, { registers: set(state, 0, "other").registers, spilled: new Map() }],
        [next, after(state, instruction)],
      ];
    default:
      return [[next, after(state, instruction)]];
  }
}

/** What two paths agree on; null where the first already said no more than that. */
function join(known: KindState, other: KindState): KindState | null {
  let changed = false;
  const agree = (a: PointerKind, b: PointerKind): PointerKind => {
    if (a === b) return a;
    changed ||= a !== "other";
    return "other";
  };
  const registers = known.registers.map((kind, i) => agree(kind, other.registers[i]!));
  const spilled = new Map(
    [...known.spilled].map(([at, kind]) => [at, agree(kind, other.spilled.get(at) ?? "other")]),
  );
  return changed ? { registers, spilled } : null;
}

/** What the registers point to before each instruction that can be reached, by its slot. */
export function pointerKinds(instructions: readonly Instruction[]): ReadonlyMap<number, KindState> {
  const bySlot = new Map(instructions.map((each) => [each.slot, each]));
  const states = new Map<number, KindState>();
  const waiting: [number, KindState][] = [[0, ENTRY]];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const [slot, state] = entry;
    const instruction = bySlot.get(slot);
    if (instruction === undefined) continue;
    const known = states.get(slot);
    const joined = known === undefined ? state : join(known, state);
    if (joined === null) continue;
    states.set(slot, joined);
    waiting.push(...successors(joined, instruction));
  }
  return states;
}

/** Bytes of stack that a program reaches for, of any of its functions. */
export function stackDepth(instructions: readonly Instruction[]): number {
  const states = pointerKinds(instructions);
  let depth = 0;
  for (const { slot, operation, dst, src, offset } of instructions) {
    const kinds = states.get(slot)?.registers;
    if (kinds === undefined) continue;
    const isThere = operation.kind === "load" ? kinds[src] === "stack" : kinds[dst] === "stack";
    if (!isThere) continue;
    if (operation.kind === "load" || operation.kind === "store" || operation.kind === "atomic")
      depth = Math.max(depth, -offset);
    if (operation.kind === "alu" && operation.op === "add" && operation.operand.from === "constant")
      depth = Math.max(depth, -operation.operand.value);
  }
  return depth;
}
