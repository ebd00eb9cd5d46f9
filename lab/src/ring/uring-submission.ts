// An io_uring's submission ring carries requests from us to the kernel. It is the same ring as AF_XDP's, two cursors and
// an array, only its slots are wider: 64 bytes hold a whole system call with all its arguments. Between ring and slots
// the kernel keeps a table of indexes; ours says "slot i is request i" for ever, so it is written once and never looked at.
import type { RingMemory } from "./memory.js";
import { Producer } from "./producer.js";
import type { UringRequest } from "./uring-request.js";

const WORD = 2 ** 32;
const WORDS_SHIFT = 4;

/**
 * Where the fields lie in a slot, in 32-bit words.
 * @source include/uapi/linux/io_uring.h, struct io_uring_sqe, v6.18
 */
export const SUBMISSION_WORD = {
  operation: 0,
  fd: 1,
  offset: 2,
  addr: 4,
  length: 6,
  callFlags: 7,
  tag: 8,
  buffer: 10,
  rest: 11,
  end: 16,
} as const;

/** The writing end of a submission ring. */
export class SubmissionProducer extends Producer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /**
   * Copies a request into the slot of a reserved cursor. Allocates nothing.
   *
   * @param cursor one of the cursors that `reserve` returned
   * @param tag comes back with the completion, 0 to 2^32 - 1; the kernel calls it `user_data`
   */
  write(cursor: number, request: UringRequest, tag: number): void {
    const { words } = this;
    const at = (cursor & this.mask) << WORDS_SHIFT;
    const { offset, addr } = request;
    words[at] = request.opcode | (request.flags << 8) | (request.mode << 16);
    words[at + SUBMISSION_WORD.fd] = request.fd;
    words[at + SUBMISSION_WORD.offset] = offset;
    words[at + SUBMISSION_WORD.offset + 1] = Math.floor(offset / WORD);
    words[at + SUBMISSION_WORD.addr] = addr;
    words[at + SUBMISSION_WORD.addr + 1] = Math.floor(addr / WORD);
    words[at + SUBMISSION_WORD.length] = request.lengthBytes;
    words[at + SUBMISSION_WORD.callFlags] = request.callFlags;
    words[at + SUBMISSION_WORD.tag] = tag;
    words[at + SUBMISSION_WORD.tag + 1] = 0;
    words[at + SUBMISSION_WORD.buffer] = request.buffer;
    for (let word = SUBMISSION_WORD.rest; word < SUBMISSION_WORD.end; word++) words[at + word] = 0;
  }
}
