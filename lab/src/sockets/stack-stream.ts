// A stream socket on the lab's own TCP. It is nothing, then a listener or a connection; POSIX's errors are about
// asking one of them for what only another can do.

import type { TcpConnection, TcpListener } from "../stack/index.js";
import { POLL, posixError, type Received, type SocketAddress, type SocketOption } from "./api.js";
import { ANY, type Ports, portOf, type StackSocket, toNumber, toText } from "./stack-socket.js";

/** What a keep-alive waits for, as Linux does. @source RFC 9293 section 3.8.4 */
const KEEP_ALIVE_MS = 7_200_000;

export class StackStream implements StackSocket {
  private readonly ports: Ports;
  private readonly options: Record<SocketOption, number>;
  private bound: SocketAddress = { address: ANY, port: 0 };
  private listener: TcpListener | null = null;
  private connection: TcpConnection | null = null;
  private errorTaken = false;
  private isConnectionTold = false;
  private readEnded = false;
  private writeEnded = false;

  /** @param accepted a connection, and the options of the socket that listened for it, which it inherits */
  constructor(ports: Ports, accepted?: { connection: TcpConnection; options: Record<SocketOption, number> }) {
    this.ports = ports;
    this.connection = accepted?.connection ?? null;
    this.isConnectionTold = accepted !== undefined;
    this.options = { reuseAddress: 0, keepAlive: 0, noDelay: 0, lingerMs: -1, ...accepted?.options };
    if (this.connection !== null) this.applyOptions(this.connection);
  }

  get local(): SocketAddress {
    return this.connection === null ? this.bound : toText(this.connection.local);
  }

  get isLingering(): boolean {
    return this.connection !== null && this.connection.state !== "CLOSED";
  }

  get sharesPort(): boolean {
    return this.listener === null && this.options.reuseAddress !== 0;
  }

  bind(at: SocketAddress): void {
    if (this.bound.port !== 0 || this.connection !== null) {
      throw posixError("bind", "EINVAL", "bind a socket that has an address already");
    }
    const wanted = portOf(this.ports, at);
    if (wanted !== 0 && this.ports.isTaken(wanted, this.options.reuseAddress !== 0)) {
      throw posixError("bind", "EADDRINUSE", `bind to port ${wanted}`);
    }
    this.bound = { address: at.address, port: wanted === 0 ? this.ports.free() : wanted };
  }

  listen(backlog: number): void {
    if (this.connection !== null) throw posixError("listen", "EINVAL", "listen on a connected socket");
    if (this.listener !== null) return;
    if (this.bound.port === 0) this.bound = { address: ANY, port: this.ports.free() };
    this.listener = this.ports.stack.listenTcp(this.bound.port, backlog);
  }

  accept(): { socket: StackSocket; peer: SocketAddress } | null {
    if (this.listener === null) throw posixError("accept", "EINVAL", "accept where nothing listens");
    const connection = this.listener.accept();
    if (connection === null) return null;
    const socket = new StackStream(this.ports, { connection, options: this.options });
    return { socket, peer: toText(connection.remote) };
  }

  connect(to: SocketAddress): boolean {
    if (this.listener !== null) throw posixError("connect", "EISCONN", "connect a socket that listens");
    if (this.connection !== null) return this.connectAgain(this.connection);
    this.connection = this.ports.stack.connectTcp(toNumber(to), { localPort: this.bound.port });
    this.applyOptions(this.connection);
    return false;
  }

  /** @source connect(2): EALREADY, then the outcome once, then EISCONN */
  private connectAgain(connection: TcpConnection): boolean {
    this.throwError("connect");
    if (connection.state === "SYN-SENT" || connection.state === "SYN-RECEIVED") {
      throw posixError("connect", "EALREADY", "connect while a connect is under way");
    }
    if (this.isConnectionTold) throw posixError("connect", "EISCONN", "connect a connected socket");
    this.isConnectionTold = true;
    return true;
  }

  send(bytes: Uint8Array): number | null {
    const { connection } = this;
    this.throwError("sendmsg");
    if (connection === null) throw posixError("sendmsg", "EPIPE", "send on a socket without a connection");
    if (connection.state === "SYN-SENT" || connection.state === "SYN-RECEIVED") return null;
    if (this.writeEnded || connection.failure !== null || connection.state === "CLOSED") {
      throw posixError("sendmsg", "EPIPE", "send where this side has ended");
    }
    const taken = connection.write(bytes);
    return taken === 0 && bytes.length > 0 ? null : taken;
  }

  receive(into: Uint8Array, peek: boolean): Received | null {
    const { connection } = this;
    if (connection === null || connection.state === "SYN-SENT") {
      this.throwError("recvmsg");
      if (connection !== null) return null;
      throw posixError("recvmsg", "ENOTCONN", "receive on a socket without a connection");
    }
    const length = peek ? connection.peek(into) : connection.read(into);
    if (length > 0) return { length, from: null, truncated: false };
    this.throwError("recvmsg");
    const isOver = this.readEnded || connection.failure !== null || connection.atEnd;
    return isOver ? { length: 0, from: null, truncated: false } : null;
  }

  shutdown(side: "read" | "write" | "both"): void {
    const { connection } = this;
    if (connection === null || connection.state === "CLOSED" || connection.state === "SYN-SENT") {
      throw posixError("shutdown", "ENOTCONN", "shut down a socket without a connection");
    }
    if (side !== "write") this.readEnded = true;
    if (side !== "read" && !this.writeEnded) {
      this.writeEnded = true;
      connection.shutdown();
    }
  }

  close(): void {
    this.listener?.close();
    if (this.options.lingerMs === 0) this.connection?.abort();
    else this.connection?.close();
  }

  /** @source net/ipv4/tcp.c, tcp_poll */
  ready(): number {
    if (this.listener !== null) return this.listener.acceptable > 0 ? POLL.in : 0;
    const { connection } = this;
    if (connection === null) return POLL.out | POLL.hangUp;
    const { state, failure } = connection;
    const hasError = failure !== null && !this.errorTaken ? POLL.error : 0;
    if (state === "SYN-SENT" || state === "SYN-RECEIVED") return hasError;
    const isReadOver = this.readEnded || connection.atEnd || state === "CLOSED";
    const isOver = state === "CLOSED" || (isReadOver && this.writeEnded);
    const canRead = connection.readable > 0 || isReadOver ? POLL.in : 0;
    const canWrite = connection.writable > 0 || this.writeEnded || state === "CLOSED" ? POLL.out : 0;
    return hasError | canRead | canWrite | (isOver ? POLL.hangUp : 0);
  }

  peer(): SocketAddress {
    const { connection } = this;
    if (connection === null || connection.state === "CLOSED" || connection.state === "SYN-SENT") {
      throw posixError("getpeername", "ENOTCONN", "name the peer of a socket without a connection");
    }
    return toText(connection.remote);
  }

  takeError(): string | null {
    const failure = this.connection?.failure ?? null;
    if (failure === null || this.errorTaken) return null;
    this.errorTaken = true;
    return failure;
  }

  option(name: SocketOption): number {
    return this.options[name];
  }

  setOption(name: SocketOption, value: number): void {
    this.options[name] = value;
    if (this.connection !== null) this.applyOptions(this.connection);
  }

  private applyOptions(connection: TcpConnection): void {
    connection.noDelay = this.options.noDelay !== 0;
    connection.keepAliveMs = this.options.keepAlive === 0 ? 0 : KEEP_ALIVE_MS;
  }

  private throwError(call: string): void {
    const error = this.takeError();
    if (error !== null) throw posixError(call, error, `${call}: the connection failed`);
  }
}
