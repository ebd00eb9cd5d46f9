// The door to native code. A library is opened at its first call, so importing the lab costs nothing
// and works on a machine that has none of them.
import koffi, { type LibraryHandle } from "koffi";
import { NotSupportedError } from "../base/index.js";

/** A C function called through koffi. Pointers are numbers (`uintptr_t`): 47 bits fit a double exactly. */
// biome-ignore lint/suspicious/noExplicitAny: the C prototype string is the type
export type NativeFunction = (...args: any[]) => any;

/** A shared library whose functions are looked up at their first call. */
export interface NativeLibrary {
  /**
   * Declares a function by its C prototype.
   *
   * @param prototype e.g. `int close(int)`; write `uintptr_t` for an address you hold as a number
   * @returns A function that opens the library at its first call.
   */
  declare(prototype: string): NativeFunction;
  /** The koffi function itself, for hot loops that cannot afford the look-up. */
  resolve(prototype: string): NativeFunction;
}

/**
 * Names a shared library without opening it.
 *
 * @param soname what the dynamic linker searches for, e.g. `libbpf.so.1`, or an absolute path
 * @param next what a person should do when it is missing
 */
export function nativeLibrary(soname: string, next: string): NativeLibrary {
  let handle: LibraryHandle | undefined;
  const open = (): LibraryHandle => {
    try {
      handle ??= koffi.load(soname) as LibraryHandle;
      return handle;
    } catch (error) {
      throw new NotSupportedError(
        soname,
        "the shared library",
        String((error as Error).message).split("\n")[0]!,
        next,
      );
    }
  };
  const resolve = (prototype: string): NativeFunction => open().func(prototype) as NativeFunction;
  return {
    resolve,
    declare(prototype: string): NativeFunction {
      let fn: NativeFunction | undefined;
      return (...args) => {
        fn ??= resolve(prototype);
        return fn(...args);
      };
    },
  };
}

/** GNU libc. The lab runs on glibc Linux: Debian and Ubuntu. */
export const libc: NativeLibrary = nativeLibrary(
  "libc.so.6",
  "run the lab on Debian or Ubuntu Linux, or in the VM",
);

/**
 * A C function whose address another function left in memory, as libraries do that call through a table.
 *
 * @param address where its code begins
 * @param prototype e.g. `int (uintptr_t queue, int count)`, without a name
 */
export function functionAt(address: number, prototype: string): NativeFunction {
  return koffi.decode(address, koffi.proto(prototype)) as NativeFunction;
}

/** The address of a typed array's first byte. Only for memory mapped by `mapAnonymous`: V8 may move others. */
export function addressOf({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
  return Number(koffi.address(new Uint8Array(buffer, byteOffset, byteLength)));
}

/** A view over native memory. Touching it after the memory is unmapped ends the process. */
export function viewMemory(address: number, length: number): ArrayBuffer {
  return koffi.view(address, length) as ArrayBuffer;
}

/**
 * The calling thread's `errno` as left by the last native call. Ask at once, and only where a function does not return it:
 * what Node.js does between, such as collecting garbage, may set it, too.
 */
export function lastErrno(): number {
  return koffi.errno();
}

/** errno names and numbers of this platform, e.g. `EBUSY: 16`. */
export const errnoNumbers: Readonly<Record<string, number>> = koffi.os.errno;
