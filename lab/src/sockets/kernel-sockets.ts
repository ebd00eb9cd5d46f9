// The same calls on Linux's sockets. Each is the system call of its name; what is done here is to turn its errno
// into what `api.ts` promises.

import { readUint, SysError } from "../base/index.js";
import { ipv4ToText } from "../packet/index.js";
import * as sys from "../sys/index.js";
import type {
  Accepted,
  PollEntry,
  Received,
  SocketAddress,
  SocketDescriptor,
  SocketKind,
  SocketOption,
  Sockets,
} from "./api.js";

const SO_ERROR = 4;
const SO_LINGER = 13;
const FLAGS: Readonly<Record<Exclude<SocketOption, "lingerMs">, readonly [level: number, name: number]>> = {
  reuseAddress: [sys.SOL_SOCKET, sys.SO_REUSEADDR],
  keepAlive: [sys.SOL_SOCKET, 9],
  noDelay: [sys.IPPROTO_TCP, sys.TCP_NODELAY],
};

/** Linux's sockets, in the calling thread's network namespace. */
export class KernelSockets implements Sockets {
  readonly title: string = "Linux's sockets";
  private readonly datagrams = new Set<SocketDescriptor>();

  socket(kind: SocketKind): SocketDescriptor {
    const type = kind === "stream" ? sys.SOCK_STREAM : sys.SOCK_DGRAM;
    const fd = sys.socket(sys.AF_INET, type | sys.SOCK_NONBLOCK, 0);
    if (kind === "datagram") this.datagrams.add(fd);
    return fd;
  }

  bind(fd: SocketDescriptor, at: SocketAddress): void {
    sys.bind(fd, toBytes(at), say(at));
  }

  listen(fd: SocketDescriptor, backlog: number): void {
    sys.listen(fd, backlog);
  }

  accept(fd: SocketDescriptor): Accepted | null {
    const accepted = sys.acceptFrom(fd);
    return accepted === null ? null : { fd: accepted.fd, peer: fromBytes(accepted.address) };
  }

  connect(fd: SocketDescriptor, to: SocketAddress): boolean {
    try {
      sys.connect(fd, toBytes(to), `to ${say(to)}`);
      return true;
    } catch (error) {
      if (error instanceof SysError && error.code === "EINPROGRESS") return false;
      throw error;
    }
  }

  sendmsg(fd: SocketDescriptor, bytes: Uint8Array, to?: SocketAddress): number | null {
    return sys.send(fd, bytes, to === undefined ? null : toBytes(to), sys.MSG_NOSIGNAL);
  }

  recvmsg(fd: SocketDescriptor, into: Uint8Array, peek = false): Received | null {
    // MSG_TRUNC asks for a datagram's whole length; on a stream it would throw the bytes away. recv(2)
    const flags = (peek ? sys.MSG_PEEK : 0) | (this.datagrams.has(fd) ? sys.MSG_TRUNC : 0);
    const received = sys.receiveFrom(fd, into, flags);
    if (received === null) return null;
    const { length, address } = received;
    const from = address.length === 0 ? null : fromBytes(address);
    return { length: Math.min(length, into.length), from, truncated: length > into.length };
  }

  shutdown(fd: SocketDescriptor, side: "read" | "write" | "both"): void {
    sys.shutDown(fd, side);
  }

  close(fd: SocketDescriptor): void {
    this.datagrams.delete(fd);
    sys.close(fd);
  }

  poll(entries: readonly PollEntry[], timeoutMs: number): number[] {
    return sys.pollAll(entries, timeoutMs);
  }

  getsockname(fd: SocketDescriptor): SocketAddress {
    return fromBytes(sys.getSocketName(fd));
  }

  getpeername(fd: SocketDescriptor): SocketAddress {
    return fromBytes(sys.getPeerName(fd));
  }

  setsockopt(fd: SocketDescriptor, option: SocketOption, value: number): void {
    if (option === "lingerMs") {
      const seconds = Math.ceil(Math.max(0, value) / 1000);
      sys.setSocketOption(fd, sys.SOL_SOCKET, SO_LINGER, int32s(value < 0 ? 0 : 1, seconds), option);
      return;
    }
    const [level, name] = FLAGS[option];
    sys.setSocketOption(fd, level, name, int32s(value), option);
  }

  getsockopt(fd: SocketDescriptor, option: SocketOption): number {
    if (option === "lingerMs") {
      const bytes = sys.getSocketOption(fd, sys.SOL_SOCKET, SO_LINGER, 8, option);
      return int32(bytes, 0) === 0 ? -1 : int32(bytes, 4) * 1000;
    }
    const [level, name] = FLAGS[option];
    return int32(sys.getSocketOption(fd, level, name, 4, option), 0) === 0 ? 0 : 1;
  }

  takeError(fd: SocketDescriptor): string | null {
    const number = int32(sys.getSocketOption(fd, sys.SOL_SOCKET, SO_ERROR, 4, "its error"), 0);
    return number === 0 ? null : sys.errnoName(number);
  }
}

function say({ address, port }: SocketAddress): string {
  return `${address}:${port}`;
}

function toBytes({ address, port }: SocketAddress): Uint8Array {
  return sys.ipv4SocketAddress(address, port);
}

/** @param bytes `struct sockaddr_in`: family, then port and address in network byte order. @source ip(7) */
function fromBytes(bytes: Uint8Array): SocketAddress {
  return { address: ipv4ToText(readUint(bytes, 4, 4)), port: readUint(bytes, 2, 2) };
}

function int32s(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

function int32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getInt32(at, true);
}
