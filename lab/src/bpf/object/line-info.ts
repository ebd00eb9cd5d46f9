// Which C line an instruction came from: the section .BTF.ext lists, for each stretch of code, the line and its text.
import type { Btf } from "./btf.js";

/** A C line, and the first instruction that was made of it. */
export interface CLine {
  /** Slot from which on instructions belong to the line. */
  readonly slot: number;
  /** Line of its file, from 1. */
  readonly line: number;
  /** The line itself, empty where the object does not hold it. */
  readonly text: string;
  readonly file: string;
}

const INSTRUCTION_BYTES = 8;

/**
 * Reads the lines of each code section.
 *
 * @param section the bytes of `.BTF.ext`
 * @returns lines by the name of their section, in the order of their slots
 * @source Documentation/bpf/btf.rst, "ELF File Format Interface"
 */
export function readLines(section: Uint8Array, btf: Btf): ReadonlyMap<string, readonly CLine[]> {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  const header = u32(4);
  const start = header + u32(16);
  const end = start + u32(20);
  const bySection = new Map<string, CLine[]>();
  if (end === start) return bySection;
  const recordBytes = u32(start);
  for (let at = start + 4; at < end; ) {
    const count = u32(at + 4);
    const lines = Array.from({ length: count }, (_, i) => {
      const record = at + 8 + i * recordBytes;
      return {
        slot: u32(record) / INSTRUCTION_BYTES,
        file: btf.text(u32(record + 4)),
        text: btf.text(u32(record + 8)).trim(),
        line: u32(record + 12) >>> 10,
      };
    });
    // Line 0 stands for code that clang made for no line of its own: it stays with the line before.
    bySection.set(
      btf.text(u32(at)),
      lines.filter(({ line }) => line > 0),
    );
    at += 8 + count * recordBytes;
  }
  return bySection;
}

/** The line that an instruction came from: the last one that begins at or before its slot. */
export function lineOf(lines: readonly CLine[], slot: number): CLine | null {
  return lines.findLast((line) => line.slot <= slot) ?? null;
}
