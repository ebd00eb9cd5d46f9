// Waiting for descriptors to be ready. Waiting for one stands in hot loops, so that call is prepared once for each thread, with its
// one entry in memory beside it.
import { EINTR, errnoName, sysError } from "./errno.js";
import { lastErrno, libc } from "./library.js";
import { mapAnonymous } from "./memory.js";
import { PREPARED_CALL_BYTES, PreparedCall } from "./prepared-call.js";

export const POLLIN = 1;
export const POLLOUT = 4;
export const POLLERR = 8;

const POLLFD_BYTES = 8;

const callPoll = libc.declare("int poll(_Inout_ uint8_t *fds, unsigned long count, int timeoutMs)");

/**
 * Waits until one descriptor is ready.
 *
 * @param events `POLLIN` or `POLLOUT`
 * @param timeoutMs at most 100 in a notebook kernel: the stop button works between calls
 * @returns The events that are ready, 0 after the timeout.
 * @source poll(2)
 */
export function poll(fd: number, events: number, timeoutMs: number): number {
  polled ??= new PolledDescriptor();
  return polled.wait(fd, events, timeoutMs);
}

let polled: PolledDescriptor | undefined;

/** The one entry of this thread's poll, and the call. @source include/uapi/asm-generic/poll.h, struct pollfd */
class PolledDescriptor {
  private readonly entry: Int32Array;
  private readonly call: PreparedCall;

  constructor() {
    const memory = mapAnonymous(PREPARED_CALL_BYTES + POLLFD_BYTES);
    this.entry = new Int32Array(memory.buffer, PREPARED_CALL_BYTES, POLLFD_BYTES / 4);
    this.call = new PreparedCall("poll", [memory.address + PREPARED_CALL_BYTES, 1, 0], memory);
  }

  wait(fd: number, events: number, timeoutMs: number): number {
    const { entry, call } = this;
    entry[0] = fd;
    entry[1] = events;
    call.set(2, timeoutMs);
    const ready = call.run();
    if (ready < 0 && ready !== -EINTR) throw sysError("poll", `wait on descriptor ${fd}`, -ready);
    return ready > 0 ? entry[1] >>> 16 : 0;
  }
}

/** Waits for several descriptors at once. @param timeoutMs -1 waits for ever @returns For each what is true of it, as `POLLIN` and its like. @source poll(2) */
export function pollAll(
  entries: readonly { readonly fd: number; readonly events: number }[],
  timeoutMs: number,
): number[] {
  const list = new DataView(new ArrayBuffer(Math.max(1, entries.length) * POLLFD_BYTES));
  for (const [i, { fd, events }] of entries.entries()) {
    list.setInt32(i * POLLFD_BYTES, fd, true);
    list.setInt16(i * POLLFD_BYTES + 4, events, true);
  }
  const ready = callPoll(new Uint8Array(list.buffer), entries.length, timeoutMs) as number;
  if (ready < 0 && errnoName(lastErrno()) !== "EINTR")
    throw sysError("poll", `wait for ${entries.length} sockets`);
  return entries.map((_, i) => list.getInt16(i * POLLFD_BYTES + 6, true));
}
