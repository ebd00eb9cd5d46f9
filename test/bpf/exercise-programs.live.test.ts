// Every program that an exercise takes for right, as a function on packets that nobody sent it for: cut short behind every
// byte, tagged once and twice, IPv6, fragments, options, noise. Three have to agree: the kernel, the lab's machine, and what
// the exercise asks for, said once more in TypeScript.
import { Machine, readBytecode, runMachine } from "ringside/bpf";
import { type BpfObject, loadBpfObject } from "ringside/sys";
import { compileXdp, isRunnable, runProgram, type XdpVerdict } from "ringside/xdp";
import { describe, expect, test } from "vitest";
import { courseSolutions } from "./course-solutions.js";
import { everyCut, randomBytes } from "./packet-zoo.js";

const SEED = Number(process.env.RINGSIDE_SEED ?? Date.now() % 1_000_000);
const PASS_OR_DROP = (pass: boolean): XdpVerdict => (pass ? "PASS" : "DROP");
const u16 = (packet: Uint8Array, at: number): number => packet[at]! * 256 + packet[at + 1]!;
const isIpv4At = (packet: Uint8Array, at: number): boolean =>
  packet.length >= at + 20 && packet[at]! >> 4 === 4;

/** UDP to port 7 behind none to four extension headers. */
function isEcho(packet: Uint8Array): boolean {
  if (packet.length < 54 || u16(packet, 12) !== 0x86dd || packet[14]! >> 4 !== 6) return false;
  let [protocol, at] = [packet[20]!, 54];
  for (let i = 0; i < 4 && [0, 43, 60].includes(protocol); i++) {
    if (at + 2 > packet.length) return false;
    [protocol, at] = [packet[at]!, at + (packet[at + 1]! + 1) * 8];
  }
  return protocol === 17 && at + 8 <= packet.length && u16(packet, at + 2) === 7;
}

/** What each exercise asks for, of a packet that is the first one. */
const ASKED: Readonly<Record<string, (packet: Uint8Array) => XdpVerdict>> = {
  "50-the-articles-program/bounds": (packet) =>
    PASS_OR_DROP(packet.length >= 14 && u16(packet, 12) === 0x0800),
  "50-the-articles-program/ipv4-only": (packet) =>
    PASS_OR_DROP(packet.length >= 14 && u16(packet, 12) === 0x0800 && isIpv4At(packet, 14)),
  "50-the-articles-program/vlan": (packet) => {
    const tagged = packet.length >= 18 && u16(packet, 12) === 0x8100;
    const type = packet.length < 14 ? 0 : u16(packet, tagged ? 16 : 12);
    return PASS_OR_DROP(type === 0x0800 && isIpv4At(packet, tagged ? 18 : 14));
  },
  "50-the-articles-program/ipv6": (packet) => PASS_OR_DROP(isEcho(packet)),
  "51-verdicts/quota": () => "PASS",
  // Its map is empty, so that every request is a miss.
  "53-requests-in-xdp/answer": () => "PASS",
};

const solutions = await courseSolutions();
const packets = [...everyCut(), ...randomBytes(SEED, 500)];

/** Programs that remember packets begin anew with each. */
function forget(object: BpfObject): void {
  for (const map of object.maps.filter(({ spec }) => [1, 9].includes(spec.type))) {
    for (const key of map.keys()) map.delete(key);
  }
}

function differs(solution: (typeof solutions)[number]): string | null {
  const elf = compileXdp(solution.text, solution.name);
  const bytecode = readBytecode(elf);
  const object = loadBpfObject(elf, "solution");
  const program = { name: bytecode.name, object, program: object.program(bytecode.name), close: () => {} };
  try {
    for (const packet of packets) {
      const asked = ASKED[solution.exercise]?.(packet);
      const machine = new Machine(bytecode, packet);
      const told = ["ABORTED", "DROP", "PASS", "TX", "REDIRECT"][runMachine(machine)];
      forget(object);
      const kernel = isRunnable(packet) ? runProgram(program, packet) : null;
      const hex = Buffer.from(packet).toString("hex");
      const agree = told === (asked ?? told) && (kernel === null || kernel.verdict === told);
      const same = kernel === null || Buffer.compare(kernel.bytes, machine.memory.packet.bytes()) === 0;
      if (!agree || !same) {
        return `RINGSIDE_SEED=${SEED}, ${hex}: asked ${asked}, machine ${told}, kernel ${kernel?.verdict}`;
      }
    }
    return null;
  } finally {
    object.close();
  }
}

describe("every program of an exercise", () => {
  test("meets packets of 0 to 13 bytes, every cut, and noise, and each exercise says what it asks for", () => {
    expect(new Set(packets.map(({ length }) => length)).size).toBeGreaterThan(100);
    expect(packets.filter(({ length }) => length < 14).length).toBeGreaterThan(14 * 20);
    expect(solutions.length).toBeGreaterThanOrEqual(8);
    const unsaid = new Set(solutions.map(({ exercise }) => exercise).filter((id) => !(id in ASKED)));
    expect([...unsaid]).toEqual([]);
  });

  test.each(solutions)("$exercise, $name: kernel, machine and what was asked agree", (solution) => {
    expect(differs(solution)).toBeNull();
  });

  test("is told apart from one that forgets a bound", () => {
    const text = solutions.find(({ exercise }) => exercise.endsWith("ipv4-only"))!.text;
    const wrong = text.replace("version == 4", "version != 5");
    expect(wrong).not.toBe(text);
    expect(differs({ exercise: "50-the-articles-program/ipv4-only", name: "wrong", text: wrong })).toMatch(
      /asked/,
    );
  });
});
