// libbpf does ELF, BTF, relocation and loading; we only call it. Version 1.1 (Debian 12) or newer.
import { type NativeLibrary, nativeLibrary } from "./library.js";

/** libbpf, opened at its first call. @source https://docs.kernel.org/bpf/libbpf/ */
export const libbpf: NativeLibrary = nativeLibrary(
  "libbpf.so.1",
  "run `sh vm/provision.sh` to install libbpf1",
);

const setPrint = libbpf.declare("uintptr_t libbpf_set_print(uintptr_t callback)");
let quiet = false;

/** Keeps libbpf's own log off the learner's screen: what it would say reaches them as a typed error. */
export function silenceLibbpf(): void {
  if (!quiet) setPrint(0);
  quiet = true;
}

const versionString = libbpf.declare("const char *libbpf_version_string()");

/** The version of the libbpf in use, e.g. `v1.1`, or `none` where it is not installed. */
export function libbpfVersion(): string {
  try {
    return versionString() as string;
  } catch {
    return "none";
  }
}
