// One program for every kind of sockets: it sends each datagram back to where it came from.

import { POLL, type SocketAddress, type SocketDescriptor, type Sockets } from "./api.js";

/** What is heard at once at most: a program that only reads is polled too seldom. */
const BURST = 64;

/** An echo server on one datagram socket. */
export class DatagramEcho {
  readonly at: SocketAddress;
  /** Datagrams sent back so far. */
  echoed = 0;
  private readonly sockets: Sockets;
  private readonly fd: SocketDescriptor;
  private readonly buffer: Uint8Array = new Uint8Array(2048);

  /** @throws SysError EADDRINUSE, EADDRNOTAVAIL */
  constructor(sockets: Sockets, at: SocketAddress) {
    this.sockets = sockets;
    this.fd = sockets.socket("datagram");
    sockets.bind(this.fd, at);
    this.at = sockets.getsockname(this.fd);
  }

  /** Waits until something is there, and answers all of it. @param timeoutMs longest wait */
  turn(timeoutMs: number): void {
    const { sockets, fd, buffer } = this;
    if (sockets.poll([{ fd, events: POLL.in }], timeoutMs)[0] === 0) return;
    for (let count = 0; count < BURST; count++) {
      const received = sockets.recvmsg(fd, buffer);
      if (received === null) return;
      if (sockets.sendmsg(fd, buffer.subarray(0, received.length), received.from!) !== null) this.echoed++;
    }
  }

  close(): void {
    this.sockets.close(this.fd);
  }
}
