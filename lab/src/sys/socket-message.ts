// sendmsg and recvmsg take their bytes by way of two small structures: a message header, which points to a list of buffers. The
// list is what they are for: parts that lie in different places travel in one call. Here it has one entry.
import { checked, errnoName, sysError } from "./errno.js";
import { lastErrno, libc } from "./library.js";
import { type Mapping, mapAnonymous, unmapUnderViews } from "./memory.js";

const sendmsgCall = libc.declare("long sendmsg(int fd, uintptr_t message, int flags)");
const recvmsgCall = libc.declare("long recvmsg(int fd, uintptr_t message, int flags)");

/** struct msghdr, then its one struct iovec, then the bytes. @source include/linux/socket.h, struct user_msghdr */
const HEADER = { iov: 16, iovlen: 24, bytes: 56 } as const;
const IOVEC_BYTES = 16;

/** A buffer that sendmsg and recvmsg can use. Close it when done. */
export class SocketMessage {
  readonly bytes: Uint8Array;
  private readonly memory: Mapping;
  private readonly view: DataView;

  /** @param capacityBytes most bytes that a message can have, above 0 */
  constructor(capacityBytes: number) {
    const start = HEADER.bytes + IOVEC_BYTES;
    this.memory = mapAnonymous(start + capacityBytes);
    this.view = new DataView(this.memory.buffer);
    this.bytes = new Uint8Array(this.memory.buffer, start, capacityBytes);
    this.view.setBigUint64(HEADER.iov, BigInt(this.memory.address + HEADER.bytes), true);
    this.view.setBigUint64(HEADER.iovlen, 1n, true);
    this.view.setBigUint64(HEADER.bytes, BigInt(this.memory.address + start), true);
  }

  private setLength(lengthBytes: number): void {
    this.view.setBigUint64(HEADER.bytes + 8, BigInt(lengthBytes), true);
  }

  /** Sends the first bytes. @returns Bytes taken. @throws SysError @source sendmsg(2) */
  send(fd: number, lengthBytes: number): number {
    this.setLength(lengthBytes);
    return checked(sendmsgCall(fd, this.memory.address, 0), "sendmsg", `send ${lengthBytes} bytes`);
  }

  /** Receives into `bytes`, at most so many. @returns Bytes received, or `null` if nothing waits. @source recvmsg(2) */
  receive(fd: number, flags = 0, mostBytes: number = this.bytes.length): number | null {
    this.setLength(Math.min(mostBytes, this.bytes.length));
    const got = recvmsgCall(fd, this.memory.address, flags) as number;
    if (got >= 0) return got;
    const number = lastErrno();
    if (errnoName(number) === "EAGAIN") return null;
    throw sysError("recvmsg", `receive up to ${this.bytes.length} bytes`, number);
  }

  /** Gives the memory back; `bytes` reads 0 from now on. */
  close(): void {
    unmapUnderViews(this.memory);
  }
}
