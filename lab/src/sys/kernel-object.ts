import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { type BpfLoadOptions, type BpfObject, loadBpfObject } from "./bpf-object.js";

const OBJECTS = fileURLToPath(new URL("../../../kernels/build/bpf/", import.meta.url));

/**
 * Loads `kernels/bpf/<name>.bpf.c` as the build compiled it. Nothing is attached yet.
 *
 * @param name file name without `.bpf.c`, e.g. `drop`
 * @throws NotSupportedError when it was not compiled.
 * @throws VerifierError or SysError when the kernel refuses it.
 */
export function loadKernelObject(name: string, options: BpfLoadOptions = {}): BpfObject {
  const path = `${OBJECTS}${name}.bpf.o`;
  let elf: Uint8Array;
  try {
    elf = new Uint8Array(readFileSync(path));
  } catch {
    throw new NotSupportedError(`the BPF program ${name}`, path, "no such file", "run `npm run build`");
  }
  return loadBpfObject(elf, name, options);
}
