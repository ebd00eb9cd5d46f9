// No tracepoint says what an XDP program answered. So a program of the tracer's stands in its place, calls it as a function
// and notes the answer. It is the learner's own bytecode that is called, with its own maps; only the caller is new.
import {
  type Bytecode,
  decodeProgram,
  INSTRUCTION_BYTES,
  readBytecode,
  readFields,
  writeFields,
} from "../bpf/index.js";
import { type BpfObject, loadInstructions, type RawProgram } from "../sys/index.js";
import type { XdpProgram } from "../xdp/index.js";

/** `PROGRAM_ID` of kernels/bpf/trace_packets.bpf.c, which the program's own number replaces. */
const PROGRAM_ID = 0x52494e47;
const MOVE_CONSTANT = 0xb7;
const MOVE_CONSTANT_32 = 0xb4;

/**
 * Loads a program with the tracer around it.
 *
 * @param tracer the loaded object of `trace_packets`
 * @param id what the events call the program
 * @throws VerifierError where the two together are more than the kernel takes, such as 512 bytes of stack
 */
export function loadTraced(tracer: BpfObject, { object, program }: XdpProgram, id: number): RawProgram {
  const around = readBytecode(tracer.elf, "traced_program");
  const inner = readBytecode(object.elf, program.name);
  const place = around.functions.find(({ name }) => name === "program");
  // What is cut off must be the last piece: nothing behind it may lose its place.
  if (place === undefined || place !== around.functions.at(-1)) {
    throw new Error(
      "Cannot trace programs: trace_packets does not end with its function `program` -> npm run build",
    );
  }
  // Where the placeholder began, the program begins; so the call to it needs no change.
  const outer = withMaps(around, tracer).slice(0, place.slot * INSTRUCTION_BYTES);
  for (let slot = 0; slot < place.slot; slot++) {
    const fields = readFields(outer, slot);
    if (fields.imm === PROGRAM_ID && [MOVE_CONSTANT, MOVE_CONSTANT_32].includes(fields.opcode)) {
      writeFields(outer, slot, { ...fields, imm: id });
    }
  }
  const own = withMaps(inner, object);
  const code = new Uint8Array(outer.length + own.length);
  code.set(outer);
  code.set(own, outer.length);
  return loadInstructions(code, { name: program.name.slice(0, 15) });
}

/** A program's code, its maps named by the descriptors that they have in the kernel. */
function withMaps({ code, maps }: Bytecode, object: BpfObject): Uint8Array {
  const named = code.slice();
  for (const { slot, operation } of decodeProgram(code)) {
    if (operation.kind !== "constant" || !("map" in operation.constant)) continue;
    const { name } = maps[operation.constant.map];
    // The loader puts a part of the object's name before the name of a section.
    const loaded = object.maps.find(({ spec }) =>
      name.startsWith(".") ? spec.name.endsWith(name) : spec.name === name,
    );
    if (loaded === undefined) {
      throw new Error(`Cannot trace ${object.name}: its map ${name} is not in the kernel -> load it whole`);
    }
    writeFields(named, slot, { ...readFields(code, slot), imm: loaded.spec.fd });
  }
  return named;
}
