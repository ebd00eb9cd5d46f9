// Where a register points, as the lab works it out for a card (`pointerKinds`), against what the kernel's verifier writes down
// on its walk through the same program. The log tells of each instruction which registers it changed, on each path by itself;
// the lab tells of each instruction what all its paths agree on. So a slot's registers are gathered from all walks first.
import { type Instruction, type PointerKind, pointerKinds, readBytecode } from "ringside/bpf";
import { describe, expect, test } from "vitest";
import { courseXdpPrograms, isBare, verifierWalk } from "./course-xdp-programs.js";

// By how a state begins in the log. Where the two differ, and why neither is wrong:
// - The verifier tells the packet's end and its metadata from the packet. A card's driver does not ask.
// - Behind a comparison with NULL it knows that a map's value is not there, a 0; for the lab the register keeps its kind.
// - What lies in an XSKMAP it calls a socket; for the lab it is a map's value like any other.
// - It does not walk on where nobody reads what differs. So the lab may know of a path that brings another kind, and say
//   `other`; never in a register by which the instruction itself reaches for memory.
const NULL = "NULL";
const KINDS: readonly (readonly [RegExp, PointerKind | typeof NULL])[] = [
  [/^pkt/, "packet"],
  [/^ctx/, "context"],
  [/^fp/, "stack"],
  [/^map_ptr/, "map"],
  [/^map_value|^xdp_sock/, "map value"],
  [/^P?0$/, NULL],
];
type SeenKind = PointerKind | typeof NULL;
const kindOf = (state: string): SeenKind => KINDS.find(([pattern]) => pattern.test(state))?.[1] ?? "other";

const STATE = /\bR(\d+)(?:_\w+)?=(\w*)/g;
const WALKED = /^(\d+): \(([0-9a-f]{2})\)/;
const PATH = /^(?:from \d+ to )?(\d+): R\d/;
const CALL = "85";

/** Of each slot and register, every kind that some walk found there. */
function gather(log: string): Map<string, Set<SeenKind>> {
  const seen = new Map<string, Set<SeenKind>>();
  let now = new Map<number, SeenKind>();
  for (const line of log.split("\n")) {
    if (PATH.test(line)) now = new Map();
    const [, slot, opcode] = WALKED.exec(line) ?? [];
    if (slot !== undefined) {
      for (const [register, kind] of now) {
        const at = `${slot} r${register}`;
        seen.set(at, (seen.get(at) ?? new Set()).add(kind));
      }
      if (opcode === CALL) for (const register of [0, 1, 2, 3, 4, 5]) now.delete(register);
    }
    if (slot === undefined && !PATH.test(line)) continue;
    for (const [, register, state] of line.matchAll(STATE)) now.set(Number(register), kindOf(state!));
  }
  return seen;
}

/** The register by which an instruction reaches for memory; null where it does not. */
function addressOf({ operation, dst, src }: Instruction): number | null {
  if (operation.kind === "load") return src;
  return operation.kind === "store" || operation.kind === "atomic" ? dst : null;
}

/** Kinds that the lab may give a register of which the verifier saw these. */
function allowed(seen: ReadonlySet<SeenKind>, isAddress: boolean): readonly PointerKind[] {
  const kinds = [...seen].filter((kind): kind is PointerKind => kind !== NULL);
  if (kinds.length > 1) return ["other"];
  if (isAddress) return kinds;
  return [...(kinds.length === 0 ? (["map value"] as const) : kinds), "other"];
}

const programs = (await courseXdpPrograms()).filter(isBare);
const compared = { addresses: 0, pointers: 0, lost: 0 };

describe("pointer kinds", () => {
  test.each(programs)("of $name are the verifier's, at every instruction that it walked", ({ elf }) => {
    const bytecode = readBytecode(elf);
    const ours = pointerKinds(bytecode.instructions);
    const theirs = gather(verifierWalk(bytecode));
    for (const instruction of bytecode.instructions) {
      const { slot } = instruction;
      for (let register = 0; register <= 10; register++) {
        const seen = theirs.get(`${slot} r${register}`);
        if (seen === undefined) continue;
        const isAddress = addressOf(instruction) === register;
        const kind = ours.get(slot)!.registers[register]!;
        expect(allowed(seen, isAddress), `r${register} before instruction ${slot}`).toContain(kind);
        if (isAddress) compared.addresses++;
        if (kind !== "other") compared.pointers++;
        else if (!seen.has("other") && !seen.has(NULL) && seen.size === 1) compared.lost++;
      }
    }
  });

  test("were compared where there are pointers, and hardly ever lost one", () => {
    console.log(compared);
    expect(compared.addresses).toBeGreaterThan(programs.length * 10);
    expect(compared.lost).toBeLessThan(compared.pointers / 20);
  });
});
