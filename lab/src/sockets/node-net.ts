// What Node's HTTP server and streams ask of `node:net`, on any sockets: a Server that listens at an address, and Sockets that are streams; not all
// of `node:net`: `listen` takes no callback, and there is no `createConnection`. Node's own HTTP server takes
// such a stream for a connection (`http.Server` event "connection") and does not notice whose TCP it runs on.

import { EventEmitter } from "node:events";
import { Duplex } from "node:stream";
import type { SocketAddress, SocketDescriptor } from "./api.js";
import type { AsyncSockets } from "./wait.js";

const CHUNK_BYTES = 65_536;

/** One connection as a stream, with what `net.Socket` has beside it. @source https://nodejs.org/docs/latest-v20.x/api/net.html */
export class StreamSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily: string = "IPv4";
  readonly localAddress: string;
  readonly localPort: number;
  bytesRead = 0;
  bytesWritten = 0;
  private readonly sockets: AsyncSockets;
  private readonly fd: SocketDescriptor;
  private readonly chunk: Uint8Array = new Uint8Array(CHUNK_BYTES);
  private idleMs = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(sockets: AsyncSockets, fd: SocketDescriptor) {
    super({ allowHalfOpen: true });
    this.sockets = sockets;
    this.fd = fd;
    const { base } = sockets;
    const [remote, local] = [base.getpeername(fd), base.getsockname(fd)];
    [this.remoteAddress, this.remotePort] = [remote.address, remote.port];
    [this.localAddress, this.localPort] = [local.address, local.port];
  }

  /** Connects to a server. @throws SysError ECONNREFUSED, ... */
  static async connect(sockets: AsyncSockets, to: SocketAddress): Promise<StreamSocket> {
    const fd = sockets.base.socket("stream");
    try {
      await sockets.connect(fd, to);
      return new StreamSocket(sockets, fd);
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
  }

  override _read(): void {
    this.sockets.receive(this.fd, this.chunk).then(
      ({ length }) => {
        this.bytesRead += length;
        this.isAlive();
        this.push(length === 0 ? null : Buffer.from(this.chunk.subarray(0, length)));
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.sockets.send(this.fd, chunk).then((sent) => {
      this.bytesWritten += sent;
      this.isAlive();
      done();
    }, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    try {
      this.sockets.base.shutdown(this.fd, "write");
    } catch {
      // The connection has failed or ended already: there is nobody to tell.
    }
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.idleTimer);
    this.sockets.close(this.fd);
    // Whoever still waited for the socket is told EBADF; that is no news once it was destroyed.
    done(error);
  }

  address(): { address: string; port: number; family: string } {
    return { address: this.localAddress, port: this.localPort, family: "IPv4" };
  }

  setNoDelay(on = true): this {
    this.sockets.base.setsockopt(this.fd, "noDelay", on ? 1 : 0);
    return this;
  }

  setKeepAlive(on = false): this {
    this.sockets.base.setsockopt(this.fd, "keepAlive", on ? 1 : 0);
    return this;
  }

  /** Emits "timeout" after so many ms without a byte either way; 0 never. */
  setTimeout(idleMs: number, listener?: () => void): this {
    this.idleMs = idleMs;
    if (listener !== undefined) this.once("timeout", listener);
    this.isAlive();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  private isAlive(): void {
    clearTimeout(this.idleTimer);
    if (this.idleMs > 0) this.idleTimer = setTimeout(() => this.emit("timeout"), this.idleMs).unref();
  }
}

/** A server. Events: "listening", "connection" with a `StreamSocket`, "error", "close". */
export class StreamServer extends EventEmitter {
  private readonly sockets: AsyncSockets;
  private fd: SocketDescriptor | null = null;

  /** @param onConnection called for each connection, as in `net.createServer(onConnection)` */
  constructor(sockets: AsyncSockets, onConnection?: (socket: StreamSocket) => void) {
    super();
    this.sockets = sockets;
    if (onConnection !== undefined) this.on("connection", onConnection);
  }

  /** @throws SysError EADDRINUSE, EADDRNOTAVAIL */
  listen({ address, port }: SocketAddress, backlog = 511): this {
    const { base } = this.sockets;
    const fd = base.socket("stream");
    try {
      base.setsockopt(fd, "reuseAddress", 1);
      base.bind(fd, { address, port });
      base.listen(fd, backlog);
    } catch (error) {
      base.close(fd);
      throw error;
    }
    this.fd = fd;
    queueMicrotask(() => this.emit("listening"));
    void this.serve(fd);
    return this;
  }

  /** Where it listens. @returns null where it does not. */
  address(): SocketAddress | null {
    return this.fd === null ? null : this.sockets.base.getsockname(this.fd);
  }

  /** Takes no further connections; those that stand go on. */
  close(done?: () => void): this {
    if (done !== undefined) this.once("close", done);
    if (this.fd !== null) this.sockets.close(this.fd);
    this.fd = null;
    queueMicrotask(() => this.emit("close"));
    return this;
  }

  private async serve(fd: SocketDescriptor): Promise<void> {
    while (this.fd === fd) {
      try {
        const accepted = await this.sockets.accept(fd);
        this.emit("connection", new StreamSocket(this.sockets, accepted.fd));
      } catch (error) {
        if (this.fd === fd) this.emit("error", error);
        return;
      }
    }
  }
}
