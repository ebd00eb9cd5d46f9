// Sockets of a host's kernel, for experiments in which one thread plays both ends.
import type { Testbed } from "../net/index.js";
import {
  AF_INET,
  bind,
  close,
  inNamespace,
  ipv4SocketAddress,
  listen,
  SOCK_STREAM,
  socket,
} from "../sys/index.js";

/** Opens a socket in a host's namespace; it is closed with the testbed. @param type e.g. `SOCK_STREAM` */
export function hostSocket(testbed: Testbed, host: string, type: number): number {
  const fd = inNamespace(testbed.path(host), () => socket(AF_INET, type, 0));
  testbed.own({ close: () => close(fd) });
  return fd;
}

/**
 * Listens at a host's first address.
 *
 * @param flags `SOCK_NONBLOCK` for a listener whose `accept` does not wait
 * @returns The descriptor, and the address that a peer connects to.
 */
export function listenOn(
  testbed: Testbed,
  host: string,
  port: number,
  backlog: number,
  flags = 0,
): { fd: number; at: Uint8Array } {
  const at = ipv4SocketAddress(testbed.end(host).addresses[0]!.split("/")[0]!, port);
  const fd = hostSocket(testbed, host, SOCK_STREAM | flags);
  bind(fd, at, `TCP port ${port} of host ${host}`);
  listen(fd, backlog);
  return { fd, at };
}
