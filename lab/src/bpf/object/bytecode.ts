// An object file holds pieces: the program, functions beside it, maps, data. Here they are put together as the loader
// does before it asks the kernel: functions are appended, calls and maps get their numbers, lines their slots.

import { decodeProgram } from "../instruction/decode.js";
import { PSEUDO } from "../instruction/decode-constant.js";
import { INSTRUCTION_BYTES, readFields, writeFields } from "../instruction/fields.js";
import type { Instruction } from "../instruction/instruction.js";
import { type Btf, readBtf } from "./btf.js";
import { type ElfObject, type ElfSymbol, readElf } from "./elf.js";
import { type CLine, readLines } from "./line-info.js";
import { dataMap, type MapDefinition, readMaps } from "./maps.js";

/** A program as the kernel would be handed it, and what the C text says of it. */
export interface Bytecode {
  readonly name: string;
  /** The section it stood in: `xdp`. */
  readonly section: string;
  readonly code: Uint8Array;
  readonly instructions: readonly Instruction[];
  /** By the number that the instructions use. */
  readonly maps: readonly MapDefinition[];
  /** In the order of their slots; empty without line info. */
  readonly lines: readonly CLine[];
  /** Where each function begins; the program itself is the first. */
  readonly functions: readonly { readonly slot: number; readonly name: string }[];
  readonly btf: Btf | null;
}

const FUNCTION = 2;
const NO_TYPES: readonly MapDefinition[] = [];

/** A function, cut from its section. */
interface Piece {
  readonly symbol: ElfSymbol;
  /** Slot where it begins in the linked program. */
  readonly start: number;
}

/**
 * Reads a program from an object file.
 *
 * @param elf what `clang -target bpf -g -O2` wrote
 * @param name of the function; the first one in a section `xdp...` unless given
 * @throws RangeError for other bytes, or where there is no such function.
 */
export function readBytecode(elf: Uint8Array, name?: string): Bytecode {
  const object = readElf(elf);
  const entry = findEntry(object, name);
  const section = object.sections[entry.section].name;
  const bytesOf = (wanted: string): Uint8Array | undefined =>
    object.sections.find((each) => each.name === wanted)?.bytes;
  const types = bytesOf(".BTF");
  const btf = types === undefined ? null : readBtf(types);
  const maps = [...(btf === null ? NO_TYPES : readMaps(btf)), ...dataSections(object)];
  const { code, pieces } = link(object, entry, maps);
  const extended = bytesOf(".BTF.ext");
  const lines =
    btf === null || extended === undefined ? [] : placeLines(object, pieces, readLines(extended, btf));
  const functions = pieces.map(({ start, symbol }) => ({ slot: start, name: symbol.name }));
  return { name: entry.name, section, code, instructions: decodeProgram(code), maps, lines, functions, btf };
}

/** What an object says of its types; null where it was compiled without. @throws RangeError for bytes that are no object */
export function readTypes(elf: Uint8Array): Btf | null {
  const section = readElf(elf).sections.find(({ name }) => name === ".BTF");
  return section === undefined ? null : readBtf(section.bytes);
}

function findEntry({ symbols, sections }: ElfObject, name: string | undefined): ElfSymbol {
  const functions = symbols.filter(({ type, section }) => type === FUNCTION && sections[section]?.executable);
  const entry = functions.find((symbol) =>
    name === undefined ? sections[symbol.section].name.startsWith("xdp") : symbol.name === name,
  );
  if (entry !== undefined) return entry;
  const names = functions.map((symbol) => symbol.name).join(", ") || "none";
  throw new RangeError(
    `Cannot find ${name ?? 'a function with SEC("xdp")'}: the object has ${names} -> name one`,
  );
}

function dataSections({ sections }: ElfObject): MapDefinition[] {
  return sections
    .filter(({ name }) => /^\.(rodata|data|bss)/.test(name))
    .map(({ name, bytes, sizeBytes }) =>
      dataMap(name, bytes.length > 0 ? bytes.slice() : new Uint8Array(sizeBytes)),
    );
}

/** Puts the program and all that it calls one behind the other. */
function link(
  object: ElfObject,
  entry: ElfSymbol,
  maps: readonly MapDefinition[],
): { code: Uint8Array; pieces: readonly Piece[] } {
  const pieces: Piece[] = [{ symbol: entry, start: 0 }];
  let slots = entry.sizeBytes / INSTRUCTION_BYTES;
  const place = (symbol: ElfSymbol): number => {
    const known = pieces.find((piece) => piece.symbol === symbol);
    if (known !== undefined) return known.start;
    pieces.push({ symbol, start: slots });
    slots += symbol.sizeBytes / INSTRUCTION_BYTES;
    return slots - symbol.sizeBytes / INSTRUCTION_BYTES;
  };
  const linked: Uint8Array[] = [];
  for (const piece of pieces) linked.push(linkPiece(object, piece, maps, place));
  const code = new Uint8Array(slots * INSTRUCTION_BYTES);
  pieces.forEach((piece, i) => {
    code.set(linked[i], piece.start * INSTRUCTION_BYTES);
  });
  return { code, pieces };
}

/** One function's code with its calls and maps filled in. @param place where a called function begins */
function linkPiece(
  object: ElfObject,
  { symbol, start }: Piece,
  maps: readonly MapDefinition[],
  place: (symbol: ElfSymbol) => number,
): Uint8Array {
  const section = object.sections[symbol.section].bytes;
  // A copy, whatever kind of bytes they are: a Buffer's `slice` is none.
  const code = new Uint8Array(section.subarray(symbol.value, symbol.value + symbol.sizeBytes));
  const waiting = new Map(
    (object.relocations.get(symbol.section) ?? []).map((each) => [each.offset, each.symbol]),
  );
  for (let slot = 0; slot < code.length / INSTRUCTION_BYTES; slot++) {
    const fields = readFields(code, slot);
    const wanted = waiting.get(symbol.value + slot * INSTRUCTION_BYTES);
    if (fields.opcode === 0x85 && fields.src === 1) {
      const called = calledFunction(object, symbol, slot, fields.imm, wanted);
      writeFields(code, slot, { ...fields, imm: place(called) - (start + slot + 1) });
    } else if (wanted !== undefined && fields.opcode === 0x18) {
      linkConstant(object, code, slot, wanted, maps);
    }
  }
  return code;
}

/** A call counts slots within its section, or from the symbol that it names. */
function calledFunction(
  { symbols, sections }: ElfObject,
  caller: ElfSymbol,
  slot: number,
  imm: number,
  wanted: ElfSymbol | undefined,
): ElfSymbol {
  const section = wanted?.section ?? caller.section;
  const base = wanted === undefined ? caller.value + slot * INSTRUCTION_BYTES : wanted.value;
  const value = base + (imm + 1) * INSTRUCTION_BYTES;
  const found = symbols.find(
    (each) => each.type === FUNCTION && each.section === section && each.value === value,
  );
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot link ${caller.name}: it calls byte ${value} of ${sections[section].name}, and no function begins there -> compile it again`,
  );
}

function linkConstant(
  { sections }: ElfObject,
  code: Uint8Array,
  slot: number,
  wanted: ElfSymbol,
  maps: readonly MapDefinition[],
): void {
  const fields = readFields(code, slot);
  const home = sections[wanted.section].name;
  const isMap = home === ".maps";
  const map = maps.findIndex(({ name }) => name === (isMap ? wanted.name : home));
  if (map < 0) {
    throw new RangeError(
      `Cannot link ${wanted.name}: the object does not define it -> define it in the text`,
    );
  }
  writeFields(code, slot, { ...fields, src: isMap ? PSEUDO.mapFd : PSEUDO.mapValue, imm: map });
  const offset = isMap ? 0 : wanted.value + fields.imm;
  writeFields(code, slot + 1, { opcode: 0, dst: 0, src: 0, offset: 0, imm: offset });
}

function placeLines(
  { sections }: ElfObject,
  pieces: readonly Piece[],
  bySection: ReadonlyMap<string, readonly CLine[]>,
): CLine[] {
  return pieces.flatMap(({ symbol, start }) => {
    const first = symbol.value / INSTRUCTION_BYTES;
    const behind = first + symbol.sizeBytes / INSTRUCTION_BYTES;
    return (bySection.get(sections[symbol.section].name) ?? [])
      .filter(({ slot }) => slot >= first && slot < behind)
      .map((line) => ({ ...line, slot: line.slot - first + start }));
  });
}
