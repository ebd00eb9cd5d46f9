// C in a cell. What stands between the backticks is compiled and loaded where it stands; the maps that it declares can be
// read and written by name, in the text's own types.
import { type Bytecode, type CValue, readTypes } from "../bpf/index.js";
import type { BpfObject, BpfProgram } from "../sys/index.js";
import { type CText, callerOf, nameOf, writtenAt } from "./c-text.js";
import { bytecodeOfText, compileXdp } from "./compile.js";
import { type MapChange, watchMaps } from "./map-changes.js";
import { firstXdp, loadText, type XdpProgram } from "./program.js";
import { type ProgramRun, runProgram } from "./run.js";
import { type TypedMap, typeMap } from "./typed-map.js";

/** Programs and maps of a C text in a cell, in the kernel until closed. */
export interface CellObject {
  readonly text: string | CText;
  readonly object: BpfObject;
  /** A map by its name in the text. @throws RangeError naming the maps there are */
  map<K extends CValue = CValue, V extends CValue = CValue>(name: string): TypedMap<K, V>;
  /** Takes it all out of the kernel, once no link holds it any more. */
  close(): void;
}

/** What a cell's program made of one packet, and of its maps. */
export interface CellRun extends ProgramRun {
  /** Entries of its maps that this run made, changed or removed; maps of targets (devmap, cpumap, xskmap) hold no values, and are left out. */
  readonly changes: readonly MapChange[];
}

/** An XDP program of a cell: `attachXdp` attaches it, `run` tries it on a packet. */
export interface CellProgram extends XdpProgram, CellObject {
  /** As clang wrote it, with the cell's lines: for `listingTable` and `stepFigure`. */
  readonly bytecode: Bytecode;
  /**
   * Runs it on one packet; nothing is attached. It reads its maps before and after, every entry: `runProgram` does without.
   *
   * @throws RangeError for a packet of less than 14 bytes or more than 3520
   */
  run(packet: Uint8Array): CellRun;
}

type Inserted = string | number | CText;

/**
 * Compiles and loads the C between the backticks, whatever kind of programs are in it. Lines in errors are the cell's.
 *
 * @throws CompileError where clang refuses, VerifierError where the kernel does: nothing of it stays in the kernel then.
 */
export function bpf(parts: TemplateStringsArray, ...values: readonly Inserted[]): CellObject {
  const text = writtenAt(callerOf(bpf), parts, values);
  const object = loadText(text, nameOf(text, ""));
  return { text, object, map: mapOf(text, () => object), close: () => object.close() };
}

/**
 * Compiles and loads the C between the backticks, which has a function under `SEC("xdp")`. Lines in errors are the cell's.
 *
 * @throws CompileError where clang refuses, VerifierError where the kernel does: nothing of it stays in the kernel then.
 */
export function xdp(parts: TemplateStringsArray, ...values: readonly Inserted[]): CellProgram {
  return loadCell(writtenAt(callerOf(xdp), parts, values), "");
}

/** Loads a program with its maps at hand. @param name for errors about a plain text @throws as `xdp` does */
export function loadCell(text: string | CText, name: string): CellProgram {
  const program = firstXdp(loadText(text, nameOf(text, name)));
  return {
    text,
    name: program.name,
    get object(): BpfObject {
      return program.object;
    },
    get program(): BpfProgram {
      return program.program;
    },
    get bytecode(): Bytecode {
      return bytecodeOfText(text);
    },
    map: mapOf(text, () => program.object),
    run(packet): CellRun {
      const { result, changes } = watchMaps(mapsOf(text, program.object), () => runProgram(program, packet));
      return { ...result, changes };
    },
    close: () => program.close(),
  };
}

function mapOf(text: string | CText, object: () => BpfObject): CellObject["map"] {
  const btf = readTypes(compileXdp(text));
  return <K extends CValue, V extends CValue>(name: string): TypedMap<K, V> =>
    typeMap<K, V>(object().map(name), btf);
}

/** The maps that hold values of the program's own. */
function mapsOf(text: string | CText, { maps }: BpfObject): TypedMap[] {
  const btf = readTypes(compileXdp(text));
  return maps.map((raw) => typeMap(raw, btf)).filter(({ holdsValues }) => holdsValues);
}
