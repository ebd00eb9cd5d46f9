// clang writes an object file in the ELF format: named sections of bytes, a list of symbols, and notes that say where an
// address or a number is still missing. This reads those three lists and nothing else.

/** A named run of bytes. */
export interface Section {
  readonly name: string;
  /** Empty for one that is only room, such as `.bss`. */
  readonly bytes: Uint8Array;
  /** Its length in memory: more than `bytes` has for `.bss`. */
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/** A name for a place in a section. */
export interface ElfSymbol {
  readonly name: string;
  /** Index of its section. */
  readonly section: number;
  /** Offset in that section. */
  readonly value: number;
  readonly sizeBytes: number;
  /** 2 a function, 3 a section itself. */
  readonly type: number;
}

/** A place in a section that waits for a symbol's address. */
export interface Relocation {
  readonly offset: number;
  readonly symbol: ElfSymbol;
}

/** An object file, read. */
export interface ElfObject {
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];
  /** What waits in a section, by the section's index. */
  readonly relocations: ReadonlyMap<number, readonly Relocation[]>;
}

const MACHINE_BPF = 247;
const TYPE = { nobits: 8, rel: 9, symtab: 2 } as const;
const FLAG_EXECUTABLE = 4;
const SYMBOL_BYTES = 24;
const RELOCATION_BYTES = 16;

interface RawSection {
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly link: number;
  readonly info: number;
}

/**
 * Reads an ELF object for BPF, little end first.
 *
 * @throws RangeError for bytes that are none.
 * @source elf(5); psABI for BPF, machine 247
 */
export function readElf(file: Uint8Array): ElfObject {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || view.getUint16(18, true) !== MACHINE_BPF) {
    throw new RangeError(
      `Cannot read ${file.length} bytes as a BPF object: they do not begin like one -> compile with clang -target bpf`,
    );
  }
  const start = Number(view.getBigUint64(40, true));
  const raw = Array.from({ length: view.getUint16(60, true) }, (_, i) =>
    readHeader(view, start + i * view.getUint16(58, true)),
  );
  const bytesOf = (each: RawSection): Uint8Array =>
    each.type === TYPE.nobits ? new Uint8Array(0) : file.subarray(each.offset, each.offset + each.sizeBytes);
  const names = bytesOf(raw[view.getUint16(62, true)]);
  const sections = raw.map((each) => ({
    name: textAt(names, each.nameOffset),
    bytes: bytesOf(each),
    sizeBytes: each.sizeBytes,
    executable: (each.flags & FLAG_EXECUTABLE) !== 0,
  }));
  const table = raw.findIndex(({ type }) => type === TYPE.symtab);
  const symbols = table < 0 ? [] : readSymbols(sections[table].bytes, sections[raw[table].link].bytes);
  const relocations = new Map(
    raw.flatMap((each, i) =>
      each.type === TYPE.rel ? [[each.info, readRelocations(sections[i].bytes, symbols)] as const] : [],
    ),
  );
  return { sections, symbols, relocations };
}

function readHeader(view: DataView, at: number): RawSection {
  return {
    nameOffset: view.getUint32(at, true),
    type: view.getUint32(at + 4, true),
    flags: Number(view.getBigUint64(at + 8, true)),
    offset: Number(view.getBigUint64(at + 24, true)),
    sizeBytes: Number(view.getBigUint64(at + 32, true)),
    link: view.getUint32(at + 40, true),
    info: view.getUint32(at + 44, true),
  };
}

function readSymbols(bytes: Uint8Array, names: Uint8Array): ElfSymbol[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / SYMBOL_BYTES) }, (_, i) => {
    const at = i * SYMBOL_BYTES;
    return {
      name: textAt(names, view.getUint32(at, true)),
      type: view.getUint8(at + 4) & 15,
      section: view.getUint16(at + 6, true),
      value: Number(view.getBigUint64(at + 8, true)),
      sizeBytes: Number(view.getBigUint64(at + 16, true)),
    };
  });
}

function readRelocations(bytes: Uint8Array, symbols: readonly ElfSymbol[]): Relocation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / RELOCATION_BYTES) }, (_, i) => ({
    offset: Number(view.getBigUint64(i * RELOCATION_BYTES, true)),
    symbol: symbols[view.getUint32(i * RELOCATION_BYTES + 12, true)],
  }));
}

/** The text that starts at an offset and ends before the next zero byte. */
export function textAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return new TextDecoder().decode(bytes.slice(offset, end < 0 ? bytes.length : end));
}
