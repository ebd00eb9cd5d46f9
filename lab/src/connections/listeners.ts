// Listening sockets on host b. One that all servers wait at, or one for each server in a group: all bound to one address with
// SO_REUSEPORT, and then the kernel chooses among them for each connection.
import {
  AF_INET,
  bind,
  close,
  inNamespace,
  ipv4SocketAddress,
  listen,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  setSocketOption,
  socket,
  stopListening,
} from "../sys/index.js";
import type { ListenerSharing } from "./design.js";

/** Where to listen, and how. */
export interface ListenSpec {
  /** A namespace file. */
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  /** How many servers there are. */
  readonly servers: number;
  readonly sharing: ListenerSharing;
  /** Connections that may wait for accept, in each listener. */
  readonly backlog: number;
  readonly nonblocking: boolean;
}

/** Open listeners. */
export interface Listeners {
  /** One descriptor for each server; all the same where the listener is shared. */
  readonly fds: readonly number[];
  /** Lets the servers go: accept gives EINVAL from now on. A second call does nothing. */
  stop(): void;
  close(): void;
}

function openListener({ address, port, sharing, backlog, nonblocking }: ListenSpec): number {
  const fd = socket(AF_INET, SOCK_STREAM | (nonblocking ? SOCK_NONBLOCK : 0), 0);
  try {
    const on = new Uint8Array(Int32Array.of(1).buffer);
    // Connections of an earlier run may still be in TIME-WAIT at this address.
    setSocketOption(fd, SOL_SOCKET, SO_REUSEADDR, on, "SO_REUSEADDR");
    if (sharing === "perCore") setSocketOption(fd, SOL_SOCKET, SO_REUSEPORT, on, "SO_REUSEPORT");
    bind(fd, ipv4SocketAddress(address, port), `${address}:${port}`);
    listen(fd, backlog);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Opens them. @throws SysError EADDRINUSE where somebody else listens there; what was opened is closed */
export function openListeners(spec: ListenSpec): Listeners {
  const open: number[] = [];
  const count = spec.sharing === "shared" ? 1 : spec.servers;
  try {
    inNamespace(spec.namespace, () => {
      for (let i = 0; i < count; i++) open.push(openListener(spec));
    });
  } catch (error) {
    for (const fd of open) close(fd);
    throw error;
  }
  let listening = true;
  return {
    fds: Array.from({ length: spec.servers }, (_, i) => open[i % count]!),
    stop(): void {
      if (listening) open.forEach(stopListening);
      listening = false;
    },
    close: () => open.forEach(close),
  };
}
