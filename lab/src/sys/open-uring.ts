// Opening an io_uring: what it shall be, in the flags that the kernel wants. What is done with it then is in `uring.ts`.
import { close } from "./socket.js";
import { Uring } from "./uring.js";
import {
  encodeParams,
  IORING_SETUP_CQSIZE,
  IORING_SETUP_DEFER_TASKRUN,
  IORING_SETUP_SINGLE_ISSUER,
  IORING_SETUP_SQ_AFF,
  IORING_SETUP_SQPOLL,
} from "./uring-abi.js";
import { uringSetup } from "./uring-calls.js";
import { UringMemory } from "./uring-memory.js";

/** The kernel thread that takes requests without being called (SQPOLL). */
export interface PollingThread {
  /** It sleeps after this long without a request, in ms; `wake` then wakes it. */
  readonly idleMs: number;
  /** The CPU it stays on; any unless given. */
  readonly cpu?: number;
}

/** What to make. */
export interface UringSpec {
  /** Slots of the submission ring, a power of two up to 32768. */
  readonly entries: number;
  /** Slots of the completion ring, a power of two; twice `entries` unless given. */
  readonly completions?: number;
  readonly polledBy?: PollingThread;
  /**
   * Answers are only written inside `enter` with `wanted` above 0 or a timeout, all at once, by this thread; no other may
   * submit. Without it the kernel interrupts us for each. Not together with `polledBy`.
   */
  readonly deferred?: boolean;
}

/**
 * Makes an io_uring. It needs no root.
 *
 * @throws NotSupportedError where the kernel has none or the system forbids it; SysError where the numbers do not suit it.
 */
export function openUring(spec: UringSpec): Uring {
  const { entries, completions = 2 * entries, polledBy, deferred = false } = spec;
  const params = encodeParams({
    flags:
      IORING_SETUP_CQSIZE |
      (polledBy ? IORING_SETUP_SQPOLL : 0) |
      (polledBy?.cpu !== undefined ? IORING_SETUP_SQ_AFF : 0) |
      (deferred ? IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN : 0),
    completions,
    sqpollCpu: polledBy?.cpu ?? 0,
    sqpollIdleMs: polledBy?.idleMs ?? 0,
  });
  const fd = uringSetup(entries, params);
  const memory = new UringMemory();
  try {
    return new Uring(fd, memory, params, polledBy !== undefined);
  } catch (error) {
    close(fd);
    memory.release();
    throw error;
  }
}
