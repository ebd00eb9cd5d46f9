// A system call that is made again and again with the same arguments is laid out in memory once; making it then means to say which,
// and go. By koffi each call takes 20 ns to the kernel, and 8 to 10 more for each argument that it converts; where it fails, asking for errno
// is a second call of 21. A prepared one takes 10, whatever its arguments and its end. In a loop it is more, for the kernel leaves
// caches and branch predictors to others: of some 1000 ns that recvmsg takes a packet, 90 were koffi's, and 40 are left. (AMD EPYC, Node.js 20;
// a function in C that does nothing in place of the call.) Where kernels/native/prepared_call.c was not compiled, or cannot be loaded,
// the same calls go through the C library.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lastErrno, libc, type NativeFunction, viewMemory } from "./library.js";
import type { Mapping } from "./memory.js";
import { IO_URING_ENTER } from "./uring-abi.js";

/** System calls that can be prepared, named as their man pages are. */
export type PreparedName =
  | "io_uring_enter"
  | "poll"
  | "recvfrom"
  | "recvmmsg"
  | "recvmsg"
  | "sendmmsg"
  | "sendmsg"
  | "sendto";

/** The kernel's numbers. @source arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h, which has no poll, v6.18 */
const NUMBERS: Readonly<Partial<Record<string, Partial<Record<PreparedName, number>>>>> = {
  x64: {
    io_uring_enter: IO_URING_ENTER,
    poll: 7,
    recvfrom: 45,
    recvmmsg: 299,
    recvmsg: 47,
    sendmmsg: 307,
    sendmsg: 46,
    sendto: 44,
  },
  arm64: {
    io_uring_enter: IO_URING_ENTER,
    recvfrom: 207,
    recvmmsg: 243,
    recvmsg: 212,
    sendmmsg: 269,
    sendmsg: 211,
    sendto: 206,
  },
};

/** Bytes of one prepared call: its number and six arguments, 8 each, in a cache line. */
export const PREPARED_CALL_BYTES = 64;
const WORD = 2 ** 32;

/** What the compiled file gives to a thread. */
interface Addon {
  /** Makes the call whose address lies on the desk. */
  readonly run: () => void;
  /** Notes the time on the desk. */
  readonly look: () => void;
  /** Address of the thread's struct lab_desk. */
  readonly desk: number;
}

/** The compiled functions, and where they find the address of the call and leave the answer and the time. */
interface Direct {
  readonly run: () => void;
  readonly look: () => void;
  readonly address: Float64Array;
  /** Of CLOCK_MONOTONIC, in ms. */
  readonly moment: Float64Array;
  readonly answer: Int32Array;
}

const MOMENT_AT = 8;
const ANSWER_AT = 16;
let found: Direct | null | undefined;

function findDirect(): Direct | null {
  const file = fileURLToPath(new URL("../../../kernels/build/native/prepared_call.so", import.meta.url));
  if (!existsSync(file)) return null;
  const loaded = { exports: {} };
  try {
    process.dlopen(loaded, file);
  } catch {
    return null; // built for another machine, or the loader has no room left for what belongs to a thread
  }
  const { run, look, desk } = loaded.exports as Addon;
  const memory = viewMemory(desk, ANSWER_AT + 4);
  const answer = new Int32Array(memory, ANSWER_AT, 1);
  const [address, moment] = [new Float64Array(memory, 0, 1), new Float64Array(memory, MOMENT_AT, 1)];
  return { run, look, address, moment, answer };
}

/** The compiled functions, loaded once a thread; null where they are not to be had. */
function direct(): Direct | null {
  found = found === undefined ? findDirect() : found;
  return found;
}

/**
 * Makes a clock that shows what `performance.now` shows, in ms, and makes no object at each look: it takes 35 ns where that takes 55. (AMD
 * EPYC, Node.js 20.) Each thread makes its own. @source clock_gettime(2), CLOCK_MONOTONIC
 */
export function monotonicClock(): () => number {
  const own = direct();
  if (own === null) return () => performance.now();
  const { look, moment } = own;
  look();
  const began = moment[0]! - performance.now();
  return () => {
    look();
    return moment[0]! - began;
  };
}

/** The same call through the C library, which has no function for io_uring's. */
function findIndirect(name: PreparedName, count: number): NativeFunction {
  const values = Array.from({ length: count }, (_, i) => `uintptr_t a${i}`).join(", ");
  if (name !== "io_uring_enter") return libc.resolve(`int ${name}(${values})`);
  const call = libc.resolve(`int syscall(long number, ${values})`);
  return (...all) => call(IO_URING_ENTER, ...all);
}

/** One system call, ready to be made. It belongs to the thread that prepared it, and allocates nothing. */
export class PreparedCall {
  private readonly count: number;
  private readonly address: number;
  private readonly words: Int32Array;
  private readonly direct: Direct | null;
  private indirect: NativeFunction | undefined;

  /**
   * @param name which call
   * @param values its arguments: whole numbers, an address of mapped memory as a number; up to six
   * @param memory where it is laid out, for as long as it is used
   * @param at first byte there, a multiple of 8; it takes PREPARED_CALL_BYTES
   */
  constructor(
    private readonly name: PreparedName,
    values: readonly number[],
    memory: Mapping,
    at = 0,
  ) {
    const number = NUMBERS[process.arch]?.[name];
    this.direct = number === undefined ? null : direct();
    this.count = values.length;
    this.address = memory.address + at;
    this.words = new Int32Array(memory.buffer, at, PREPARED_CALL_BYTES / 4);
    this.words[0] = number ?? -1;
    for (const [i, value] of values.entries()) {
      this.words[2 * i + 2] = value;
      this.words[2 * i + 3] = Math.floor(value / WORD);
    }
  }

  /**
   * Changes an argument for this and all later calls.
   *
   * @param argument counted from 0
   * @param value 0 to 2^31 - 1, or a negative `int`
   */
  set(argument: number, value: number): void {
    this.words[2 * argument + 2] = value;
  }

  /** Makes the call. @returns What the kernel answers: its result, or less than 0 a negative error number. @source syscall(2) */
  run(): number {
    const { direct } = this;
    if (direct === null) return this.runIndirect();
    direct.address[0] = this.address;
    direct.run();
    return direct.answer[0]!;
  }

  private runIndirect(): number {
    const { words, count } = this;
    this.indirect ??= findIndirect(this.name, count);
    const values = Array.from(
      { length: count },
      (_, i) => words[2 * i + 3]! * WORD + (words[2 * i + 2]! >>> 0),
    );
    const result = this.indirect(...values) as number;
    return result < 0 ? -lastErrno() : result;
  }
}
