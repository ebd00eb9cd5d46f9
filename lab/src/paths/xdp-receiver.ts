// A loop over an AF_XDP queue: look at the rings, and sleep only where nothing is there. What one look does may be a path's own.
import type { HopCount, Receiver } from "./path.js";
import type { Sink } from "./sink.js";
import type { XdpQueue } from "./xdp-queue.js";

/** Looks; where nothing is there, sleeps in the kernel until something is, and looks again. */
export class XdpReceiver implements Receiver {
  /** @param queue is closed with the receiver */
  constructor(readonly queue: XdpQueue) {}

  receive(sink: Sink, waitMs: number): number {
    const taken = this.look(sink);
    if (taken > 0 || waitMs === 0 || !this.queue.socket.wait(waitMs)) return taken;
    return this.look(sink);
  }

  drops(): HopCount[] {
    return this.queue.drops();
  }

  close(): void {
    this.queue.close();
  }

  /** Takes what is there, a batch at most. @returns packets */
  protected look(sink: Sink): number {
    return this.queue.take(sink);
  }
}
