// io_uring's three system calls. glibc has no functions for them, so they go through syscall(2); the hot one, enter,
// allocates nothing.
import { NotSupportedError, SysError } from "../base/index.js";
import { checked, errnoName, sysError } from "./errno.js";
import { lastErrno, libc, type NativeFunction } from "./library.js";
import type { Mapping } from "./memory.js";
import { IO_URING_ENTER, IO_URING_REGISTER, IO_URING_SETUP, IORING_ENTER_EXT_ARG } from "./uring-abi.js";

const setupCall = libc.declare("long syscall(long number, uint32_t entries, _Inout_ uint8_t *params)");
const registerCall = libc.declare(
  "long syscall(long number, uint32_t fd, uint32_t what, const uint8_t *argument, uint32_t count)",
);

/** struct io_uring_getevents_arg, with the timespec that it points to behind it. */
const ARGUMENT_BYTES = 24;
export const WAIT_ARGUMENT_BYTES: number = ARGUMENT_BYTES + 16;
const NS_PER_MS = 1_000_000;

/** Makes an io_uring. @param params is read and written @returns Its descriptor. @source io_uring_setup(2) */
export function uringSetup(entries: number, params: Uint8Array): number {
  const fd = setupCall(IO_URING_SETUP, entries, params) as number;
  if (fd >= 0) return fd;
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
  private readonly argument: Mapping;
  private readonly timespec: BigInt64Array;
  private lastTimeoutMs = -1;
  private readonly call: NativeFunction = libc.resolve(
    "long syscall(long number, uint32_t fd, uint32_t submit, uint32_t wanted, uint32_t flags, uintptr_t argument, size_t bytes)",
  );

  /** @param argument WAIT_ARGUMENT_BYTES of mapped zeroes */
  constructor(fd: number, argument: Mapping) {
    this.fd = fd;
    this.argument = argument;
    this.timespec = new BigInt64Array(argument.buffer, ARGUMENT_BYTES, 2);
    new BigUint64Array(argument.buffer, 0, 3)[2] = BigInt(argument.address + ARGUMENT_BYTES);
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
    return this.answer(this.call(IO_URING_ENTER, this.fd, submit, wanted, flags, 0, 0) as number);
  }

  /** The same with an end to the waiting. @param timeoutMs 0 or more */
  enterFor(submit: number, wanted: number, flags: number, timeoutMs: number): number {
    this.setTimeout(timeoutMs);
    const { address } = this.argument;
    const all = flags | IORING_ENTER_EXT_ARG;
    return this.answer(
      this.call(IO_URING_ENTER, this.fd, submit, wanted, all, address, ARGUMENT_BYTES) as number,
    );
  }

  /** BigInts are made only when the timeout is another one than last time. */
  private setTimeout(timeoutMs: number): void {
    if (timeoutMs === this.lastTimeoutMs) return;
    this.lastTimeoutMs = timeoutMs;
    this.timespec[0] = BigInt(Math.floor(timeoutMs / 1000));
    this.timespec[1] = BigInt(Math.round((timeoutMs % 1000) * NS_PER_MS));
  }

  private answer(result: number): number {
    if (result >= 0) return result;
    const number = lastErrno();
    const name = errnoName(number);
    if (name === "ETIME" || name === "EINTR") return 0;
    throw explainEnter(sysError("io_uring_enter", `enter io_uring ${this.fd}`, number));
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
