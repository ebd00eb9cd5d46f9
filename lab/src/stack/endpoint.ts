// What an application sees of the stack. Nothing here blocks: a call does what can be done now and says how
// much that was. What has happened meanwhile is gathered into one set of events for each endpoint and told
// once at the end of a `poll`, however many packets it took: mTCP's batching between stack and application.
// The sockets library stands on these interfaces and on nothing else.

/** The bits of an endpoint's `events`: what happened since its handler was last called. */
export const STACK_EVENT: Readonly<
  Record<"connected" | "readable" | "writable" | "ended" | "acceptable" | "closed" | "failed", number>
> = {
  /** The handshake is done. */
  connected: 1,
  /** Bytes or a datagram arrived. */
  readable: 2,
  /** There was no room to write, and now there is. */
  writable: 4,
  /** The peer has sent its FIN: after what is readable nothing comes. */
  ended: 8,
  /** A listener has a connection to hand out. */
  acceptable: 16,
  /** The connection is in state CLOSED, orderly or not. */
  closed: 32,
  /** `failure` says why; on a TCP connection `closed` comes with it. */
  failed: 64,
};

/** Why an endpoint failed, by POSIX's names. */
export type StackFailure =
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "ETIMEDOUT"
  | "EHOSTUNREACH"
  | "ENETUNREACH"
  | "ECONNABORTED";

/** The states of a TCP connection. @source RFC 9293 section 3.3.2 */
export type ConnectionState =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** An IPv4 address as a number of 32 bits, and a port. */
export interface StackAddress {
  address: number;
  port: number;
}

/** What all endpoints have. */
export interface StackEndpoint {
  readonly local: Readonly<StackAddress>;
  /**
   * Called at the end of a `poll` in which something happened. It may call anything, on any endpoint.
   * Left null, the application asks `readable` and its like by itself.
   */
  onEvents: ((events: number) => void) | null;
  /** Set once, with the event `failed`. */
  readonly failure: StackFailure | null;
}

/** One TCP connection. */
export interface TcpConnection extends StackEndpoint {
  readonly remote: Readonly<StackAddress>;
  readonly state: ConnectionState;
  /** Bytes that `read` would give now. */
  readonly readable: number;
  /** Bytes that `write` would take now; 0 before the handshake's end and after `shutdown`. */
  readonly writable: number;
  /** Bytes written that the peer has not acknowledged yet. */
  readonly unacknowledged: number;
  /** The peer has closed its side and everything was read: a `read` of 0 now means the end. */
  readonly atEnd: boolean;
  /** Sends small segments at once (TCP_NODELAY); false lets Nagle's algorithm gather them. @source RFC 9293 section 3.7.4 */
  noDelay: boolean;
  /** Probes an idle peer after so many ms (SO_KEEPALIVE); 0, the default, never. @source RFC 9293 section 3.8.4 */
  keepAliveMs: number;
  /** Moves bytes that have arrived into `into`. @returns How many: 0 where there are none now, or none ever again (`atEnd`). */
  read(into: Uint8Array, start?: number, end?: number): number;
  /** Copies bytes that have arrived, and leaves them there. @returns How many. */
  peek(into: Uint8Array): number;
  /** Copies bytes into the send buffer. @returns How many it had room for, from 0. */
  write(from: Uint8Array, start?: number, end?: number): number;
  /** Ends our side: a FIN follows what was written. Reading goes on (half-close). @source RFC 9293 section 3.6 */
  shutdown(): void;
  /**
   * Gives the connection up: the stack sends what was written, then FIN, and forgets it. With bytes unread, or bytes that
   * come later, the peer gets a RST, because they are lost. @source RFC 9293 section 3.6.1
   */
  close(): void;
  /** Ends it at once: RST, and nothing written is promised. */
  abort(): void;
}

/** A port on which connections are accepted. */
export interface TcpListener extends StackEndpoint {
  /** Connections whose handshake is done and that wait for `accept`. */
  readonly acceptable: number;
  /** Takes the oldest of them. @returns null where none waits. */
  accept(): TcpConnection | null;
  /** Stops listening; connections not accepted are reset. */
  close(): void;
}

/** One received datagram: where it came from, and its bytes, a copy of the receiver's own. */
export interface Datagram extends StackAddress {
  bytes: Uint8Array;
}

/** A UDP port. */
export interface UdpEndpoint extends StackEndpoint {
  /** Datagrams waiting. */
  readonly readable: number;
  /** Takes the oldest, as an object of its own. @returns null where none waits. */
  receive(): Datagram | null;
  /**
   * Takes the oldest and makes no object: its bytes go into `into`, what does not fit there is lost.
   *
   * @param from is told the sender; left out, nobody is
   * @returns The datagram's length in bytes, however many of them fitted; -1 where none waits.
   */
  receiveInto(into: Uint8Array, from?: StackAddress): number;
  /**
   * Sends one datagram. While its neighbour's MAC address is being asked for it waits, at most a few do.
   *
   * @returns False where the link was full.
   * @throws SysError EMSGSIZE for more than the link's MTU takes (nothing is fragmented on sending), ENETUNREACH without a route
   */
  send(to: StackAddress, bytes: Uint8Array, start?: number, end?: number): boolean;
  /**
   * Hears only this peer from now on, and its ICMP errors (`failure` ECONNREFUSED, cleared by `takeFailure`); null: everybody.
   */
  connect(peer: StackAddress | null): void;
  readonly peer: Readonly<StackAddress> | null;
  /** Reads and clears `failure`, as SO_ERROR does. */
  takeFailure(): StackFailure | null;
  close(): void;
}

/** What may differ when a connection is opened. */
export interface TcpConnectOptions {
  /** 0, the default: a free one. */
  localPort?: number;
}

/** The whole stack as its users see it. */
export interface NetworkStack {
  readonly address: number;
  readonly mtu: number;
  /**
   * Does what is due: takes frames in, runs timers, sends, and then tells the endpoints. Call it often; it never waits.
   *
   * @returns How many frames came in.
   */
  poll(): number;
  /** When `poll` has something to do even if no frame comes: ms of the stack's clock, or Infinity. */
  nextTimerMs(): number;
  /** Opens a UDP port; 0 takes a free one. @throws SysError EADDRINUSE */
  openUdp(port: number): UdpEndpoint;
  /**
   * Listens. @param backlog connections not yet accepted, and as many half-open ones
   * @throws SysError EADDRINUSE
   */
  listenTcp(port: number, backlog: number): TcpListener;
  /**
   * Begins a handshake: event `connected`, or `failed`, follows.
   *
   * @throws SysError EADDRINUSE where the local port is taken for this peer, EADDRNOTAVAIL where none is free, ENETUNREACH without a route
   */
  connectTcp(to: StackAddress, options?: TcpConnectOptions): TcpConnection;
  /**
   * Memory for an application to read into and write from, on hand until the stack is closed. Whatever the length, a copy between it
   * and the stack makes no object, which one of more than 512 bytes to or from other memory does. @param lengthBytes 1 or more
   */
  allocate(lengthBytes: number): Uint8Array;
  /** Forgets every endpoint and closes the link; peers hear nothing. */
  close(): void;
}
