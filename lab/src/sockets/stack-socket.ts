// One socket on the lab's own stack: what a stream and a datagram socket have in common.

import { ipv4FromText, ipv4ToText } from "../packet/index.js";
import type { NetworkStack, StackAddress } from "../stack/index.js";
import { posixError, type Received, type SocketAddress, type SocketOption } from "./api.js";

/** What all sockets of one stack share. */
export interface Ports {
  readonly stack: NetworkStack;
  /**
   * Answers whether a stream socket has the port, or a connection that was closed still holds it (TIME-WAIT).
   *
   * @param reuse SO_REUSEADDR: who shares it does not count
   */
  isTaken(port: number, reuse: boolean): boolean;
  /** A port that nobody has. */
  free(): number;
}

/** What a descriptor stands for. `api.ts` says what the methods do. */
export interface StackSocket {
  readonly local: SocketAddress;
  bind(at: SocketAddress): void;
  listen(backlog: number): void;
  accept(): { socket: StackSocket; peer: SocketAddress } | null;
  connect(to: SocketAddress): boolean;
  send(bytes: Uint8Array, to?: SocketAddress): number | null;
  receive(into: Uint8Array, peek: boolean): Received | null;
  shutdown(side: "read" | "write" | "both"): void;
  close(): void;
  /** What is true now: bits of `POLL`, asked for or not. */
  ready(): number;
  peer(): SocketAddress;
  takeError(): string | null;
  option(name: SocketOption): number;
  setOption(name: SocketOption, value: number): void;
  /** Holds its port although it is closed. */
  readonly isLingering: boolean;
  /** Lets another stream socket have its port, if that wants it, too. @source net/ipv4/inet_connection_sock.c, inet_bind_conflict */
  readonly sharesPort: boolean;
}

export const ANY = "0.0.0.0";

export function toText({ address, port }: StackAddress): SocketAddress {
  return { address: ipv4ToText(address), port };
}

/** @throws RangeError for what is no address */
export function toNumber({ address, port }: SocketAddress): StackAddress {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`Cannot use port ${port}: a port is a whole number -> try 0 to 65535`);
  }
  return { address: ipv4FromText(address), port };
}

/** The port that `bind` is asked for; 0 for any. @throws SysError EADDRNOTAVAIL */
export function portOf(ports: Ports, at: SocketAddress): number {
  const { address, port } = toNumber(at);
  if (address !== 0 && address !== ports.stack.address) {
    throw posixError("bind", "EADDRNOTAVAIL", `bind to ${at.address}, which is not the stack's address`);
  }
  return port;
}
