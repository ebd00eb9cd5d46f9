// The place where a sentence is tried: two hosts, sockets on each, and a way to let time pass. It knows no test
// framework, so the kernel, our library and a learner's own are judged by the same sentences.

import type { SysError } from "../../base/index.js";
import { POLL, type SocketAddress, type SocketDescriptor, type SocketKind, type Sockets } from "../api.js";

/** Who is judged, and whom it talks to. */
export interface World {
  readonly title: string;
  readonly server: Sockets;
  readonly client: Sockets;
  readonly serverAddress: string;
  readonly clientAddress: string;
  /** Lets time pass until the condition holds. @returns False where it does not come to hold. */
  until(condition: () => boolean): boolean;
}

/** What POSIX or an RFC says, and how it shows. */
export interface Sentence {
  readonly sentence: string;
  /** e.g. `POSIX bind()`, `RFC 9293 section 3.6` */
  readonly source: string;
  /** Throws where the sentence is not true. */
  readonly show: (room: Room) => void;
}

/** One end of a flow. */
export interface End {
  readonly sockets: Sockets;
  readonly fd: SocketDescriptor;
}

const ANY_PORT = 0;

/** A world for one sentence. `clear` closes what the sentence left open. */
export class Room {
  readonly world: World;
  private readonly opened: End[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** A new socket on one side. */
  socket(side: "server" | "client", kind: SocketKind): End {
    const sockets = this.world[side];
    return this.keep({ sockets, fd: sockets.socket(kind) });
  }

  /** A server's socket, bound to a free port. @returns It and its address. */
  bound(kind: SocketKind): { readonly end: End; readonly at: SocketAddress } {
    const end = this.socket("server", kind);
    end.sockets.bind(end.fd, { address: this.world.serverAddress, port: ANY_PORT });
    return { end, at: end.sockets.getsockname(end.fd) };
  }

  listening(backlog = 8): { readonly end: End; readonly at: SocketAddress } {
    const { end, at } = this.bound("stream");
    end.sockets.listen(end.fd, backlog);
    return { end, at };
  }

  /** The other end of a connection that has come. */
  accept(listener: End): End {
    this.until("a connection comes", () => this.canDo(listener, POLL.in));
    const accepted = listener.sockets.accept(listener.fd);
    if (accepted === null) throw new Error("accept gave no connection, although poll said that there is one");
    return this.keep({ sockets: listener.sockets, fd: accepted.fd });
  }

  /** A connection with both its ends. */
  connected(): {
    readonly client: End;
    readonly server: End;
    readonly at: SocketAddress;
    readonly listener: End;
  } {
    const { end: listener, at } = this.listening();
    const client = this.socket("client", "stream");
    client.sockets.connect(client.fd, at);
    const server = this.accept(listener);
    this.until("the client is connected", () => this.canDo(client, POLL.out));
    return { client, server, at, listener };
  }

  /** Two datagram sockets: a server's with a port, and a client's that is connected to it. */
  datagrams(): { readonly client: End; readonly server: End; readonly at: SocketAddress } {
    const { end: server, at } = this.bound("datagram");
    const client = this.socket("client", "datagram");
    client.sockets.connect(client.fd, at);
    return { client, server, at };
  }

  canDo({ sockets, fd }: End, events: number): boolean {
    return (sockets.poll([{ fd, events }], 0)[0]! & events) !== 0;
  }

  send(end: End, text: string, to?: SocketAddress): number | null {
    return end.sockets.sendmsg(end.fd, new TextEncoder().encode(text), to);
  }

  /** Waits for something to read. @returns It as text; "" at the end of a stream. */
  receive(end: End, capacity = 64, peek = false): string {
    this.until("something can be read", () => this.canDo(end, POLL.in | POLL.error | POLL.hangUp));
    const into = new Uint8Array(capacity);
    const received = end.sockets.recvmsg(end.fd, into, peek);
    if (received === null)
      throw new Error("recvmsg gave nothing, although poll said that there is something");
    return new TextDecoder().decode(into.subarray(0, received.length));
  }

  close(end: End): void {
    this.opened.splice(this.opened.indexOf(end), 1);
    end.sockets.close(end.fd);
  }

  until(what: string, condition: () => boolean): void {
    if (!this.world.until(condition)) throw new Error(`it never came to this: ${what}`);
  }

  equal(what: string, actual: unknown, expected: unknown): void {
    const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`);
  }

  /** The call fails, with one of these errors. */
  fails(codes: string, call: () => unknown): void {
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      const { code, message } = error as SysError;
      if (!codes.split(" ").includes(code)) {
        throw new Error(`expected ${codes}, got ${code ?? message}`);
      }
      return;
    }
    throw new Error(`expected ${codes}, but the call succeeded with ${JSON.stringify(result)}`);
  }

  clear(): void {
    for (const { sockets, fd } of this.opened.splice(0)) sockets.close(fd);
  }

  private keep(end: End): End {
    this.opened.push(end);
    return end;
  }
}
