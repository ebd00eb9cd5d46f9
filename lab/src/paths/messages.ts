// Memory for the calls that fill many messages at once: an array of `struct mmsghdr`, each with one buffer of its own. It is
// laid out once, as is the call itself, and JavaScript finds lengths and bytes by index.
import { type Mapping, mapAnonymous, PREPARED_CALL_BYTES, PreparedCall, unmap } from "../sys/index.js";

/** Bytes of struct mmsghdr and struct iovec on 64-bit Linux. @source socket.h, recvmmsg(2) */
const MESSAGE_BYTES = 64;
const IOVEC_BYTES = 16;
/** Offsets in struct mmsghdr. */
const IOVEC_POINTER = 16;
const IOVEC_COUNT = 24;
const LENGTH = 56;
/** In struct iovec. */
const IOVEC_LENGTH = 8;

/** Room for one packet: an Ethernet frame, rounded up. */
export const MESSAGE_ROOM_BYTES = 2048;

/** Messages for recvmsg, recvmmsg and sendmmsg. */
export class Messages {
  /** Address of the first `struct mmsghdr`, which begins with its `struct msghdr`. */
  readonly address: number;
  readonly count: number;
  /** All buffers, one after the other. */
  readonly bytes: Uint8Array;
  private readonly memory: Mapping;
  private readonly callAt: number;
  private readonly words: Uint32Array;

  /** @param count messages, from 1 @param lengthBytes what each buffer offers to the kernel */
  constructor(count: number, lengthBytes: number = MESSAGE_ROOM_BYTES) {
    const buffersAt = count * (MESSAGE_BYTES + IOVEC_BYTES);
    this.callAt = buffersAt + count * MESSAGE_ROOM_BYTES;
    this.memory = mapAnonymous(this.callAt + PREPARED_CALL_BYTES);
    this.address = this.memory.address;
    this.count = count;
    this.bytes = new Uint8Array(this.memory.buffer, buffersAt, count * MESSAGE_ROOM_BYTES);
    this.words = new Uint32Array(this.memory.buffer, 0, buffersAt / 4);
    const view = new DataView(this.memory.buffer);
    for (let i = 0; i < count; i++) {
      const iovec = count * MESSAGE_BYTES + i * IOVEC_BYTES;
      view.setBigUint64(i * MESSAGE_BYTES + IOVEC_POINTER, BigInt(this.address + iovec), true);
      view.setBigUint64(i * MESSAGE_BYTES + IOVEC_COUNT, 1n, true);
      view.setBigUint64(iovec, BigInt(this.address + buffersAt + i * MESSAGE_ROOM_BYTES), true);
      view.setBigUint64(iovec + IOVEC_LENGTH, BigInt(lengthBytes), true);
    }
  }

  /**
   * Prepares the one call that these messages are for.
   *
   * @param name the calls in the plural take all messages, the others the first; how many is their argument 2
   * @param flags MSG_* bits
   * @source recvmsg(2), recvmmsg(2), sendmsg(2), sendmmsg(2)
   */
  prepare(name: "recvmsg" | "recvmmsg" | "sendmsg" | "sendmmsg", fd: number, flags: number): PreparedCall {
    const one = name === "recvmsg" || name === "sendmsg";
    const values = one ? [fd, this.address, flags] : [fd, this.address, this.count, flags, 0];
    return new PreparedCall(name, values, this.memory, this.callAt);
  }

  /** Sets what a message's buffer offers to the kernel from now on, e.g. what it sends. */
  offer(message: number, lengthBytes: number): void {
    this.words[(this.count * MESSAGE_BYTES + message * IOVEC_BYTES + IOVEC_LENGTH) >> 2] = lengthBytes; // the upper half is 0
  }

  /** Where a message's bytes begin in `bytes`. */
  at(message: number): number {
    return message * MESSAGE_ROOM_BYTES;
  }

  /** Bytes that the kernel put into a message, or took from it; only recvmmsg and sendmmsg tell. */
  length(message: number): number {
    return this.words[(message * MESSAGE_BYTES + LENGTH) >> 2];
  }

  /** Gives the memory back; nothing may use it any more. */
  close(): void {
    unmap(this.memory);
  }
}
