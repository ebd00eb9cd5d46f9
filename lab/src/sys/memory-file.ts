// A file that lies in memory and has no name in any folder: for reads that never wait for a disk.
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { checked } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { libc } from "./library.js";
import { close } from "./socket.js";

const memfdCreate = libc.declare("int memfd_create(const char *name, unsigned int flags)");

const MFD_CLOEXEC = 1;

/** An open file in memory. */
export interface MemoryFile {
  /** For reading; io_uring may read it at once, without handing it to a worker, because it is opened as non-blocking. */
  readonly fd: number;
  readonly lengthBytes: number;
  close(): void;
}

/**
 * Makes a file in memory with bytes 0, 1, 2 and so on, modulo 256.
 *
 * @param lengthBytes 1 or more
 * @source memfd_create(2)
 */
export function openMemoryFile(lengthBytes: number): MemoryFile {
  const writable = holdDescriptor(
    checked(memfdCreate("ringside", MFD_CLOEXEC), "memfd_create", "make a file in memory"),
  );
  try {
    writeSync(
      writable,
      Uint8Array.from({ length: lengthBytes }, (_, i) => i & 0xff),
    );
    const fd = openSync(`/proc/self/fd/${writable}`, constants.O_RDONLY | constants.O_NONBLOCK);
    return { fd, lengthBytes, close: () => closeSync(fd) };
  } finally {
    close(writable);
  }
}
