// The other half of exercise-programs.live.test.ts: there the cache of notebook 53's programs is empty, and every request a miss. Here
// the key is in it. A whole GET is answered, byte for byte as the lab's machine says; no cut of it is, nor a PUT, another key or another port.
import { Machine, readBytecode, runMachine } from "ringside/bpf";
import { buildKvRequest, KV_AT, KV_BY, KV_CONTENT_BYTES, KV_PORT, readKvMessage } from "ringside/keyvalue";
import { buildFrame } from "ringside/packet";
import { loadBpfObject } from "ringside/sys";
import { compileXdp, isRunnable, runProgram } from "ringside/xdp";
import { describe, expect, test } from "vitest";
import { courseSolutions } from "./course-solutions.js";

const KEY = 7;
const MESSAGE_AT = 42;
const request = buildKvRequest("get", KEY, 1);
const key = request.slice(KV_AT.key, KV_AT.key + 8);
const content = Uint8Array.from({ length: KV_CONTENT_BYTES }, (_, index) => index + 1);

const frameOf = (payload: Uint8Array, port = KV_PORT): Uint8Array =>
  buildFrame({
    ethernet: { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" },
    ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
    udp: { sourcePort: 9000, destinationPort: port },
    payload,
  });

const whole = frameOf(request);
const absent = frameOf(buildKvRequest("get", KEY + 1, 1));
const put = frameOf(buildKvRequest("put", KEY, 1));
const elsewhere = frameOf(request, KV_PORT + 1);
const cuts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));

const solutions = (await courseSolutions()).filter(
  ({ exercise }) => exercise === "53-requests-in-xdp/answer",
);

/** What both say of a packet, as text that a failure can show. */
function answers(
  text: string,
  name: string,
  packets: readonly Uint8Array[],
): { kernel: string; machine: string }[] {
  const elf = compileXdp(text, name);
  const bytecode = readBytecode(elf);
  const object = loadBpfObject(elf, "solution");
  const program = { name: bytecode.name, object, program: object.program(bytecode.name), close: () => {} };
  try {
    object.map("cache").update(key, content);
    return packets.filter(isRunnable).map((packet) => {
      const machine = new Machine(bytecode, packet);
      machine.maps.find(({ definition }) => definition.name === "cache")!.update(key, content);
      const verdict = ["ABORTED", "DROP", "PASS", "TX", "REDIRECT"][runMachine(machine)];
      const kernel = runProgram(program, packet);
      const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
      return {
        kernel: `${kernel.verdict} ${hex(kernel.bytes)}`,
        machine: `${verdict} ${hex(machine.memory.packet.bytes())}`,
      };
    });
  } finally {
    object.close();
  }
}

describe("a program of notebook 53 whose cache has the key", () => {
  test("there is more than one", () => expect(solutions.length).toBeGreaterThan(1));

  test.each(solutions)("$name: answers the whole request, and only that", ({ text, name }) => {
    const [answer, ...others] = answers(text, name, [whole, absent, put, elsewhere, ...cuts]);
    expect(answer!.kernel).toBe(answer!.machine);
    const [verdict, hex] = answer!.kernel.split(" ");
    expect(verdict).toBe("TX");
    const message = readKvMessage(Buffer.from(hex!, "hex"), MESSAGE_AT)!;
    expect(message).toMatchObject({ id: 1, key: KEY, by: KV_BY.cache });
    expect([...message.value]).toEqual([...content.subarray(8)]);
    expect(others.length).toBeGreaterThan(60);
    for (const { kernel, machine } of others) {
      expect(kernel).toBe(machine);
      expect(kernel).toMatch(/^PASS/);
    }
  });
});
