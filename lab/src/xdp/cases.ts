// What a program should do, as a table: a packet a row, and beside it the verdict, and the bytes and the map entries that it
// should leave. Rows are played in order on the same maps, so that a program with a memory can be asked, too.
import { describeChange, type ExpectedChange, type MapChange } from "./map-changes.js";
import type { XdpProgram } from "./program.js";
import { isRunnable, type ProgramRun, runProgram } from "./run.js";
import type { CellProgram, CellRun } from "./template.js";
import type { XdpVerdict } from "./verdict.js";

/** A packet and what is right for it. What is left out is not judged. */
export interface ProgramCase {
  readonly name: string;
  readonly packet: Uint8Array;
  /** null: the kernel runs no program on it. */
  readonly verdict: XdpVerdict | null;
  /** The packet as it should be afterwards; `as it came` for one that nobody may touch. */
  readonly bytes?: Uint8Array | "as it came";
  /** All changes of all maps, in any order. Maps are read only for cases that say so. */
  readonly changes?: readonly ExpectedChange[];
}

/** What became of a case. */
export interface CaseResult {
  readonly case: ProgramCase;
  /** null where the kernel runs no program on the packet. `changes` is empty where the case asks for none. */
  readonly run: CellRun | null;
  /** What is wrong, in words: `answered DROP`; null where all is right. */
  readonly wrong: string | null;
}

/**
 * Plays cases in order on a program's own maps, and judges each.
 *
 * @throws TypeError for a case that expects map changes of a program that was not loaded from a C text: its maps have no types
 */
export function runCases(program: XdpProgram | CellProgram, cases: readonly ProgramCase[]): CaseResult[] {
  return cases.map((each) => {
    const run = isRunnable(each.packet) ? runOf(program, each) : null;
    return { case: each, run, wrong: judge(each, run) };
  });
}

function runOf(program: XdpProgram | CellProgram, { name, packet, changes }: ProgramCase): CellRun {
  if (changes === undefined) return { ...runProgram(program, packet), changes: [] };
  if ("run" in program) return program.run(packet);
  throw new TypeError(
    `Cannot play case ${name}: maps of ${program.name} have no types here -> load it by xdp or tryXdp`,
  );
}

function judge(expected: ProgramCase, run: CellRun | null): string | null {
  const verdict = run?.verdict ?? null;
  if (verdict !== expected.verdict) return verdict === null ? "was not run" : `answered ${verdict}`;
  if (run === null) return null;
  return wrongByte(expected, run) ?? wrongChange(expected.changes, run.changes);
}

function wrongByte({ packet, bytes }: ProgramCase, run: ProgramRun): string | null {
  if (bytes === undefined) return null;
  const right = bytes === "as it came" ? packet : bytes;
  if (run.bytes.length !== right.length) return `left ${run.bytes.length} bytes, not ${right.length}`;
  const at = right.findIndex((byte, i) => byte !== run.bytes[i]);
  return at < 0 ? null : `left ${run.bytes[at]} in byte ${at}, not ${right[at]}`;
}

function wrongChange(
  expected: readonly ExpectedChange[] | undefined,
  changes: readonly MapChange[],
): string | null {
  if (expected === undefined) return null;
  const done = changes.map((change) => ({ change, words: describeChange(change), asked: false }));
  for (const each of expected) {
    const found = done.find(
      ({ change, words }) => words === describeChange({ before: change.before, ...each }),
    );
    if (found === undefined) return `did not change ${describeChange(each)}`;
    found.asked = true;
  }
  const more = done.find(({ asked }) => !asked);
  return more === undefined ? null : `changed ${more.words}, which nobody asked for`;
}
