// A program as bare instructions, without an object file around it: how generated programs reach the kernel.
import { VerifierError } from "../base/index.js";
import { findRefusal } from "../bpf/index.js";
import { BpfMap, type BpfMapSpec } from "./bpf-map.js";
import { sysError } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { libbpf, silenceLibbpf } from "./libbpf.js";
import { type Mapping, mapAnonymous, unmap } from "./memory.js";
import { close } from "./socket.js";

const loadCall = libbpf.declare(
  "int bpf_prog_load(int type, const char *name, const char *license, const uint8_t *code, size_t count, uintptr_t options)",
);
const createCall = libbpf.declare(
  "int bpf_map_create(int type, const char *name, uint32_t keyBytes, uint32_t valueBytes, uint32_t maxEntries, uintptr_t options)",
);

const XDP = 6; // enum bpf_prog_type
const OPTIONS_BYTES = 104; // struct bpf_prog_load_opts of libbpf 1.1
const AT = { size: 0, logLevel: 88, logSize: 92, log: 96 } as const;
const LOG_BYTES = 256 * 1024;
const SLOT_BYTES = 8;

/** A program or map that only its descriptor holds. */
export interface RawProgram {
  readonly fd: number;
  /** What the verifier wrote; empty unless asked for. */
  readonly log: string;
  close(): void;
}

/** How to load bare instructions. */
export interface RawLoadOptions {
  /** For errors, `raw` unless given. */
  readonly name?: string;
  /** `GPL` unless given: some helpers ask for it. */
  readonly license?: string;
  /** 0 none (the log is written anew where the kernel refuses), 1 what matters, 2 every instruction. */
  readonly logLevel?: 0 | 1 | 2;
}

/**
 * Loads bare instructions as an XDP program.
 *
 * @param code maps in it are named by their descriptors
 * @throws VerifierError with the whole log when the kernel refuses; SysError EPERM without CAP_BPF.
 * @source bpf(2) BPF_PROG_LOAD
 */
export function loadInstructions(code: Uint8Array, options: RawLoadOptions = {}): RawProgram {
  silenceLibbpf();
  const { name = "raw", license = "GPL", logLevel = 0 } = options;
  const log = mapAnonymous(LOG_BYTES);
  const spec = mapAnonymous(OPTIONS_BYTES);
  try {
    describeLog(spec, log, logLevel);
    let fd = loadCall(XDP, name, license, code, code.length / SLOT_BYTES, spec.address) as number;
    if (fd < 0 && logLevel === 0) {
      describeLog(spec, log, 1);
      fd = loadCall(XDP, name, license, code, code.length / SLOT_BYTES, spec.address) as number;
    }
    const text = textOf(log);
    if (fd < 0) throw refusal(name, -fd, text);
    holdDescriptor(fd);
    return { fd, log: text, close: () => close(fd) };
  } finally {
    unmap(spec);
    unmap(log);
  }
}

function describeLog(spec: Mapping, log: Mapping, level: number): void {
  const view = new DataView(spec.buffer);
  view.setBigUint64(AT.size, BigInt(OPTIONS_BYTES), true);
  view.setUint32(AT.logLevel, level, true);
  view.setUint32(AT.logSize, level === 0 ? 0 : LOG_BYTES, true);
  view.setBigUint64(AT.log, level === 0 ? 0n : BigInt(log.address), true);
}

function textOf({ buffer }: Mapping): string {
  const bytes = new Uint8Array(buffer);
  return new TextDecoder().decode(bytes.slice(0, Math.max(0, bytes.indexOf(0))));
}

function refusal(name: string, errno: number, log: string): Error {
  const { reason, instruction, instructionText } = findRefusal(log);
  if (reason === "") return sysError("bpf", `load ${name}`, errno);
  const at = instructionText ? `${instructionText}: ${reason}` : reason;
  return new VerifierError(name, instruction, at, log, "read error.log from its end upwards");
}

/** Makes a map that no object file defines. @param spec its descriptor is the result's @source bpf(2) BPF_MAP_CREATE */
export function createMap(spec: Omit<BpfMapSpec, "fd">): { readonly map: BpfMap; close(): void } {
  const { type, name, keyBytes, valueBytes, maxEntries } = spec;
  const fd = createCall(type, name, keyBytes, valueBytes, maxEntries, 0) as number;
  if (fd < 0) throw sysError("bpf", `make map ${name}`, -fd);
  holdDescriptor(fd);
  return { map: new BpfMap({ ...spec, fd }), close: () => close(fd) };
}
