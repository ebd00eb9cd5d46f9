/**
 * bpf: what does a program for the kernel say, and what does it do, without the kernel?
 *
 * Read `instruction/instruction.ts` first (what an instruction means), then `machine/step.ts` (what it does) and
 * `refusal/explain.ts` (why the verifier said no); notebook 50-the-articles-program uses all three. `object` reads what
 * clang wrote. Left out: loading and attaching (`xdp`), programs that are not XDP's, kernel functions, tail calls.
 */

export { decodeProgram } from "./instruction/decode.js";
export { type Fields, INSTRUCTION_BYTES, readFields, writeFields } from "./instruction/fields.js";
export { helperName, helperNumber } from "./instruction/helper-names.js";
export type { Instruction, Operation } from "./instruction/instruction.js";
export { printInstruction } from "./instruction/print.js";
export {
  type ProgramStep,
  type ProgramTrace,
  packetBytesOf,
  Stepper,
  traceProgram,
  type WrittenRegister,
} from "./machine/history.js";
export { Machine, type MachineOptions } from "./machine/machine.js";
export { MachineError, type Memory, type MemoryAccess, type MemoryRegion } from "./machine/memory.js";
export type { ModelMap } from "./machine/model-map.js";
export type { PacketBuffer } from "./machine/packet-buffer.js";
export { run as runMachine, step as stepMachine } from "./machine/step.js";
export type { Btf, BtfMember, BtfType } from "./object/btf.js";
export { type Bytecode, readBytecode, readTypes } from "./object/bytecode.js";
export { encodeValue } from "./object/encode.js";
export {
  type BytesLayout,
  type IntegerLayout,
  type ListLayout,
  layoutOf,
  type MemberLayout,
  type StructLayout,
  type TextLayout,
  type ValueLayout,
} from "./object/layout.js";
export type { CLine } from "./object/line-info.js";
export { disassemble, type ListedInstruction } from "./object/listing.js";
export { type MapDefinition, readMaps } from "./object/maps.js";
export { printValue } from "./object/print-value.js";
export { type CStruct, type CValue, decodeValue } from "./object/value.js";
export {
  breakEvenPps,
  type OffloadAssumptions,
  type OffloadBalance,
  offloadBalance,
  savedNs,
} from "./offload/model.js";
export {
  type OffloadDemand,
  type OffloadObstacle,
  type OffloadRule,
  offloadDemand,
  offloadObstacles,
} from "./offload/obstacles.js";
export { type KindState, type PointerKind, pointerKinds, stackDepth } from "./offload/pointer-kinds.js";
export { AGILIO_CX, type AssumedLimit, NETDEVSIM, type OffloadProfile } from "./offload/profile.js";
export { type Answered, type Explanation, explainRefusal } from "./refusal/explain.js";
export type { PacketAccess } from "./refusal/packet-rule.js";
export { findRefusal, type Refusal } from "./refusal/verifier-log.js";
