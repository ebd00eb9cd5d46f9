// Whether soft-RoCE works in a network namespace of its own. It takes its packets by a UDP socket of the kernel's, at port 4791. Up to Linux
// 6.12, at least, there is one such socket, in the machine's first namespace; newer kernels make one in each namespace that has a device.
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { RDMA_DEVICES } from "./rdma-here.js";
import { inNamespace, openNamelessNamespace, threadId } from "./thread.js";
import { TOOL_PATH } from "./tool-path.js";

const PORT = 4791;
const UDP_SOCKETS = "/proc/thread-self/net/udp";

/** Where soft-RoCE's two devices can be. */
export interface RdmaNamespaces {
  /** 2 where each device may have a namespace of its own, 1 where both must be in the machine's first. */
  readonly namespaces: 1 | 2;
  /** What was seen of it. */
  readonly reason: string;
}

let known: RdmaNamespaces | undefined;

/**
 * Asks this kernel by trying: a device on a veth in a namespace without a name, and a look at the UDP sockets there. It leaves nothing, and
 * a process asks once. The module rdma_rxe must be loaded.
 *
 * @throws SysError EPERM without root
 * @source drivers/infiniband/sw/rxe/rxe_net.c, rxe_setup_udp_tunnel
 */
export function rdmaNamespacesHere(): RdmaNamespaces {
  if (known !== undefined) return known;
  const namespace = openNamelessNamespace();
  try {
    known = inNamespace(`/proc/self/fd/${namespace}`, tryInside);
  } finally {
    closeSync(namespace);
  }
  return known;
}

function tryInside(): RdmaNamespaces {
  const device = `rsprobe${threadId()}`;
  const kernel = `soft-RoCE of Linux ${release()}`;
  run("ip", "link", "add", "probe-a", "type", "veth", "peer", "name", "probe-b");
  try {
    run("rdma", "link", "add", device, "type", "rxe", "netdev", "probe-a");
  } catch (error) {
    const { status, stderr } = error as Error & { status?: number; stderr?: Buffer };
    if (typeof status !== "number") throw error; // it did not run, so nothing was asked
    return { namespaces: 1, reason: `${kernel} takes no device in another namespace: ${firstLine(stderr)}` };
  }
  try {
    const listens = hasUdpPort(readFileSync(UDP_SOCKETS, "utf8"), PORT);
    if (!listens) {
      const reason = `${kernel} listens in the machine's first network namespace only: beside a device in another one no socket is bound to UDP port ${PORT}`;
      return { namespaces: 1, reason };
    }
    const isSeen = existsSync(`${RDMA_DEVICES}/${device}`);
    const reason = `${kernel} listens where its device is: a socket of that namespace is bound to UDP port ${PORT}`;
    if (isSeen) return { namespaces: 2, reason };
    return {
      namespaces: 1,
      reason: `${reason}; but the device is seen there only (\`rdma system\` says why)`,
    };
  } finally {
    run("rdma", "link", "delete", device);
  }
}

/**
 * Whether a socket is bound to a port.
 *
 * @param table what proc(5) calls /proc/net/udp
 */
export function hasUdpPort(table: string, port: number): boolean {
  const sign = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").some((line) => line.trim().split(/\s+/)[1]?.endsWith(sign));
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { env: { ...process.env, PATH: TOOL_PATH }, stdio: "pipe" });
}

function firstLine(words: Buffer | undefined): string {
  return String(words ?? "")
    .trim()
    .split("\n")[0]!;
}
