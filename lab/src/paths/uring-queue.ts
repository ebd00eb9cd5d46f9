// What the two io_uring paths have in common: a UDP socket, a multishot receive that is submitted once, provided buffers for
// it, and the loop that takes packets out of the completion ring and gives their buffers back. They differ in who runs the
// receive: we, in one system call for many packets, or a thread of the kernel, in none of ours.
import { requests } from "../ring/index.js";
import {
  addressOf,
  close,
  completed,
  errnoName,
  type Mapping,
  openUring,
  structForC,
  type Uring,
  type UringSpec,
  unmap,
} from "../sys/index.js";
import type { HopCount, PathOptions, Place } from "./path.js";
import type { Sink } from "./sink.js";
import { bufferDrops } from "./socket-queue.js";
import { openUdpSocket } from "./udp-socket.js";

const GROUP = 1;
const BUFFER_BYTES = 2048;
const SUBMISSIONS = 8;
/** Word of the description for C that says that the receive has ended. */
const NEEDS_ARMING = 0;

/** A socket whose packets come through an io_uring. */
export class UringQueue {
  readonly uring: Uring;
  private readonly fd: number;
  private readonly batch: number;
  private readonly buffers: ReturnType<Uring["provideBuffers"]>;
  private readonly request: ReturnType<typeof requests.recvMultishot>;
  private description: Mapping | undefined;

  constructor(place: Place, { batch, ringSize }: PathOptions, spec: Omit<UringSpec, "entries">) {
    this.batch = batch;
    this.fd = openUdpSocket(place, ringSize);
    try {
      // Each buffer makes one completion, and the end of a receive one more: the ring never overflows.
      this.uring = openUring({ ...spec, entries: SUBMISSIONS, completions: 2 * ringSize });
      this.buffers = this.uring.provideBuffers(GROUP, { count: ringSize, bufferBytes: BUFFER_BYTES });
      this.request = requests.recvMultishot(this.fd, GROUP);
      this.arm();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives what waits to the sink, at most a batch, and its buffers back to the kernel. */
  take(sink: Sink): number {
    const { uring, buffers } = this;
    const { completionRing } = uring;
    const ready = completionRing.peek(this.batch);
    if (ready === 0) return 0;
    const first = completionRing.cursor;
    let taken = 0;
    let hasEnded = false;
    for (let i = 0; i < ready; i++) {
      const id = completionRing.bufferId(first + i);
      if (!completionRing.hasMore(first + i)) hasEnded = true;
      if (id < 0) {
        checkEnd(completionRing.result(first + i));
        continue;
      }
      sink.take(buffers.bytes, buffers.offsetOf(id), completionRing.result(first + i));
      buffers.take(1);
      buffers.write(buffers.reserve(1)!, id);
      taken++;
    }
    buffers.submit(taken);
    completionRing.release(ready);
    if (hasEnded) this.arm();
    return taken;
  }

  /** Where a loop in C finds the rings: struct lab_uring of kernels/native/uring_rings.h. */
  get addressForC(): number {
    this.description ??= this.describe();
    return this.description.address;
  }

  /** Submits the receive again if a loop in C found that it had ended. */
  armForC(): void {
    const words = new BigUint64Array(this.description!.buffer, 0, 1);
    if (words[NEEDS_ARMING] === 0n) return;
    words[NEEDS_ARMING] = 0n;
    this.arm();
  }

  /** A packet for which no buffer was left waits in the socket, so only the socket loses any. */
  drops(): HopCount[] {
    return [bufferDrops(this.fd)];
  }

  close(): void {
    this.uring?.close();
    close(this.fd);
    if (this.description !== undefined) unmap(this.description);
  }

  private arm(): void {
    const { uring } = this;
    uring.submissionRing.write(uring.submissionRing.reserve(1)!, this.request, GROUP);
    uring.submissionRing.submit(1);
    if (uring.isPolled) uring.wake();
    else uring.enter();
  }

  private describe(): Mapping {
    const { completionRing } = this.uring;
    const { consumer, producer, words, size } = completionRing.memory;
    return structForC([
      0,
      this.uring.fd,
      addressOf(consumer),
      addressOf(producer),
      addressOf(words),
      size - 1,
      addressOf(this.buffers.ring),
      this.buffers.size - 1,
      addressOf(this.buffers.bytes),
      BUFFER_BYTES,
    ]);
  }
}

/** A multishot receive may end because the buffers were out; it is submitted again. @throws SysError for any other end */
function checkEnd(result: number): void {
  if (result < 0 && errnoName(-result) !== "ENOBUFS")
    completed(result, "recv", "receive through an io_uring");
}
