// The kernel keeps a socket's counters with the socket, and only who holds it may read them. A process of ours that holds
// one and does not tell can be asked behind its back: the kernel lends us its descriptors.
import { readdirSync, readlinkSync } from "node:fs";
import { SysError } from "../base/index.js";
import { checked } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { libc } from "./library.js";
import { close, getSocketOption, SOL_SOCKET } from "./socket.js";

const pidfdOpen = libc.declare("int pidfd_open(int pid, unsigned int flags)");
const pidfdGetfd = libc.declare("int pidfd_getfd(int pidfd, int fd, unsigned int flags)");

const SO_DOMAIN = 39;

/**
 * Borrows another process's sockets of one family.
 *
 * @param pid a process that this one may trace: its own child, or any for root
 * @param family e.g. `AF_XDP`
 * @returns Descriptors of our own to the same sockets; the caller closes them. None where it has none.
 * @throws SysError EPERM where this process may not trace that one, ESRCH where it is gone.
 * @source pidfd_getfd(2)
 */
export function borrowSockets(pid: number, family: number): number[] {
  const pidfd = holdDescriptor(checked(pidfdOpen(pid, 0), "pidfd_open", `look at process ${pid}`));
  const borrowed: number[] = [];
  try {
    // All looked at before any is borrowed: a process that looks at itself would meet its own loans.
    for (const fd of readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`))) {
      const own = borrow(pidfd, Number(fd));
      if (own === null) continue;
      if (familyOf(own) === family) borrowed.push(own);
      else close(own);
    }
    return borrowed;
  } catch (error) {
    borrowed.forEach(close);
    throw error;
  } finally {
    close(pidfd);
  }
}

/** @returns null where the process has closed it in the meantime */
function borrow(pidfd: number, fd: number): number | null {
  try {
    return holdDescriptor(
      checked(pidfdGetfd(pidfd, fd, 0), "pidfd_getfd", `borrow socket ${fd} of another process`),
    );
  } catch (error) {
    if (error instanceof SysError && error.code === "EBADF") return null;
    throw error;
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith("socket:");
  } catch {
    return false; // closed in the meantime
  }
}

function familyOf(fd: number): number {
  return getSocketOption(fd, SOL_SOCKET, SO_DOMAIN, 4, "the family of a socket")[0]!;
}
