// What a program asks of a socket, whoever stands behind it: POSIX's names and POSIX's errors, and nothing that only a kernel
// could do. Every call answers at once; what would have to wait says `null`, which is POSIX's EAGAIN. `wait.ts` makes the
// blocking and the async style of it, because both are the same thing: asking `poll`, and asking again.

import { SysError } from "../base/index.js";

/** A small number that stands for a socket, as a process keeps it. */
export type SocketDescriptor = number;

/** A stream is TCP, a datagram socket UDP. */
export type SocketKind = "stream" | "datagram";

/** An IPv4 address as a dotted quad, and a port in host order. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** What `recvmsg` brought. */
export interface Received {
  /** Bytes written to the buffer. On a stream 0 means that the other side has ended. */
  readonly length: number;
  /** Who sent the datagram; null on a stream, where the connection says it. */
  readonly from: SocketAddress | null;
  /** The datagram was longer than the buffer, and its rest is gone (MSG_TRUNC). */
  readonly truncated: boolean;
}

/** A connection that `accept` hands out. */
export interface Accepted {
  readonly fd: SocketDescriptor;
  readonly peer: SocketAddress;
}

/** One line of what `poll` is asked: bits of `POLL`. */
export interface PollEntry {
  readonly fd: SocketDescriptor;
  readonly events: number;
}

/** The bits of `poll`. The last three are told whether they were asked for or not. @source poll(2) */
export const POLL: Readonly<Record<"in" | "out" | "error" | "hangUp" | "invalid", number>> = {
  in: 1,
  out: 4,
  error: 8,
  hangUp: 16,
  invalid: 32,
};

/** Options, by POSIX's names without their prefix; values are 0 or 1, and milliseconds for `lingerMs` (-1: off). */
export type SocketOption = "reuseAddress" | "keepAlive" | "noDelay" | "lingerMs";

/**
 * The interface of sockets. Every call throws `SysError` with the call's name and POSIX's errno; EBADF for a descriptor that is
 * none of ours is common to all.
 */
export interface Sockets {
  /** Who stands behind it, in words. */
  readonly title: string;
  /** Makes a socket that never blocks. @source POSIX socket() */
  socket(kind: SocketKind): SocketDescriptor;
  /**
   * Gives a socket its own address; port 0 takes a free one, address 0.0.0.0 every one of the host's.
   *
   * @throws SysError EADDRINUSE, EADDRNOTAVAIL for an address that is not the host's, EINVAL where it has one already
   */
  bind(fd: SocketDescriptor, at: SocketAddress): void;
  /** @param backlog connections that may wait for `accept` @throws SysError EOPNOTSUPP, EINVAL on a connected socket */
  listen(fd: SocketDescriptor, backlog: number): void;
  /** @returns null where no connection waits (EAGAIN). @throws SysError EINVAL where it does not listen, EOPNOTSUPP */
  accept(fd: SocketDescriptor): Accepted | null;
  /**
   * Names the other side. On a stream that begins a handshake.
   *
   * @returns False while it is under way (EINPROGRESS): `poll` says `out` when it is over, `takeError` how it ended.
   * @throws SysError EALREADY while it is under way, EISCONN after it, ECONNREFUSED, ...
   */
  connect(fd: SocketDescriptor, to: SocketAddress): boolean;
  /**
   * Sends bytes. A stream may take fewer than it is given.
   *
   * @param to a datagram's receiver; left out where the socket is connected
   * @returns How many it took; null where it has no room (EAGAIN).
   * @throws SysError EPIPE after the end of our side, EDESTADDRREQ, EMSGSIZE, ECONNREFUSED, ECONNRESET
   */
  sendmsg(fd: SocketDescriptor, bytes: Uint8Array, to?: SocketAddress): number | null;
  /** @param peek leaves it there @returns null where nothing has come (EAGAIN). @throws SysError ENOTCONN, ECONNREFUSED, ECONNRESET */
  recvmsg(fd: SocketDescriptor, into: Uint8Array, peek?: boolean): Received | null;
  /** Ends one side or both. @throws SysError ENOTCONN */
  shutdown(fd: SocketDescriptor, side: "read" | "write" | "both"): void;
  /** Gives the descriptor back. What was written is still sent; with bytes unread the other side is reset. */
  close(fd: SocketDescriptor): void;
  /**
   * Waits until something can be done on one of them.
   *
   * @param timeoutMs 0 does not wait, -1 waits for ever; a negative descriptor is passed over
   * @returns For each entry what is true of it, 0 where nothing is.
   */
  poll(entries: readonly PollEntry[], timeoutMs: number): number[];
  getsockname(fd: SocketDescriptor): SocketAddress;
  /** @throws SysError ENOTCONN */
  getpeername(fd: SocketDescriptor): SocketAddress;
  setsockopt(fd: SocketDescriptor, option: SocketOption, value: number): void;
  getsockopt(fd: SocketDescriptor, option: SocketOption): number;
  /** Reads and clears the error that waits (SO_ERROR). @returns Its errno name, or null. */
  takeError(fd: SocketDescriptor): string | null;
}

const NEXT: Readonly<Record<string, string>> = {
  EBADF: "use the descriptor that socket or accept gave, and not after close",
  EINVAL: "look at the order of the calls",
  EADDRINUSE: "choose another port, or 0 for a free one",
  EADDRNOTAVAIL: "bind to an address of this host, or to 0.0.0.0",
  ENOTCONN: "connect first",
  EISCONN: "make another socket",
  EDESTADDRREQ: "say whom to send to, or connect first",
  EPIPE: "stop sending: this side has ended",
};

/** The error for a call that POSIX refuses. @param code the errno's name @param action what was tried, in words */
export function posixError(call: string, code: string, action: string): SysError {
  return new SysError(
    call,
    code,
    `Cannot ${action}: ${code} -> ${NEXT[code] ?? `see the page of ${call} in POSIX for ${code}`}`,
  );
}
