// Both ends of one TCP connection in this process, each in its host's namespace: for streams through the kernel's stack.
import type { Testbed } from "../net/index.js";
import {
  AF_INET,
  accept,
  bind,
  close,
  connect,
  getSocketName,
  inNamespace,
  ipv4SocketAddress,
  listen,
  SOCK_STREAM,
  socket,
} from "../sys/index.js";

/** Descriptors of a connection; they are closed with the testbed. */
export interface TcpPair {
  /** On host a. */
  readonly from: number;
  /** On host b. */
  readonly to: number;
}

/** Connects host a to host b. @throws SysError; what was opened is closed with the testbed */
export function openTcpPair(testbed: Testbed): TcpPair {
  const open = (host: string): number => {
    const fd = inNamespace(testbed.path(host), () => socket(AF_INET, SOCK_STREAM, 0));
    testbed.own({ close: () => close(fd) });
    return fd;
  };
  const [listener, from] = [open("b"), open("a")];
  const address = testbed.end("b").addresses[0]!.split("/")[0]!;
  bind(listener, ipv4SocketAddress(address, 0), `a TCP port of host b`);
  listen(listener, 1);
  connect(from, getSocketName(listener), "host a to host b");
  const to = accept(listener);
  testbed.own({ close: () => close(to) });
  return { from, to };
}
