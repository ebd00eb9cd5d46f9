// io_uring's three system calls. glibc has no functions for them, so they go through syscall(2); the hot one, enter,
// allocates nothing.
import { NotSupportedError, SysError } from "../base/index.js";
import { checked, EINTR, errnoName, sysError } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { libc } from "./library.js";
import type { Mapping } from "./memory.js";
import { PREPARED_CALL_BYTES, PreparedCall } from "./prepared-call.js";
import { IO_URING_REGISTER, IO_URING_SETUP, IORING_ENTER_EXT_ARG } from "./uring-abi.js";

const setupCall = libc.declare("long syscall(long number, uint32_t entries, _Inout_ uint8_t *params)");
const registerCall = libc.declare(
  "long syscall(long number, uint32_t fd, uint32_t what, const uint8_t *argument, uint32_t count)",
);

/** struct io_uring_getevents_arg, with the timespec that it points to behind it, after the two prepared calls. */
const ARGUMENT_BYTES = 24;
const ARGUMENT_AT = 2 * PREPARED_CALL_BYTES;
const TIMESPEC_AT = ARGUMENT_AT + ARGUMENT_BYTES;
export const URING_CALLS_BYTES: number = TIMESPEC_AT + 16;
/** Which arguments of io_uring_enter differ from call to call. */
const SUBMIT = 1;
const WANTED = 2;
const FLAGS = 3;
const NS_PER_MS = 1_000_000;

/** Makes an io_uring. @param params is read and written @returns Its descriptor. @source io_uring_setup(2) */
export function uringSetup(entries: number, params: Uint8Array): number {
  const fd = setupCall(IO_URING_SETUP, entries, params) as number;
  if (fd >= 0) return holdDescriptor(fd);
  const error = sysError("io_uring_setup", `make an io_uring of ${entries} entries`);
  if (error.code !== "ENOSYS" && error.code !== "EPERM") throw error;
  throw new NotSupportedError(
    "io_uring",
    "a kernel that has it and a system that allows it",
    `${error.code} from io_uring_setup`,
    "look at sysctl kernel.io_uring_disabled and at the container's seccomp profile, or use the VM",
  );
}

/** Tells the kernel of memory or descriptors for later requests. @source io_uring_register(2) */
export function uringRegister(
  fd: number,
  what: number,
  argument: Uint8Array,
  count: number,
  action: string,
): void {
  checked(registerCall(IO_URING_REGISTER, fd, what, argument, count) as number, "io_uring_register", action);
}

/** The calls that a running io_uring makes. */
export class UringCalls {
  private readonly fd: number;
  private readonly plain: PreparedCall;
  private readonly timed: PreparedCall;
  private readonly timespec: BigInt64Array;
  private lastTimeoutMs = -1;

  /** @param memory URING_CALLS_BYTES of mapped zeroes */
  constructor(fd: number, memory: Mapping) {
    const { address, buffer } = memory;
    this.fd = fd;
    this.timespec = new BigInt64Array(buffer, TIMESPEC_AT, 2);
    new BigUint64Array(buffer, ARGUMENT_AT, 3)[2] = BigInt(address + TIMESPEC_AT);
    const timed = [fd, 0, 0, 0, address + ARGUMENT_AT, ARGUMENT_BYTES];
    this.plain = new PreparedCall("io_uring_enter", [fd, 0, 0, 0, 0, 0], memory);
    this.timed = new PreparedCall("io_uring_enter", timed, memory, PREPARED_CALL_BYTES);
  }

  /**
   * Hands requests over, and waits for completions where any are wanted.
   *
   * @param submit requests that the kernel shall take
   * @param wanted completions that must be there before the call returns
   * @param flags IORING_ENTER_* bits
   * @returns How many requests were taken; 0 when a signal came first.
   * @source io_uring_enter(2)
   */
  enter(submit: number, wanted: number, flags: number): number {
    return this.make(this.plain, submit, wanted, flags);
  }

  /** The same with an end to the waiting. @param timeoutMs 0 or more */
  enterFor(submit: number, wanted: number, flags: number, timeoutMs: number): number {
    this.setTimeout(timeoutMs);
    return this.make(this.timed, submit, wanted, flags | IORING_ENTER_EXT_ARG);
  }

  /** BigInts are made only when the timeout is another one than last time. */
  private setTimeout(timeoutMs: number): void {
    if (timeoutMs === this.lastTimeoutMs) return;
    this.lastTimeoutMs = timeoutMs;
    this.timespec[0] = BigInt(Math.floor(timeoutMs / 1000));
    this.timespec[1] = BigInt(Math.round((timeoutMs % 1000) * NS_PER_MS));
  }

  private make(call: PreparedCall, submit: number, wanted: number, flags: number): number {
    call.set(SUBMIT, submit);
    call.set(WANTED, wanted);
    call.set(FLAGS, flags);
    const result = call.run();
    if (result >= 0) return result;
    if (result === -EINTR || errnoName(result) === "ETIME") return 0;
    throw explainEnter(sysError("io_uring_enter", `enter io_uring ${this.fd}`, -result));
  }
}

function explainEnter(error: SysError): SysError {
  if (error.code !== "EBUSY") return error;
  return new SysError(
    error.call,
    error.code,
    "Cannot hand requests to the io_uring: EBUSY; completions that found no slot wait in the kernel -> read and release completions first",
  );
}
