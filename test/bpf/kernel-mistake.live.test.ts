// One mistake of the verifier, found by the comparison with the lab's machine, in as few instructions as it takes. A number is
// put on the stack, one of two, by the packet's first byte; an atomic instruction fetches it, and a branch asks which it was.
// Where the verifier decides such a branch, it must remember that it relied on the number: on the register's, and through the
// instruction that fetched it on the stack's. Kernels with the mistake take the fetch for a store and forget the stack. Then
// the other number looks like the same state, its path is never walked, and the branch that would lead there is removed.
//
// @source kernel/bpf/verifier.c, backtrack_insn: older kernels take STX of any kind for a store, newer ones an atomic fetch for a load.
// That v6.18 is one of the older is inferred from what it answers here.
import { type Bytecode, decodeProgram, Machine, runMachine } from "ringside/bpf";
import { loadInstructions, TestRun } from "ringside/sys";
import { describe, expect, test } from "vitest";
import { alu, assemble, atomic, branch, exit, load, mov, store } from "./assemble.js";

const FETCH_ADD = 0x01;
const [FP, LONG_ENOUGH] = [10, 14];
const FOUND = { one: 1, zero: 2 };

/** Slot of the answer for 0, which one of the two paths has to reach. */
const ZERO_AT = 15;
const CODE = assemble([
  load(4, 2, 1, 0), // the packet
  load(4, 3, 1, 4), // its end
  mov(4, { reg: 2 }),
  alu(64, "add", 4, LONG_ENOUGH),
  mov(0, 0),
  branch(64, "gt", 4, { reg: 3 }, 8),
  load(1, 5, 2, 0), // its first byte
  store(8, FP, -8, 0),
  branch(64, "eq", 5, 0, 1),
  store(8, FP, -8, 1),
  mov(1, 0),
  atomic(8, FETCH_ADD, FP, -8, 1), // r1 is now 0 or 1, as the stack was
  branch(64, "eq", 1, 0, 2),
  mov(0, FOUND.one),
  exit(),
  mov(0, FOUND.zero),
  exit(),
]);

const bytecode: Bytecode = {
  name: "fetches",
  code: CODE,
  instructions: decodeProgram(CODE),
  section: "xdp",
  maps: [],
  lines: [],
  functions: [],
  btf: null,
};
const packetOf = (first: number): Uint8Array => Uint8Array.of(first, ...new Uint8Array(13));

describe("a number that an atomic instruction fetched from the stack", () => {
  test("decides the branch in the lab's machine as the instruction set says", () => {
    const answers = [0, 1].map((first) => runMachine(new Machine(bytecode, packetOf(first))));
    expect(answers).toEqual([FOUND.zero, FOUND.one]);
  });

  test("decides it in the kernel only if the verifier has walked both ways", () => {
    const program = loadInstructions(CODE, { logLevel: 2 });
    const run = new TestRun(program.fd, packetOf(0));
    try {
      const walked = new RegExp(`^${ZERO_AT}: \\(b7\\)`, "m").test(program.log);
      const answers = [0, 1].map((first) => {
        run.packet = packetOf(first);
        return run.run().returned;
      });
      expect(answers).toEqual([walked ? FOUND.zero : FOUND.one, FOUND.one]);
      console.log(
        walked ? "this kernel has the mistake mended" : "this kernel has the mistake: 0 is taken for 1",
      );
    } finally {
      run.close();
      program.close();
    }
  });
});
