// The ways to take and serve connections that are compared, as data. Each is a loop in kernels/native that answers the same
// questions in the same order.
import type { KernelName } from "../sys/index.js";

/** Who waits for what, and with which calls. */
export type ServerDesign = "oneByOne" | "epoll" | "ioUring" | "ioUringDirect";

/** One way, and the file that does it. */
export interface DesignFacts {
  /** What a reader sees in a figure. */
  readonly title: string;
  readonly kernel: KernelName;
  /** Whether its connections live in the ring's own table, without a file descriptor. */
  readonly direct: boolean;
  /** Whether its listener must not block. */
  readonly nonblocking: boolean;
}

/** All designs, in the order of a figure. */
export const SERVER_DESIGNS: Readonly<Record<ServerDesign, DesignFacts>> = {
  oneByOne: {
    title: "accept one by one",
    kernel: "acceptOneByOne",
    direct: false,
    nonblocking: false,
  },
  epoll: { title: "epoll", kernel: "acceptEpoll", direct: false, nonblocking: true },
  ioUring: { title: "io_uring, multishot accept", kernel: "acceptUring", direct: false, nonblocking: false },
  ioUringDirect: {
    title: "io_uring, without descriptors",
    kernel: "acceptUring",
    direct: true,
    nonblocking: false,
  },
};

/** How listeners are shared out: all servers wait at one, or each has one of its own and the kernel chooses by a hash of the flow. */
export type ListenerSharing = "shared" | "perCore";
