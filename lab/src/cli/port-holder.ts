import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Names the process that listens on a TCP port of the loopback address, as far as this user may see it.
 *
 * @param port 1 to 65535
 * @returns e.g. `jupyter-noteboo (pid 4711)`, or null where it cannot be told
 * @source proc_pid_net(5), proc_pid_fd(5): a listening socket is state 0A, and its inode is what a descriptor links to
 */
export function portHolder(port: number): string | null {
  const inode = listeningInode(port);
  if (inode === null) return null;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!holds(pid, `socket:[${inode}]`)) continue;
    return `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()} (pid ${pid})`;
  }
  return null;
}

function listeningInode(port: number): string | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix) && fields[3] === "0A") return fields[9] ?? null;
    }
  }
  return null;
}

function holds(pid: string, socket: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket);
  } catch {
    return false; // It ended meanwhile, or belongs to someone else.
  }
}
