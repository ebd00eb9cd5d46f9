// Every XDP program of the course, compiled: the lab's own, and what its exercises call right. And what the verifier writes when
// it walks one.
import { readdirSync, readFileSync } from "node:fs";
import { type Bytecode, readBytecode } from "ringside/bpf";
import { createMap, loadInstructions, u32Key } from "ringside/sys";
import { compileXdp, VERDICTS } from "ringside/xdp";
import { courseSolutions } from "./course-solutions.js";

const OBJECTS = new URL("../../kernels/build/bpf/", import.meta.url);

/** One program, as clang wrote it. */
export interface CourseXdpProgram {
  readonly name: string;
  readonly elf: Uint8Array;
  readonly initialValues: Readonly<Record<string, Uint8Array>>;
}

/** Reads the clock, so that no two runs agree; what it counts is held in test/paths/verdict-times.live.test.ts. */
const TIMED = "count_timed.bpf.o";

/** The lab's own programs; the one that answers as it is told does so for every answer. */
function ownPrograms(): CourseXdpProgram[] {
  return readdirSync(OBJECTS)
    .filter((file) => file !== TIMED)
    .map((file) => ({
      name: file,
      elf: new Uint8Array(readFileSync(new URL(file, OBJECTS))),
      initialValues: {},
    }))
    .filter(({ elf }) => isXdp(elf))
    .flatMap((program) =>
      program.name === "count.bpf.o"
        ? VERDICTS.map((verdict, i) => ({
            ...program,
            name: `count ${verdict}`,
            initialValues: { ".rodata": u32Key(i) },
          }))
        : [program],
    );
}

function isXdp(elf: Uint8Array): boolean {
  try {
    return readBytecode(elf).section === "xdp";
  } catch {
    return false; // a tracing program
  }
}

async function solutions(): Promise<CourseXdpProgram[]> {
  return (await courseSolutions()).map(({ exercise, name, text }) => ({
    name: `${exercise}, ${name}`,
    elf: compileXdp(text, name),
    initialValues: {},
  }));
}

/** All of them. */
export async function courseXdpPrograms(): Promise<CourseXdpProgram[]> {
  return [...ownPrograms(), ...(await solutions())];
}

// The first two can only be proven safe with their constants known, and bare instructions have none: libbpf freezes them. The
// third holds a lock, which the verifier finds in a map's BTF, and bare maps have none.
const NOT_BARE = ["inject.bpf.o", "touch.bpf.o", "kv_cache.bpf.o"];

/** Whether a program can be loaded as bare instructions, which is how the verifier's walk is read. */
export const isBare = ({ name }: CourseXdpProgram): boolean => !NOT_BARE.includes(name);

/** The bytecode with maps of its own, as the verifier walks it at its most talkative. */
export function verifierWalk({ code, instructions, maps }: Bytecode): string {
  const made = maps.map(({ name, type, keyBytes, valueBytes, maxEntries }) =>
    createMap({ name: name.replace(/\W/g, "_"), type, keyBytes, valueBytes, maxEntries }),
  );
  const named = code.slice();
  for (const { slot, operation } of instructions) {
    if (operation.kind !== "constant" || !operation.constant.refers.startsWith("map")) continue;
    const { map } = operation.constant as { map: number };
    new DataView(named.buffer).setInt32(slot * 8 + 4, made[map]!.map.spec.fd, true);
  }
  const program = loadInstructions(named, { logLevel: 2 });
  program.close();
  for (const map of made) map.close();
  return program.log;
}
