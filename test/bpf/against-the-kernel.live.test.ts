// The machine against the kernel: the same programs, the same packets, the same answers. Programs come from a seed. Those
// that the verifier takes run in both, and verdict, packet and map have to agree to the last bit.
//
//   RINGSIDE_SEED=12345 npx vitest run --project live test/bpf/against-the-kernel    runs the programs of a seed again
//   RINGSIDE_PROGRAMS=100000 npx vitest run --project live test/bpf/against-the-kernel    more programs, as many minutes as it takes
import { VerifierError } from "ringside/base";
import { type Bytecode, decodeProgram, disassemble, Machine, runMachine, stepMachine } from "ringside/bpf";
import { createMap, loadInstructions, type RawProgram, TestRun, u32Key } from "ringside/sys";
import { afterAll, describe, expect, test } from "vitest";
import { assemble } from "./assemble.js";
import { ALL_WORK, workOf } from "./kinds-of-work.js";
import { randomPackets, randomProgram, VALUE_BYTES } from "./random-program.js";

const SEED = Number(process.env.RINGSIDE_SEED ?? Date.now() % 1_000_000);
/** Programs generated; most of them pass the verifier. */
const PROGRAMS = Number(process.env.RINGSIDE_PROGRAMS ?? 4000);
/** Packets that each of them runs on. */
const PACKETS = 30;
/** Runs in the kernel, each of one program on one packet, that have to agree with the machine. */
const RUNS = PROGRAMS * 25;
/** A slow machine needs 5 ms a program. */
const LIMIT_MS = 120_000 + PROGRAMS * 10;

const MAP = { type: 2, name: "shared", keyBytes: 4, valueBytes: VALUE_BYTES, maxEntries: 1 };
const FIRST_VALUE = Uint8Array.from({ length: VALUE_BYTES }, (_, i) => i * 37);
const KEY = u32Key(0);
const kernelMap = createMap(MAP);
afterAll(() => kernelMap.close());

/** All that a run leaves, as text. */
interface Answer {
  readonly returned: number;
  /** Metadata and packet. */
  readonly packet: string;
  readonly map: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The program as the lab's machine takes it. */
function bytecodeOf(seed: number): Bytecode {
  const code = assemble(randomProgram(seed, 0));
  const maps = [{ ...MAP, keyType: 0, valueType: 0, data: FIRST_VALUE }];
  const nothing = { section: "xdp", lines: [], functions: [], btf: null };
  return { name: `seed ${seed}`, code, instructions: decodeProgram(code), maps, ...nothing };
}

/** The program in the kernel; null where the verifier refuses it. */
function loadSeed(seed: number): RawProgram | null {
  try {
    return loadInstructions(assemble(randomProgram(seed, kernelMap.map.spec.fd)));
  } catch (error) {
    if (error instanceof VerifierError) return null;
    throw error;
  }
}

function answerOf(machine: Machine): Answer {
  const returned = runMachine(machine);
  const { page, meta, end } = machine.memory.packet;
  return { returned, packet: hex(page.subarray(meta, end)), map: hex(machine.maps[0]!.read(KEY)!) };
}

function answerOfKernel(run: TestRun, packet: Uint8Array): Answer {
  kernelMap.map.update(KEY, FIRST_VALUE);
  run.packet = packet;
  const { returned, bytes } = run.run();
  return { returned, packet: hex(bytes), map: hex(kernelMap.map.lookup(KEY)!) };
}

/** Runs a program on its packets in both. @returns the first disagreement as a story; null where there is none */
function disagreement(bytecode: Bytecode, { fd }: RawProgram, packets: readonly Uint8Array[]): string | null {
  const run = new TestRun(fd, packets[0]!);
  try {
    for (const packet of packets) {
      const [kernel, machine] = [answerOfKernel(run, packet), answerOf(new Machine(bytecode, packet))];
      if (JSON.stringify(kernel) !== JSON.stringify(machine)) return story(bytecode, packet, kernel, machine);
    }
    return null;
  } finally {
    run.close();
  }
}

function story(bytecode: Bytecode, packet: Uint8Array, kernel: Answer, machine: Answer): string {
  return [
    `RINGSIDE_SEED=${bytecode.name.slice(5)}: kernel and machine disagree on packet ${hex(packet)}`,
    `kernel  ${JSON.stringify(kernel)}`,
    `machine ${JSON.stringify(machine)}`,
    ...disassemble(bytecode).map(({ slot, text }) => `${String(slot).padStart(4)}  ${text}`),
  ].join("\n");
}

/** Notes each kind of instruction that a run meets. */
function collectWork(bytecode: Bytecode, packet: Uint8Array, seen: Set<string>): void {
  const machine = new Machine(bytecode, packet);
  while (machine.returned === null) {
    seen.add(workOf(machine.next.operation));
    stepMachine(machine);
  }
}

describe("the machine and the kernel", () => {
  test("agree on generated programs, and these do every kind of work there is", { timeout: LIMIT_MS }, () => {
    const seen = new Set<string>();
    let accepted = 0;
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const program = loadSeed(seed);
      if (program === null) continue;
      accepted++;
      try {
        const bytecode = bytecodeOf(seed);
        const packets = randomPackets(seed, PACKETS);
        expect(disagreement(bytecode, program, packets)).toBeNull();
        collectWork(bytecode, packets[0]!, seen);
      } finally {
        program.close();
      }
    }
    console.log(
      `seed ${SEED}: ${accepted} of ${PROGRAMS} programs accepted, ${accepted * PACKETS} runs agree, ${seen.size} kinds of work`,
    );
    expect(accepted * PACKETS).toBeGreaterThanOrEqual(RUNS);
    expect(ALL_WORK.filter((kind) => !seen.has(kind))).toEqual([]);
  });

  test("are told apart when the machine's program has one wrong bit", () => {
    let caught = 0;
    for (let seed = 0; seed < 40; seed++) {
      const program = loadSeed(seed);
      if (program === null) continue;
      const bytecode = bytecodeOf(seed);
      const wrong = bytecode.code.slice();
      // `r0 *= 31`, the first step of the answer, becomes `r0 *= 30`.
      const at = wrong.findIndex((byte, i) => i % 8 === 0 && byte === 0x27 && wrong[i + 4] === 31);
      wrong[at + 4] = 30;
      const mistaken = { ...bytecode, instructions: decodeProgram(wrong) };
      if (disagreement(mistaken, program, randomPackets(seed, 5)) !== null) caught++;
      program.close();
    }
    expect(caught).toBeGreaterThan(20);
  });
});
