// A datagram socket on the lab's own UDP. Its port opens with the first call that needs one.

import type { Datagram, UdpEndpoint } from "../stack/index.js";
import { POLL, posixError, type Received, type SocketAddress, type SocketOption } from "./api.js";
import { ANY, type Ports, portOf, type StackSocket, toNumber, toText } from "./stack-socket.js";

/** Bytes that a datagram can have at most: the IP header says its length in 16 bits. */
const MAX_DATAGRAM = 65_535 - 20 - 8;

export class StackDatagram implements StackSocket {
  private readonly ports: Ports;
  private readonly options: Record<SocketOption, number>;
  private endpoint: UdpEndpoint | null = null;
  private address: string = ANY;
  /** What a peek has taken off the queue and left here. */
  private next: Datagram | null = null;
  private readEnded = false;
  private writeEnded = false;
  readonly isLingering = false;
  readonly sharesPort = false;

  constructor(ports: Ports) {
    this.ports = ports;
    this.options = { reuseAddress: 0, keepAlive: 0, noDelay: 0, lingerMs: -1 };
  }

  get local(): SocketAddress {
    if (this.endpoint === null) return { address: ANY, port: 0 };
    const connected = this.endpoint.peer !== null;
    return { ...toText(this.endpoint.local), ...(!connected && { address: this.address }) };
  }

  bind(at: SocketAddress): void {
    if (this.endpoint !== null)
      throw posixError("bind", "EINVAL", "bind a socket that has an address already");
    this.endpoint = this.ports.stack.openUdp(portOf(this.ports, at));
    this.address = at.address;
  }

  listen(): void {
    throw posixError("listen", "EOPNOTSUPP", "listen on a datagram socket");
  }

  accept(): null {
    throw posixError("accept", "EOPNOTSUPP", "accept on a datagram socket");
  }

  connect(to: SocketAddress): boolean {
    this.open().connect(toNumber(to));
    return true;
  }

  send(bytes: Uint8Array, to?: SocketAddress): number | null {
    const endpoint = this.open();
    if (bytes.length > MAX_DATAGRAM) throw posixError("sendmsg", "EMSGSIZE", `send ${bytes.length} bytes`);
    const peer = to === undefined ? endpoint.peer : toNumber(to);
    if (peer === null) throw posixError("sendmsg", "EDESTADDRREQ", "send to nobody");
    if (this.writeEnded) throw posixError("sendmsg", "EPIPE", "send where this side has ended");
    this.throwError("sendmsg");
    return endpoint.send(peer, bytes) ? bytes.length : null;
  }

  receive(into: Uint8Array, peek: boolean): Received | null {
    this.throwError("recvmsg");
    const datagram = this.next ?? this.endpoint?.receive() ?? null;
    this.next = peek ? datagram : null;
    if (datagram === null) return this.readEnded ? { length: 0, from: null, truncated: false } : null;
    const { bytes } = datagram;
    into.set(bytes.subarray(0, into.length));
    const length = Math.min(bytes.length, into.length);
    return { length, from: toText(datagram), truncated: bytes.length > into.length };
  }

  shutdown(side: "read" | "write" | "both"): void {
    if (this.endpoint?.peer == null) {
      throw posixError("shutdown", "ENOTCONN", "shut down a socket without a peer");
    }
    if (side !== "write") this.readEnded = true;
    if (side !== "read") this.writeEnded = true;
  }

  close(): void {
    this.endpoint?.close();
  }

  ready(): number {
    const hasData = this.next !== null || (this.endpoint?.readable ?? 0) > 0;
    const hasError = (this.endpoint?.failure ?? null) !== null;
    const isOver = this.readEnded && this.writeEnded;
    return (
      POLL.out |
      (hasData || this.readEnded ? POLL.in : 0) |
      (hasError ? POLL.error : 0) |
      (isOver ? POLL.hangUp : 0)
    );
  }

  peer(): SocketAddress {
    const peer = this.endpoint?.peer ?? null;
    if (peer === null) throw posixError("getpeername", "ENOTCONN", "name the peer of a socket without one");
    return toText(peer);
  }

  takeError(): string | null {
    return this.endpoint?.takeFailure() ?? null;
  }

  option(name: SocketOption): number {
    return this.options[name];
  }

  setOption(name: SocketOption, value: number): void {
    this.options[name] = value;
  }

  private open(): UdpEndpoint {
    this.endpoint ??= this.ports.stack.openUdp(0);
    return this.endpoint;
  }

  private throwError(call: string): void {
    const error = this.takeError();
    if (error !== null) throw posixError(call, error, `${call}: an ICMP error came back`);
  }
}
