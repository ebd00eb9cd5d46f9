import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { type BpfLoadOptions, type BpfObject, loadBpfObject } from "./bpf-object.js";

const OBJECTS = fileURLToPath(new URL("../../../kernels/build/bpf/", import.meta.url));

/**
 * Reads `kernels/bpf/<name>.bpf.c` as the build compiled it.
 *
 * @param name file name without `.bpf.c`, e.g. `drop`
 * @throws NotSupportedError when it was not compiled.
 */
export function readKernelObject(name: string): Uint8Array {
  const path = `${OBJECTS}${name}.bpf.o`;
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    throw new NotSupportedError(`the BPF program ${name}`, path, "no such file", "run `npm run build`");
  }
}

/**
 * Loads one of them. Nothing is attached yet.
 *
 * @throws NotSupportedError when it was not compiled.
 * @throws VerifierError or SysError when the kernel refuses it.
 */
export function loadKernelObject(name: string, options: BpfLoadOptions = {}): BpfObject {
  return loadBpfObject(readKernelObject(name), name, options);
}
