// What the kernel tells about a program that it took: how often it could not run, and what became of its instructions.
import { checked } from "./errno.js";
import { libbpf } from "./libbpf.js";
import { viewMemory } from "./library.js";
import { mapAnonymous, unmap } from "./memory.js";

const infoCall = libbpf.declare(
  "int bpf_obj_get_info_by_fd(int fd, _Inout_ uint8_t *info, _Inout_ uint32_t *length)",
);
const loadBtf = libbpf.declare("uintptr_t btf__load_from_kernel_by_id(uint32_t id)");
const freeBtf = libbpf.declare("void btf__free(uintptr_t btf)");
const btfText = libbpf.declare("const char *btf__name_by_offset(uintptr_t btf, uint32_t offset)");

const INFO_BYTES = 232;
// Offsets in struct bpf_prog_info. @source include/uapi/linux/bpf.h
const AT = {
  jitedBytes: 16,
  codeBytes: 20,
  code: 32,
  btf: 128,
  lineCount: 148,
  lines: 152,
  lineBytes: 172,
  recursionMisses: 208,
} as const;
const LINE_BYTES = 16; // struct bpf_line_info: slot, file, text, line and column

/** A C line as the kernel keeps it beside the code. */
export interface LoadedLine {
  /** First instruction slot of the line, in the code as the kernel rewrote it. */
  readonly slot: number;
  readonly line: number;
  readonly text: string;
  readonly file: string;
}

/** A program's code as it is in the kernel: after the verifier rewrote what only it knows, such as offsets in its own structs. */
export interface LoadedCode {
  /** eBPF instructions; empty where this process may not see them. */
  readonly code: Uint8Array;
  /** Bytes of machine code that the kernel's compiler made of it, 0 where it has none. */
  readonly jitedBytes: number;
  readonly lines: readonly LoadedLine[];
}

function readInfo(programFd: number, info: Uint8Array, what: string): DataView {
  checked(infoCall(programFd, info, [INFO_BYTES]), "bpf", `read ${what} of program descriptor ${programFd}`);
  return new DataView(info.buffer);
}

/**
 * How many events a tracing program did not see because it was already running on that CPU.
 *
 * An interrupt in the middle of a run can raise the same event again; the kernel then skips the inner run and counts
 * it here. A count from a tracing program is exact only when this is 0.
 *
 * @param programFd a loaded program
 * @source bpf(2) BPF_OBJ_GET_INFO_BY_FD; kernel/trace/bpf_trace.c, `__bpf_trace_run`
 */
export function missedRuns(programFd: number): number {
  return Number(
    readInfo(programFd, new Uint8Array(INFO_BYTES), "misses").getBigUint64(AT.recursionMisses, true),
  );
}

/**
 * Reads a program's code back from the kernel.
 *
 * @param programFd a loaded program
 * @throws SysError EPERM where this process may not look.
 * @source bpf(2) BPF_OBJ_GET_INFO_BY_FD, xlated_prog_insns
 */
export function readLoadedCode(programFd: number): LoadedCode {
  const sizes = readInfo(programFd, new Uint8Array(INFO_BYTES), "sizes");
  const codeBytes = sizes.getUint32(AT.codeBytes, true);
  const lineCount = sizes.getUint32(AT.lineCount, true);
  const room = mapAnonymous(codeBytes + lineCount * LINE_BYTES + 1);
  try {
    const info = new Uint8Array(INFO_BYTES);
    const view = new DataView(info.buffer);
    view.setUint32(AT.codeBytes, codeBytes, true);
    view.setBigUint64(AT.code, BigInt(room.address), true);
    view.setUint32(AT.lineCount, lineCount, true);
    view.setUint32(AT.lineBytes, LINE_BYTES, true);
    view.setBigUint64(AT.lines, BigInt(room.address + codeBytes), true);
    readInfo(programFd, info, "code");
    return {
      code: new Uint8Array(room.buffer.slice(0, codeBytes)),
      jitedBytes: sizes.getUint32(AT.jitedBytes, true),
      lines: readLines(
        new DataView(viewMemory(room.address + codeBytes, lineCount * LINE_BYTES + 1)),
        lineCount,
        sizes.getUint32(AT.btf, true),
      ),
    };
  } finally {
    unmap(room);
  }
}

function readLines(view: DataView, count: number, btfId: number): LoadedLine[] {
  const btf = count === 0 ? 0 : Number(loadBtf(btfId));
  if (btf === 0) return [];
  const u32 = (line: number, word: number): number => view.getUint32(line * LINE_BYTES + word * 4, true);
  const text = (offset: number): string => (btfText(btf, offset) as string | null) ?? "";
  const lines = Array.from({ length: count }, (_, i) => ({
    slot: u32(i, 0),
    file: text(u32(i, 1)),
    text: text(u32(i, 2)).trim(),
    line: u32(i, 3) >>> 10,
  }));
  freeBtf(btf);
  return lines;
}
