// POSIX's socket calls on the lab's own stack: a table of descriptors, and under each a socket. No call enters the
// kernel. The stack only lives while it is polled, so `poll` is what lets time pass.

import type { NetworkStack } from "../stack/index.js";
import {
  type Accepted,
  POLL,
  type PollEntry,
  posixError,
  type Received,
  type SocketAddress,
  type SocketDescriptor,
  type SocketKind,
  type SocketOption,
  type Sockets,
} from "./api.js";
import { StackDatagram } from "./stack-datagram.js";
import type { Ports, StackSocket } from "./stack-socket.js";
import { StackStream } from "./stack-stream.js";

/** How time passes for a stack. */
export interface Pump {
  /** Now, in ms of the stack's clock. */
  nowMs(): number;
  /** Polls the stack, and lets time pass until something happens, but no longer than until this moment. */
  pump(untilMs: number): void;
}

const FIRST_DESCRIPTOR = 3; // 0, 1 and 2 are a process's standard streams
/** Ports that are given to who asks for none. @source RFC 6335 section 6 */
const [FIRST_FREE, LAST_FREE] = [49_152, 65_535];

/** Sockets on a stack of our own. */
export class StackSockets implements Sockets {
  readonly title: string = "the lab's own stack";
  private readonly ports: Ports;
  private readonly time: Pump;
  private readonly table: (StackSocket | undefined)[] = [];
  private lingering: { socket: StackSocket; port: number }[] = [];
  private nextFree = FIRST_FREE;

  constructor(stack: NetworkStack, time: Pump) {
    this.time = time;
    this.ports = { stack, isTaken: (port, reuse) => this.isTaken(port, reuse), free: () => this.freePort() };
  }

  socket(kind: SocketKind): SocketDescriptor {
    return this.put(kind === "stream" ? new StackStream(this.ports) : new StackDatagram(this.ports));
  }

  bind(fd: SocketDescriptor, at: SocketAddress): void {
    this.at(fd, "bind").bind(at);
  }

  listen(fd: SocketDescriptor, backlog: number): void {
    this.at(fd, "listen").listen(backlog);
  }

  accept(fd: SocketDescriptor): Accepted | null {
    const accepted = this.at(fd, "accept").accept();
    return accepted === null ? null : { fd: this.put(accepted.socket), peer: accepted.peer };
  }

  connect(fd: SocketDescriptor, to: SocketAddress): boolean {
    return this.at(fd, "connect").connect(to);
  }

  sendmsg(fd: SocketDescriptor, bytes: Uint8Array, to?: SocketAddress): number | null {
    return this.at(fd, "sendmsg").send(bytes, to);
  }

  recvmsg(fd: SocketDescriptor, into: Uint8Array, peek = false): Received | null {
    return this.at(fd, "recvmsg").receive(into, peek);
  }

  shutdown(fd: SocketDescriptor, side: "read" | "write" | "both"): void {
    this.at(fd, "shutdown").shutdown(side);
  }

  close(fd: SocketDescriptor): void {
    const socket = this.at(fd, "close");
    this.table[fd - FIRST_DESCRIPTOR] = undefined;
    const { port } = socket.local;
    socket.close();
    this.lingering = this.lingering.filter(({ socket }) => socket.isLingering);
    if (socket.isLingering) this.lingering.push({ socket, port });
  }

  poll(entries: readonly PollEntry[], timeoutMs: number): number[] {
    const untilMs = timeoutMs < 0 ? Number.POSITIVE_INFINITY : this.time.nowMs() + timeoutMs;
    let found = entries.map((entry) => this.readyOf(entry));
    while (found.every((events) => events === 0)) {
      const isLast = this.time.nowMs() >= untilMs;
      this.time.pump(untilMs);
      found = entries.map((entry) => this.readyOf(entry));
      if (isLast) break;
    }
    return found;
  }

  private readyOf({ fd, events }: PollEntry): number {
    if (fd < 0) return 0;
    const socket = this.table[fd - FIRST_DESCRIPTOR];
    if (socket === undefined) return POLL.invalid;
    return socket.ready() & (events | POLL.error | POLL.hangUp);
  }

  getsockname(fd: SocketDescriptor): SocketAddress {
    return this.at(fd, "getsockname").local;
  }

  getpeername(fd: SocketDescriptor): SocketAddress {
    return this.at(fd, "getpeername").peer();
  }

  setsockopt(fd: SocketDescriptor, option: SocketOption, value: number): void {
    this.at(fd, "setsockopt").setOption(option, value);
  }

  getsockopt(fd: SocketDescriptor, option: SocketOption): number {
    return this.at(fd, "getsockopt").option(option);
  }

  takeError(fd: SocketDescriptor): string | null {
    return this.at(fd, "getsockopt").takeError();
  }

  private at(fd: SocketDescriptor, call: string): StackSocket {
    const socket = this.table[fd - FIRST_DESCRIPTOR];
    if (socket === undefined) throw posixError(call, "EBADF", `${call} on descriptor ${fd}`);
    return socket;
  }

  /** The lowest number that is free, as POSIX has it. */
  private put(socket: StackSocket): SocketDescriptor {
    let slot = 0;
    while (this.table[slot] !== undefined) slot++;
    this.table[slot] = socket;
    return slot + FIRST_DESCRIPTOR;
  }

  private isTaken(port: number, reuse: boolean): boolean {
    this.lingering = this.lingering.filter(({ socket }) => socket.isLingering);
    const open = this.table.filter((socket) => socket instanceof StackStream && socket.local.port === port);
    const closed = this.lingering.filter((held) => held.port === port).map(({ socket }) => socket);
    return [...open, ...closed].some((socket) => !(reuse && socket?.sharesPort));
  }

  private freePort(): number {
    for (let tries = FIRST_FREE; tries <= LAST_FREE; tries++) {
      const port = this.nextFree;
      this.nextFree = port === LAST_FREE ? FIRST_FREE : port + 1;
      if (!this.table.some((socket) => socket?.local.port === port)) return port;
    }
    throw posixError("bind", "EADDRINUSE", "find a free port");
  }
}
