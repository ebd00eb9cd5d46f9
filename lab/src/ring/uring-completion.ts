// An io_uring's completion ring carries answers from the kernel to us: which request (its tag), what came of it (a count
// or a negative errno), and a few bits. One request may have many answers; then all but the last have the bit MORE.
import { Consumer } from "./consumer.js";
import type { RingMemory } from "./memory.js";

const WORDS_SHIFT = 2;
const BUFFER_SHIFT = 16;

/**
 * Bits of a completion's flags.
 * @source include/uapi/linux/io_uring.h, IORING_CQE_F_*, v6.18
 */
export const COMPLETION_FLAG = {
  /** A provided buffer was taken; `bufferId` says which. */
  buffer: 1,
  /** The request lives on, and more completions will come. */
  more: 2,
  /** More data waited in the socket when this was written. */
  socketNotEmpty: 4,
} as const;

/** One answer, to look at. */
export interface Completion {
  tag: number;
  /** Bytes, a descriptor, 0, or a negative errno: what the system call of the same name would have returned. */
  result: number;
  flags: number;
}

/** The reading end of a completion ring. */
export class CompletionConsumer extends Consumer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /** Returns the tag of the request that this completion answers. */
  tag(cursor: number): number {
    return this.words[(cursor & this.mask) << WORDS_SHIFT]!;
  }

  /** Returns a count, a descriptor or 0, or a negative errno: `completed` of `sys` turns that into an error with a name. */
  result(cursor: number): number {
    return this.words[((cursor & this.mask) << WORDS_SHIFT) + 2]! | 0;
  }

  /** Returns the `COMPLETION_FLAG` bits, and the buffer's number above them. */
  flags(cursor: number): number {
    return this.words[((cursor & this.mask) << WORDS_SHIFT) + 3]!;
  }

  /** Returns the number of the provided buffer that holds the data, or -1 where none was taken. */
  bufferId(cursor: number): number {
    const flags = this.flags(cursor);
    return (flags & COMPLETION_FLAG.buffer) === 0 ? -1 : flags >>> BUFFER_SHIFT;
  }

  /** Returns true while the request will have further completions. */
  hasMore(cursor: number): boolean {
    return (this.flags(cursor) & COMPLETION_FLAG.more) !== 0;
  }

  /** Returns the whole completion as a new object: for looking at, not for a loop over millions. */
  read(cursor: number): Completion {
    return { tag: this.tag(cursor), result: this.result(cursor), flags: this.flags(cursor) };
  }
}
