// The numbers and byte layouts of io_uring's setup: what io_uring.h says, and nothing else.
// @source include/uapi/linux/io_uring.h, v6.18
import type { RingOffsets } from "../ring/index.js";

/** System call numbers; these three are the same on every machine. */
export const IO_URING_SETUP = 425;
export const IO_URING_ENTER = 426;
export const IO_URING_REGISTER = 427;

export const IORING_SETUP_SQPOLL = 0x2;
export const IORING_SETUP_SQ_AFF = 0x4;
export const IORING_SETUP_CQSIZE = 0x8;
export const IORING_SETUP_SINGLE_ISSUER = 0x1000;
export const IORING_SETUP_DEFER_TASKRUN = 0x2000;

export const IORING_ENTER_GETEVENTS = 1;
export const IORING_ENTER_SQ_WAKEUP = 2;
export const IORING_ENTER_EXT_ARG = 8;

/** A bit of the submission ring's flags word, beside need-wakeup, which is bit 0. */
export const IORING_SQ_CQ_OVERFLOW = 2;

export const IORING_REGISTER_BUFFERS = 0;
export const IORING_REGISTER_FILES = 2;
export const IORING_REGISTER_PBUF_RING = 22;

/** Where each part is mapped. */
export const IORING_OFF_SQ_RING = 0;
export const IORING_OFF_SQES = 0x10000000;

const FEATURE_SINGLE_MMAP = 1;
const FEATURE_EXTENDED_ARGUMENT = 1 << 8;
const PARAMS_BYTES = 120;
const SUBMISSION_OFFSETS_AT = 40;
const COMPLETION_OFFSETS_AT = 80;

/** What is asked of io_uring_setup. */
export interface SetupRequest {
  readonly flags: number;
  readonly completions: number;
  readonly sqpollCpu: number;
  readonly sqpollIdleMs: number;
}

/** What io_uring_setup answered. */
export interface SetupAnswer {
  readonly submissions: number;
  readonly completions: number;
  /** One mapping holds both rings, and waiting takes a timeout: Linux 5.11 and newer. */
  readonly isRecent: boolean;
  /** `descriptors` is unused here: the requests lie in a mapping of their own. */
  readonly submissionOffsets: RingOffsets;
  /** Where the table of indexes begins. */
  readonly tableOffset: number;
  readonly completionOffsets: RingOffsets;
  /** Where the kernel counts completions that it had to throw away. */
  readonly overflowOffset: number;
}

/** struct io_uring_params, to be passed to the call. */
export function encodeParams({ flags, completions, sqpollCpu, sqpollIdleMs }: SetupRequest): Uint8Array {
  const words = new Uint32Array(PARAMS_BYTES / 4);
  words[1] = completions;
  words[2] = flags;
  words[3] = sqpollCpu;
  words[4] = sqpollIdleMs;
  return new Uint8Array(words.buffer);
}

/** The same structure, as the call left it. */
export function decodeParams(params: Uint8Array): SetupAnswer {
  const view = new DataView(params.buffer, params.byteOffset);
  const word = (at: number): number => view.getUint32(at, true);
  const features = word(20);
  const needed = FEATURE_SINGLE_MMAP | FEATURE_EXTENDED_ARGUMENT;
  const offsets = (at: number, flagsAt: number, slotsAt: number): RingOffsets => ({
    consumer: word(at),
    producer: word(at + 4),
    flags: word(at + flagsAt),
    descriptors: word(at + slotsAt),
  });
  return {
    submissions: word(0),
    completions: word(4),
    isRecent: (features & needed) === needed,
    submissionOffsets: offsets(SUBMISSION_OFFSETS_AT, 16, 24),
    tableOffset: word(SUBMISSION_OFFSETS_AT + 24),
    completionOffsets: offsets(COMPLETION_OFFSETS_AT, 24, 20),
    overflowOffset: word(COMPLETION_OFFSETS_AT + 16),
  };
}

/** struct io_uring_buf_reg: a ring of provided buffers in our memory. */
export function encodeBufferRing(address: number, count: number, group: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(40));
  view.setBigUint64(0, BigInt(address), true);
  view.setUint32(8, count, true);
  view.setUint16(12, group, true);
  return new Uint8Array(view.buffer);
}

/** An array of struct iovec. */
export function encodeIovecs(memory: readonly { address: number; lengthBytes: number }[]): Uint8Array {
  const words = new BigUint64Array(
    memory.flatMap(({ address, lengthBytes }) => [BigInt(address), BigInt(lengthBytes)]),
  );
  return new Uint8Array(words.buffer);
}
