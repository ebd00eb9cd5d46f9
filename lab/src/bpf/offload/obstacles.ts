// Why a card would not run a program: each instruction, each map and the program as a whole are laid beside what the card's
// driver takes. An empty list is no promise: the driver asks its firmware, too, and this does not.
import { helperName } from "../instruction/helper-names.js";
import type { Instruction } from "../instruction/instruction.js";
import type { Bytecode } from "../object/bytecode.js";
import { lineOf } from "../object/line-info.js";
import type { MapDefinition } from "../object/maps.js";
import { type KindState, pointerKinds, stackDepth } from "./pointer-kinds.js";
import type { OffloadProfile } from "./profile.js";

/** What is in the way. */
export type OffloadRule =
  | "helper"
  | "kernel function"
  | "map type"
  | "map flags"
  | "map size"
  | "map write"
  | "atomic"
  | "argument"
  | "instruction"
  | "length"
  | "stack";

/** One reason. */
export interface OffloadObstacle {
  readonly rule: OffloadRule;
  /** In words. */
  readonly what: string;
  /** The instruction; null for a map or the whole program. */
  readonly slot: number | null;
  /** The C line, from 1; null where there is none. */
  readonly line: number | null;
  /** Whether the limit is our assumption about the card's firmware. */
  readonly assumed: boolean;
}

/** `enum bpf_map_type`, of those that programs use. */
const MAP_NAMES: Readonly<Record<number, string>> = {
  1: "hash",
  2: "array",
  3: "program array",
  4: "perf event array",
  5: "per-CPU hash",
  6: "per-CPU array",
  9: "LRU hash",
  10: "LRU per-CPU hash",
  14: "devmap",
  16: "cpumap",
  17: "xskmap",
  25: "devmap hash",
  27: "ring buffer",
};
/** Map calls, and how many of their arguments behind the map are pointers. */
const MAP_CALLS: Readonly<Record<string, number>> = {
  bpf_map_lookup_elem: 1,
  bpf_map_update_elem: 2,
  bpf_map_delete_elem: 1,
};

type Found = Pick<OffloadObstacle, "rule" | "what"> & { readonly assumed?: boolean };

/** Whether an operation came with version 4 of the instruction set, after the driver's table. */
function isNewer({ operation }: Instruction): boolean {
  switch (operation.kind) {
    case "alu":
      return operation.op === "sdiv" || operation.op === "smod" || operation.signedBits !== 0;
    case "swap":
      return operation.order === "bswap";
    case "load":
      return operation.signed;
    case "goto":
      return operation.long;
    default:
      return false;
  }
}

function ofCall(helper: number, { registers }: KindState, profile: OffloadProfile): Found[] {
  const name = helperName(helper);
  const found: Found[] = [];
  if (profile.helpers !== null && !profile.helpers.includes(name.slice("bpf_".length)))
    found.push({ rule: "helper", what: `calls ${name}, which the card does not have` });
  const pointers = profile.argumentsOnStack ? (MAP_CALLS[name] ?? 0) : 0;
  for (let argument = 2; argument < 2 + pointers; argument++) {
    if (registers[argument] === "stack") continue;
    const which = argument === 2 ? "key" : "value";
    found.push({ rule: "argument", what: `${name} gets its ${which} from elsewhere than the stack` });
  }
  return found;
}

function ofInstruction(instruction: Instruction, state: KindState, profile: OffloadProfile): Found[] {
  const { operation, dst } = instruction;
  const toMap = state.registers[dst] === "map value";
  const addsOnly = profile.mapWrites === "atomic add";
  if (!profile.newerInstructions && isNewer(instruction))
    return [{ rule: "instruction", what: "an instruction that is newer than the driver" }];
  switch (operation.kind) {
    case "call helper":
      return ofCall(operation.helper, state, profile);
    case "call kernel function":
      return [{ rule: "kernel function", what: "calls a function of the kernel, which is not on the card" }];
    case "store":
      return addsOnly && toMap
        ? [{ rule: "map write", what: "writes to a map's value in place; the card can only add to it" }]
        : [];
    case "atomic":
      return addsOnly && (operation.op !== "add" || operation.fetch || !toMap)
        ? [{ rule: "atomic", what: `an atomic ${operation.op} that is no plain addition to a map's value` }]
        : [];
    default:
      return [];
  }
}

function ofMap(
  { name, type, keyBytes, valueBytes, maxEntries, data }: MapDefinition,
  profile: OffloadProfile,
): Found[] {
  if (data !== null)
    return profile.mapFlags
      ? []
      : [{ rule: "map flags", what: `${name}: constants and variables are a map with flags to the loader` }];
  if (!profile.mapTypes.includes(type))
    return [{ rule: "map type", what: `map ${name} is of type ${MAP_NAMES[type] ?? type}` }];
  const sizes = [
    ["entries", maxEntries, profile.mapEntries],
    ["bytes of key", keyBytes, profile.keyBytes],
    ["bytes of value", valueBytes, profile.valueBytes],
  ] as const;
  return sizes
    .filter(([, size, { most }]) => size > most)
    .map(([what, size, { most, assumed }]) => ({
      rule: "map size",
      what: `map ${name} has ${size} ${what}; the card takes ${most}`,
      assumed,
    }));
}

function ofProgram({ code, instructions }: Bytecode, profile: OffloadProfile): Found[] {
  const [slots, stack] = [code.length / 8, stackDepth(instructions)];
  const found: Found[] = [];
  if (slots > profile.instructions.most)
    found.push({
      rule: "length",
      what: `${slots} instructions; the card takes ${profile.instructions.most}`,
      assumed: profile.instructions.assumed,
    });
  if (stack > profile.stackBytes.most)
    found.push({
      rule: "stack",
      what: `${stack} bytes of stack; the card has ${profile.stackBytes.most}`,
      assumed: profile.stackBytes.assumed,
    });
  return found;
}

/**
 * Says why a card would refuse a program.
 *
 * @param bytecode from `readBytecode`: nothing is loaded, no card is needed
 * @returns in the order of the program, maps and the whole last; empty where nothing was found
 */
export function offloadObstacles(bytecode: Bytecode, profile: OffloadProfile): OffloadObstacle[] {
  const { instructions, lines, maps } = bytecode;
  const states = pointerKinds(instructions);
  const placed = instructions.flatMap((instruction) => {
    const state = states.get(instruction.slot);
    const line = lineOf(lines, instruction.slot)?.line ?? null;
    return state === undefined
      ? []
      : ofInstruction(instruction, state, profile).map((found) => ({
          assumed: false,
          ...found,
          slot: instruction.slot,
          line,
        }));
  });
  const used = usedMaps(instructions);
  const rest = [
    ...maps.filter((_, i) => used.has(i)).flatMap((map) => ofMap(map, profile)),
    ...ofProgram(bytecode, profile),
  ];
  return [...placed, ...rest.map((found) => ({ assumed: false, ...found, slot: null, line: null }))];
}

/** Numbers of the maps that a program refers to: an object's other maps are not its own. */
function usedMaps(instructions: readonly Instruction[]): Set<number> {
  return new Set(
    instructions.flatMap(({ operation }) =>
      operation.kind === "constant" && "map" in operation.constant ? [operation.constant.map] : [],
    ),
  );
}

/** What a program asks of a card, for a budget. */
export interface OffloadDemand {
  readonly instructions: number;
  readonly stackBytes: number;
  /** Bytes of all entries of its maps, keys and values rounded up to 8. */
  readonly mapBytes: number;
}

/** Adds up what a program asks of a card. */
export function offloadDemand({ code, instructions, maps }: Bytecode): OffloadDemand {
  const used = usedMaps(instructions);
  const round = (bytes: number): number => (bytes + 7) & ~7;
  return {
    instructions: code.length / 8,
    stackBytes: stackDepth(instructions),
    mapBytes: maps
      .filter((_, i) => used.has(i))
      .reduce((sum, map) => sum + map.maxEntries * (round(map.keyBytes) + round(map.valueBytes)), 0),
  };
}
