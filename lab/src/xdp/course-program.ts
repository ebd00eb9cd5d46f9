// The lab's own XDP programs as bytecode: to be read, not loaded.
import { type Bytecode, readBytecode } from "../bpf/index.js";
import { readKernelObject } from "../sys/index.js";

/** Programs that the course attaches to a wire, by their file in kernels/bpf. */
export const COURSE_PROGRAMS = [
  "drop",
  "pass",
  "count",
  "tx",
  "touch",
  "redirect",
  "cpu_redirect",
  "xsk_redirect",
  "kv_cache",
] as const;

/** The bytecode of one of them, as clang wrote it. @throws NotSupportedError where it was not compiled */
export function courseProgram(name: (typeof COURSE_PROGRAMS)[number]): Bytecode {
  return readBytecode(readKernelObject(name));
}
