// Who of a reuseport group gets a connection: the kernel's hash of the flow unless told otherwise. It can be told by a program, classic
// or eBPF, or by a socket option.
import { NotSupportedError } from "../base/index.js";
import {
  type BpfObject,
  loadKernelObject,
  mapAnonymous,
  SOL_SOCKET,
  setSocketOption,
  u32Key,
  unmap,
} from "../sys/index.js";
import { loadText } from "../xdp/index.js";

/**
 * How a listener is chosen: `classic` and `ebpf` are programs that ask for the CPU, `incomingCpu` is the option SO_INCOMING_CPU; `elsewhere`
 * is the eBPF program led astray, so that every connection is served on another core than its packets'.
 */
export type Selection = "hash" | "classic" | "ebpf" | "incomingCpu" | "elsewhere";

const SO_INCOMING_CPU = 49;
const SO_ATTACH_REUSEPORT_CBPF = 51;
const SO_ATTACH_REUSEPORT_EBPF = 52;

/** A chosen listener's socket, and the CPU that its server runs on. */
export interface Candidate {
  readonly fd: number;
  readonly cpu: number;
}

/**
 * Tells the kernel how to choose among the listeners of one group.
 *
 * @param group in the order in which they began to listen
 * @param text of a C program with section `sk_reuseport` and a map `listeners`; the lab's own unless given
 * @returns What is to be closed after the run, or null where there is nothing to close.
 * @throws VerifierError, CompileError; NotSupportedError for a text without such a program
 */
export function selectBy(selection: Selection, group: readonly Candidate[], text?: string): BpfObject | null {
  switch (selection) {
    case "hash":
      return null;
    case "classic":
      attachClassic(group);
      return null;
    case "ebpf":
      return attachProgram(group, text);
    case "elsewhere":
      return attachProgram(group.map(({ fd }, i) => ({ fd, cpu: group[(i + 1) % group.length]!.cpu })));
    case "incomingCpu":
      for (const { fd, cpu } of group) set(fd, SO_INCOMING_CPU, Int32Array.of(cpu), "SO_INCOMING_CPU");
      return null;
  }
}

function set(fd: number, name: number, value: Int32Array, what: string): void {
  setSocketOption(fd, SOL_SOCKET, name, new Uint8Array(value.buffer), what);
}

// Classic BPF, as tcpdump's filters. @source linux/filter.h, Documentation/networking/filter.rst
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const RETURN = 0x06;
const AD_CPU = 0xfffff000 + 36; // SKF_AD_OFF + SKF_AD_CPU

/** `{ code, jump if true, jump if false, operand }`. */
type ClassicInstruction = readonly [number, number, number, number];

/**
 * Writes the classic program: load the CPU, compare it with each server's, return the place of the one that matches.
 *
 * @param cpus of the servers, in the order of the group
 */
export function classicByCpu(cpus: readonly number[]): ClassicInstruction[] {
  const tests = cpus.flatMap((cpu, place): ClassicInstruction[] => [
    [JUMP_EQUAL, 0, 1, cpu],
    [RETURN, 0, 0, place],
  ]);
  // A place that no listener has: then the hash of the flow decides.
  return [[LOAD_WORD, 0, 0, AD_CPU], ...tests, [RETURN, 0, 0, cpus.length]];
}

function attachClassic(group: readonly Candidate[]): void {
  const code = classicByCpu(group.map(({ cpu }) => cpu));
  const memory = mapAnonymous(8 * code.length);
  const view = new DataView(memory.buffer);
  code.forEach(([operation, whenTrue, whenFalse, operand], i) => {
    view.setUint16(8 * i, operation, true);
    view.setUint8(8 * i + 2, whenTrue);
    view.setUint8(8 * i + 3, whenFalse);
    view.setUint32(8 * i + 4, operand, true);
  });
  const program = new DataView(new ArrayBuffer(16)); // struct sock_fprog
  program.setUint16(0, code.length, true);
  program.setBigUint64(8, BigInt(memory.address), true);
  const bytes = new Uint8Array(program.buffer);
  try {
    setSocketOption(
      group[0]!.fd,
      SOL_SOCKET,
      SO_ATTACH_REUSEPORT_CBPF,
      bytes,
      "the classic selection program",
    );
  } finally {
    unmap(memory);
  }
}

function attachProgram(group: readonly Candidate[], text?: string): BpfObject {
  const object =
    text === undefined ? loadKernelObject("reuseport_by_cpu") : loadText(text, "the selection program");
  try {
    const program = object.programs.find(({ section }) => section.startsWith("sk_reuseport"));
    if (program === undefined) {
      const found = object.programs.map(({ section }) => section).join(", ") || "none";
      throw new NotSupportedError("a selection program", 'SEC("sk_reuseport")', found, "name the section so");
    }
    const listeners = object.map("listeners");
    for (const { fd, cpu } of group)
      listeners.update(u32Key(cpu), new Uint8Array(BigUint64Array.of(BigInt(fd)).buffer));
    set(group[0]!.fd, SO_ATTACH_REUSEPORT_EBPF, Int32Array.of(program.fd), "the selection program");
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}
