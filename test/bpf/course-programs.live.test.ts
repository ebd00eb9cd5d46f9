// Every XDP program of the course, the lab's own and what its exercises call right, on every packet of every capture: the
// lab's machine and the kernel give the same verdict and the same bytes, and count the same.
import { readdirSync, readFileSync } from "node:fs";
import { disassemble, Machine, readBytecode, runMachine } from "ringside/bpf";
import { readCapture } from "ringside/packet";
import { type BpfMap, type BpfObject, loadBpfObject, readLoadedCode, TestRun, u32Key } from "ringside/sys";
import { isRunnable } from "ringside/xdp";
import { describe, expect, test } from "vitest";
import { courseXdpPrograms, isBare, verifierWalk } from "./course-xdp-programs.js";

const ROOT = new URL("../../", import.meta.url);
const CAPTURES = new URL("datasets/captures/", ROOT);

/** @source include/uapi/linux/bpf.h, enum bpf_map_type */
const MAP_TYPE = { hash: 1, array: 2, perCpuArray: 6, lruHash: 9 } as const;

async function packetsOf(file: string): Promise<Uint8Array[]> {
  const { packets } = await readCapture(new Uint8Array(readFileSync(new URL(file, CAPTURES))));
  return packets.map(({ bytes }) => bytes).filter(isRunnable);
}

const programs = await courseXdpPrograms();
const packets = (await Promise.all(readdirSync(CAPTURES).map(packetsOf))).flat();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Sums of a per-CPU array's counters, slot by slot. */
function countsOf(map: BpfMap): number[] {
  return Array.from({ length: map.spec.maxEntries }, (_, i) => map.readCounters(i)).flat();
}

function countsOfMachine(machine: Machine, name: string): number[] {
  const map = machine.maps.find(({ definition }) => definition.name === name)!;
  return Array.from({ length: map.definition.maxEntries }, (_, i) => {
    const value = map.read(u32Key(i))!;
    return Array.from(new BigUint64Array(value.buffer, 0, value.length >> 3), Number);
  }).flat();
}

/** Hashes and arrays that a program writes: what it answers then depends on the packets before, and each run begins afresh. */
function keepsState({ type, name }: BpfMap["spec"]): boolean {
  return (
    type === MAP_TYPE.hash || type === MAP_TYPE.lruHash || (type === MAP_TYPE.array && !name.includes("."))
  );
}

describe("the machine and the kernel", () => {
  test("have the lab's programs, the exercises' solutions and the captures to agree on", () => {
    expect(programs.length).toBeGreaterThanOrEqual(13);
    expect(packets.length).toBeGreaterThan(150);
  });

  test.each(programs)("agree on $name", ({ name, elf, initialValues }) => {
    const bytecode = readBytecode(elf);
    const load = (): BpfObject => loadBpfObject(elf, name.replace(/\W/g, "_"), { initialValues });
    let object = load();
    let run = new TestRun(object.program(bytecode.name).fd, packets[0]!);
    const remembers = object.maps.some(({ spec }) => keepsState(spec));
    const counters = (): BpfMap[] => object.maps.filter(({ spec }) => spec.type === MAP_TYPE.perCpuArray);
    const countersNow = (): [string, number[]][] => counters().map((map) => [map.spec.name, countsOf(map)]);
    let counted = new Map(countersNow());
    try {
      for (const packet of packets) {
        if (remembers) {
          run.close();
          object.close();
          object = load();
          counted = new Map(countersNow());
          run = new TestRun(object.program(bytecode.name).fd, packet);
        }
        const machine = new Machine(bytecode, packet, { initialValues });
        run.packet = packet;
        const kernel = run.run();
        expect([runMachine(machine), hex(machine.memory.packet.bytes())]).toEqual([
          kernel.returned,
          hex(kernel.bytes),
        ]);
        for (const [map, sums] of counted)
          countsOfMachine(machine, map).forEach((count, i) => {
            sums[i]! += count;
          });
        if (remembers) expect(new Map(countersNow())).toEqual(counted);
      }
      expect(new Map(countersNow())).toEqual(counted);
    } finally {
      run.close();
      object.close();
    }
  });
});

describe("the disassembly", () => {
  test.each(programs.filter(isBare))("of $name is the verifier's, letter for letter", ({ elf }) => {
    const bytecode = readBytecode(elf);
    const listed = new Map(disassemble(bytecode).map(({ slot, text }) => [slot, text]));
    const walked = [...verifierWalk(bytecode).matchAll(/^(\d+): \([0-9a-f]{2}\) (.*?)(?:\s*;.*)?$/gm)];
    expect(walked.length).toBeGreaterThan(0);
    for (const [, slot, text] of walked) {
      // Only the kernel knows a map's address; the listing has its name.
      if (!/= 0x[0-9a-f]{9,}$/.test(text!)) expect(listed.get(Number(slot))).toBe(text);
    }
  });

  test("of a loaded program comes back from the kernel with its C lines and the size of its machine code", () => {
    const elf = new Uint8Array(readFileSync(new URL("kernels/build/bpf/tx.bpf.o", ROOT)));
    const object = loadBpfObject(elf, "tx");
    const { code, jitedBytes, lines } = readLoadedCode(object.program("tx").fd);
    object.close();
    expect(code.length).toBeGreaterThan(8 * 20);
    expect(code.length % 8).toBe(0);
    expect(jitedBytes).toBeGreaterThan(code.length / 4);
    expect(lines.map(({ text }) => text)).toContain("if ((void *)(eth + 1) > (void *)(long)ctx->data_end)");
  });
});
