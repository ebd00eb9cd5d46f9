// Memory for recvmmsg and sendmmsg: a batch of messages, each with the address that it came from. The kernel writes the
// sender there, and an answer in the same place goes back to it.
import {
  errnoName,
  lastErrno,
  libc,
  type Mapping,
  MSG_DONTWAIT,
  mapAnonymous,
  sysError,
  unmap,
} from "../sys/index.js";
import { KV_MESSAGE_BYTES } from "./message.js";

/** Bytes of struct mmsghdr, struct iovec and struct sockaddr_in on 64-bit Linux. @source socket.h, recvmmsg(2) */
const HEADER_BYTES = 64;
const IOVEC_BYTES = 16;
const NAME_BYTES = 16;
/** Offsets in struct mmsghdr. */
const NAME = 0;
const NAME_LENGTH = 8;
const IOVEC = 16;
const IOVEC_COUNT = 24;
const LENGTH = 56;
/** Have the kernel say how long a datagram was, and not how much of it fitted. */
const MSG_TRUNC = 0x20;

/** A batch of datagrams, of which each keeps its first 64 bytes. Close it when done. */
export class Datagrams {
  /** The bytes of all, 64 each. */
  readonly bytes: Uint8Array;
  private readonly count: number;
  private readonly memory: Mapping;
  private readonly words: Uint32Array;
  private readonly recvmmsg: (
    fd: number,
    address: number,
    count: number,
    flags: number,
    timeout: number,
  ) => number = libc.resolve(
    "int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, uintptr_t timeout)",
  );
  private readonly sendmmsg: (fd: number, address: number, count: number, flags: number) => number =
    libc.resolve("int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)");

  /** @param count datagrams in a batch, from 1 */
  constructor(count: number) {
    const [iovecs, names] = [count * HEADER_BYTES, count * (HEADER_BYTES + IOVEC_BYTES)];
    const bytes = names + count * NAME_BYTES;
    this.count = count;
    this.memory = mapAnonymous(bytes + count * KV_MESSAGE_BYTES);
    this.bytes = new Uint8Array(this.memory.buffer, bytes, count * KV_MESSAGE_BYTES);
    this.words = new Uint32Array(this.memory.buffer, 0, iovecs / 4);
    const view = new DataView(this.memory.buffer);
    const pointer = (at: number, to: number): void =>
      view.setBigUint64(at, BigInt(this.memory.address + to), true);
    for (let i = 0; i < count; i++) {
      const [header, iovec] = [i * HEADER_BYTES, iovecs + i * IOVEC_BYTES];
      pointer(header + NAME, names + i * NAME_BYTES);
      view.setUint32(header + NAME_LENGTH, NAME_BYTES, true);
      pointer(header + IOVEC, iovec);
      view.setBigUint64(header + IOVEC_COUNT, 1n, true);
      pointer(iovec, bytes + i * KV_MESSAGE_BYTES);
      view.setBigUint64(iovec + 8, BigInt(KV_MESSAGE_BYTES), true);
    }
  }

  /** Where a datagram begins in `bytes`. */
  at(index: number): number {
    return index * KV_MESSAGE_BYTES;
  }

  /** How long it was on the wire. */
  length(index: number): number {
    return this.words[(index * HEADER_BYTES + LENGTH) >> 2]!;
  }

  /** Takes what waits. @returns How many, 0 where none does. @throws SysError */
  receive(fd: number): number {
    const taken = this.recvmmsg(fd, this.memory.address, this.count, MSG_DONTWAIT | MSG_TRUNC, 0);
    if (taken >= 0) return taken;
    if (["EAGAIN", "EINTR"].includes(errnoName(lastErrno()))) return 0;
    throw sysError("recvmmsg", "receive requests");
  }

  /** Sends each of a stretch back to where it came from. @returns How many the kernel took. */
  reply(fd: number, from: number, to: number): number {
    let next = from;
    while (next < to) {
      const sent = this.sendmmsg(fd, this.memory.address + next * HEADER_BYTES, to - next, 0);
      if (sent < 0) break; // its queues are full: the client asks again, as with every loss
      next += sent;
    }
    return next - from;
  }

  /** Gives the memory back; nothing may use it any more. */
  close(): void {
    unmap(this.memory);
  }
}
