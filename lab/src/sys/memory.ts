// Memory that the kernel and we both see. A Mapping's buffer stays usable until `unmap`; after that
// a touch ends the process, so the owner of a mapping drops its views first.
import { checked, sysError } from "./errno.js";
import { HOLDING, hold, letGo } from "./holdings.js";
import { lastErrno, libc, viewMemory } from "./library.js";

const mmapCall = libc.declare(
  "uintptr_t mmap(uintptr_t addr, size_t length, int prot, int flags, int fd, int64_t offset)",
);
const munmapCall = libc.declare("int munmap(uintptr_t addr, size_t length)");

const PROT_READ_WRITE = 3;
const PROT_READ = 1;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MAP_POPULATE = 0x8000;
const MAP_FAILED = 2 ** 64;

/** A stretch of mapped memory. */
export interface Mapping {
  /** Address of the first byte in this process. */
  readonly address: number;
  readonly lengthBytes: number;
  /** The same memory, seen by JavaScript. */
  readonly buffer: ArrayBuffer;
}

function map(length: number, prot: number, flags: number, fd: number, offset: number, what: string): Mapping {
  if (!(length > 0))
    throw new RangeError(`Cannot map ${length} bytes: the length must be above 0 -> pass a page or more`);
  const address = mmapCall(0, length, prot, flags, fd, offset) as number;
  if (address >= MAP_FAILED - 4096) throw sysError("mmap", `map ${length} bytes of ${what}`, lastErrno());
  hold(HOLDING.mapping, address, length);
  return { address, lengthBytes: length, buffer: viewMemory(address, length) };
}

/**
 * Maps fresh zeroed memory, resident from the start and never moved by the garbage collector.
 *
 * @param lengthBytes above 0; the kernel rounds up to pages
 * @throws SysError when the kernel has no memory for it.
 * @source mmap(2)
 */
export function mapAnonymous(lengthBytes: number): Mapping {
  return map(
    lengthBytes,
    PROT_READ_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
    -1,
    0,
    "anonymous memory",
  );
}

/**
 * Maps what a file descriptor offers, shared with the kernel.
 *
 * @param fd an open descriptor that can be mapped
 * @param lengthBytes above 0
 * @param offset where in the file; AF_XDP uses it to say which ring
 * @param readOnly map without write permission, as some kernel pages demand
 */
export function mapShared(fd: number, lengthBytes: number, offset = 0, readOnly = false): Mapping {
  const prot = readOnly ? PROT_READ : PROT_READ_WRITE;
  return map(
    lengthBytes,
    prot,
    MAP_SHARED | MAP_POPULATE,
    fd,
    offset,
    `descriptor ${fd} at offset ${offset}`,
  );
}

/** Gives the memory back. Every view of it must be out of use. */
export function unmap(mapping: Mapping): void {
  letGo(HOLDING.mapping, mapping.address);
  checked(munmapCall(mapping.address, mapping.lengthBytes), "munmap", `unmap ${mapping.lengthBytes} bytes`);
}

/**
 * Gives the memory back while views of it may still be held: zeroes that cost nothing take its place, so a late touch
 * reads 0 instead of ending the process. Only the addresses stay in use, and in a thread that writes down what it has until that ends.
 *
 * @throws SysError when the kernel refuses.
 */
export function unmapUnderViews(mapping: Mapping): void {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
  const address = mmapCall(mapping.address, mapping.lengthBytes, PROT_READ_WRITE, flags, -1, 0) as number;
  if (address >= MAP_FAILED - 4096) throw sysError("mmap", `replace ${mapping.lengthBytes} bytes by zeroes`);
}
