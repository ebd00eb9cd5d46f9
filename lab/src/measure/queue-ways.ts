// Four ways to hand numbers from one thread to another, all in C (kernels/native/queue_*.c): what protects the slots differs.
import { kernels } from "../sys/index.js";

/** How a queue is protected. */
export type QueueWay = "mutex" | "spin lock" | "ring" | "ring, batches";

/** Entries for which the batching ring moves its cursor once. */
export const QUEUE_BATCH = 64;

/** Hands over `entries` numbers from CPU `there` to CPU `here`. @returns nanoseconds @throws SysError EIO where the order was not kept */
export type HandOver = (entries: number, here: number, there: number) => number;

/** In the order in which a reader meets them. */
export const QUEUE_WAYS: Readonly<Record<QueueWay, HandOver>> = {
  mutex: (entries, here, there) => kernels.queueMutex(entries, here, there),
  "spin lock": (entries, here, there) => kernels.queueSpinlock(entries, here, there),
  ring: (entries, here, there) => kernels.queueSpsc(entries, here, there, 1),
  "ring, batches": (entries, here, there) => kernels.queueSpsc(entries, here, there, QUEUE_BATCH),
};
