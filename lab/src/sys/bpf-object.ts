// From the bytes that clang wrote to programs and maps in the kernel. The ELF file is the inert spec;
// `loadBpfObject` asks the kernel, and the kernel may refuse: then the verifier's log comes back whole.

import { SysError, VerifierError } from "../base/index.js";
import { findRefusal } from "../bpf/index.js";
import { attachTracingLink, type BpfLink } from "./bpf-link.js";
import { BpfMap } from "./bpf-map.js";
import { sysError } from "./errno.js";
import { HOLDING, hold, letGo } from "./holdings.js";
import { libbpf, silenceLibbpf } from "./libbpf.js";
import { type Mapping, mapAnonymous, unmap } from "./memory.js";

const call = {
  open: libbpf.declare("uintptr_t bpf_object__open_mem(const uint8_t *elf, size_t size, uintptr_t options)"),
  load: libbpf.declare("int bpf_object__load(uintptr_t object)"),
  close: libbpf.declare("void bpf_object__close(uintptr_t object)"),
  nextProgram: libbpf.declare("uintptr_t bpf_object__next_program(uintptr_t object, uintptr_t previous)"),
  programName: libbpf.declare("const char *bpf_program__name(uintptr_t program)"),
  programSection: libbpf.declare("const char *bpf_program__section_name(uintptr_t program)"),
  programFd: libbpf.declare("int bpf_program__fd(uintptr_t program)"),
  instructionCount: libbpf.declare("size_t bpf_program__insn_cnt(uintptr_t program)"),
  setAutoload: libbpf.declare("int bpf_program__set_autoload(uintptr_t program, bool autoload)"),
  setLogBuffer: libbpf.declare(
    "int bpf_program__set_log_buf(uintptr_t program, uintptr_t buffer, size_t size)",
  ),
  nextMap: libbpf.declare("uintptr_t bpf_object__next_map(uintptr_t object, uintptr_t previous)"),
  mapName: libbpf.declare("const char *bpf_map__name(uintptr_t map)"),
  mapFd: libbpf.declare("int bpf_map__fd(uintptr_t map)"),
  mapType: libbpf.declare("int bpf_map__type(uintptr_t map)"),
  mapKeySize: libbpf.declare("uint32_t bpf_map__key_size(uintptr_t map)"),
  mapValueSize: libbpf.declare("uint32_t bpf_map__value_size(uintptr_t map)"),
  mapMaxEntries: libbpf.declare("uint32_t bpf_map__max_entries(uintptr_t map)"),
  setMaxEntries: libbpf.declare("int bpf_map__set_max_entries(uintptr_t map, uint32_t entries)"),
  setInitialValue: libbpf.declare(
    "int bpf_map__set_initial_value(uintptr_t map, const uint8_t *data, size_t size)",
  ),
};

const LOG_BYTES = 256 * 1024;

/** A program in the kernel. */
export interface BpfProgram {
  readonly name: string;
  /** The ELF section, which says what kind it is: `xdp`, `tp_btf/kfree_skb`, ... */
  readonly section: string;
  readonly fd: number;
  readonly instructionCount: number;
  /** Attaches a tracing program where its section says. XDP programs go through `attachXdpLink`. */
  attach(): BpfLink;
}

/** What to decide before the kernel sees the object. */
export interface BpfLoadOptions {
  /** Load only these programs; all by default. */
  readonly programs?: readonly string[];
  /** Other sizes for maps, by map name. */
  readonly maxEntries?: Readonly<Record<string, number>>;
  /** First contents of global data, by map name, e.g. `.rodata`; whole sections only. */
  readonly initialValues?: Readonly<Record<string, Uint8Array>>;
}

/** Programs and maps that one object brought into the kernel. Closing it frees what no link still holds. */
export interface BpfObject {
  readonly name: string;
  /** The object file that it was loaded from. */
  readonly elf: Uint8Array;
  readonly programs: readonly BpfProgram[];
  readonly maps: readonly BpfMap[];
  /** @throws RangeError naming the programs there are. */
  program(name: string): BpfProgram;
  /** @throws RangeError naming the maps there are. */
  map(name: string): BpfMap;
  close(): void;
}

function* walk(object: number, next: (object: number, previous: number) => number): Generator<number> {
  for (let item = next(object, 0); item !== 0; item = next(object, item)) yield item;
}

function text(mapping: Mapping): string {
  const bytes = new Uint8Array(mapping.buffer);
  return new TextDecoder().decode(bytes.slice(0, Math.max(0, bytes.indexOf(0))));
}

/**
 * Loads a compiled BPF object into the kernel.
 *
 * @param elf what `clang -target bpf -g -O2` wrote
 * @param name used in errors and as the object's name
 * @throws VerifierError with the whole log when the kernel refuses a program.
 * @throws SysError EPERM without CAP_BPF, EINVAL for bytes that are no BPF object.
 */
export function loadBpfObject(elf: Uint8Array, name: string, options: BpfLoadOptions = {}): BpfObject {
  silenceLibbpf();
  const object = call.open(elf, elf.length, 0) as number;
  if (object === 0) {
    throw new SysError(
      "bpf_object__open_mem",
      "EINVAL",
      `Cannot read BPF object ${name}: these ${elf.length} bytes are no ELF object for BPF -> compile with clang -O2 -g -target bpf`,
    );
  }
  hold(HOLDING.bpfObject, object);
  const logs = new Map<string, Mapping>();
  try {
    prepare(object, name, options, logs);
    const result = call.load(object) as number;
    if (result < 0) throw refusal(name, -result, logs);
    return opened(object, { elf, name }, options);
  } catch (error) {
    giveUp(object);
    throw error;
  } finally {
    for (const log of logs.values()) unmap(log);
  }
}

function giveUp(object: number): void {
  letGo(HOLDING.bpfObject, object);
  call.close(object);
}

function prepare(object: number, name: string, options: BpfLoadOptions, logs: Map<string, Mapping>): void {
  for (const program of walk(object, call.nextProgram)) {
    const programName = call.programName(program) as string;
    const wanted = options.programs?.includes(programName) ?? true;
    call.setAutoload(program, wanted);
    if (!wanted) continue;
    const log = mapAnonymous(LOG_BYTES);
    logs.set(programName, log);
    call.setLogBuffer(program, log.address, LOG_BYTES);
  }
  for (const map of walk(object, call.nextMap)) {
    const mapName = call.mapName(map) as string;
    const entries = options.maxEntries?.[mapName];
    if (entries !== undefined) call.setMaxEntries(map, entries);
    const value = Object.entries(options.initialValues ?? {}).find(([key]) => mapName.endsWith(key))?.[1];
    if (value && (call.setInitialValue(map, value, value.length) as number) < 0) {
      throw sysError("bpf_map__set_initial_value", `set ${mapName} of ${name}`);
    }
  }
}

function refusal(name: string, errno: number, logs: ReadonlyMap<string, Mapping>): Error {
  for (const [program, mapping] of logs) {
    const log = text(mapping);
    // A program the kernel took leaves at most a short summary; the refused one ends in its reason.
    const found = findRefusal(log);
    if (found.reason === "") continue;
    const at = found.instructionText ? `${found.instructionText}: ${found.reason}` : found.reason;
    return new VerifierError(program, found.instruction, at, log, "read error.log from its end upwards");
  }
  return sysError("bpf", `load ${name}`, errno);
}

function opened(
  object: number,
  { elf, name }: { elf: Uint8Array; name: string },
  options: BpfLoadOptions,
): BpfObject {
  const programs = [...walk(object, call.nextProgram)]
    .filter((p) => options.programs?.includes(call.programName(p)) ?? true)
    .map((p): BpfProgram => {
      const programName = call.programName(p) as string;
      return {
        name: programName,
        section: call.programSection(p) as string,
        fd: call.programFd(p) as number,
        instructionCount: Number(call.instructionCount(p)),
        attach: () => attachTracingLink(p, programName),
      };
    });
  const maps = [...walk(object, call.nextMap)].map(
    (m) =>
      new BpfMap({
        name: call.mapName(m) as string,
        fd: call.mapFd(m) as number,
        type: call.mapType(m) as number,
        keyBytes: call.mapKeySize(m) as number,
        valueBytes: call.mapValueSize(m) as number,
        maxEntries: call.mapMaxEntries(m) as number,
      }),
  );
  let open = true;
  return {
    name,
    elf,
    programs,
    maps,
    program: (wanted) => pick(programs, wanted, (p) => p.name, `program of ${name}`),
    map: (wanted) => pick(maps, wanted, (m) => m.spec.name, `map of ${name}`),
    close(): void {
      if (open) giveUp(object);
      open = false;
    },
  };
}

function pick<T>(items: readonly T[], wanted: string, nameOf: (item: T) => string, what: string): T {
  const found = items.find((item) => nameOf(item) === wanted);
  if (found) return found;
  throw new RangeError(
    `Cannot find ${what} named ${wanted} -> it has ${items.map(nameOf).join(", ") || "none"}`,
  );
}
