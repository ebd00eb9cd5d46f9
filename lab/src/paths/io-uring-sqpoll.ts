// io_uring whose requests a thread of the kernel runs (SQPOLL): it receives, we only look at the completion ring. While packets
// come we make no system call at all, and no packet is free for that: the calls' work is done on another core, or, where there
// is no other core, in between. The thread runs where the scheduler puts it.
import { cpuNsOf, cpuOf, kernels, newPollingThread, pollingThreads, threadId } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";
import { UringQueue } from "./uring-queue.js";

/** So long the kernel's thread spins after its last work, in ms: short, for on two cores it takes somebody's. */
const IDLE_MS = 1;

class Sqpoll implements Receiver {
  readonly queue: UringQueue;
  private readonly poller: number;

  constructor(place: Place, options: PathOptions) {
    const before = pollingThreads(threadId());
    this.queue = new UringQueue(place, options, { polledBy: { idleMs: IDLE_MS } });
    try {
      this.poller = newPollingThread(before, threadId());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.queue.take(sink);
    if (taken > 0 || waitMs === 0) return taken;
    this.queue.uring.enter(1, waitMs);
    return this.queue.take(sink);
  }

  drops(): HopCount[] {
    return this.queue.drops();
  }

  helperCpuNs(): number {
    return cpuNsOf(this.poller);
  }

  helperCpu(): number {
    return cpuOf(this.poller);
  }

  close(): void {
    this.queue.close();
  }
}

export const ioUringSqpoll: ThreadPath = {
  ends: "thread",
  name: "io-uring-sqpoll",
  title: "io_uring, SQPOLL",
  how: "as io_uring multishot, but a thread of the kernel runs the request; we look at the completion ring, and make no system call while packets come",
  needs: ["veth", "ioUringSqpoll"],
  load: "frames",
  helper: "the kernel's thread that runs the request",
  sees: "payload",
  copies: { count: 1, by: "the kernel, from the skb into a provided buffer (net/ipv4/udp.c, udp_recvmsg)" },
  open: (place, options) => new Sqpoll(place, options),
  openTwin(place, options) {
    const own = new Sqpoll(place, options);
    return nativeTwin(own, (sink, waitMs) => {
      kernels.uringSqpoll(ONE_TURN, own.queue.addressForC, options.batch, waitMs, sink.address);
      own.queue.armForC();
    });
  },
};
