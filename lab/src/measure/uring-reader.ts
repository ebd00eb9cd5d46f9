// Batches of equal reads through an io_uring, in TypeScript and described for the same loop in C (kernels/native/uring_batch.h).
import { requests } from "../ring/index.js";
import {
  addressOf,
  type Mapping,
  type MemoryFile,
  openUring,
  type PollingThread,
  structForC,
  type Uring,
  unmap,
} from "../sys/index.js";

/** Enough for the largest batch that is measured. */
const ENTRIES = 256;

/** Reads one file again and again. Close it when done. */
export class UringReader {
  readonly uring: Uring;
  private readonly file: MemoryFile;
  private description: Mapping | undefined;

  /** @param polledBy the kernel thread that takes the requests; without it each batch is one system call */
  constructor(file: MemoryFile, polledBy?: PollingThread) {
    this.file = file;
    this.uring = openUring({ entries: ENTRIES, ...(polledBy && { polledBy }) });
    const { address } = this.uring.map(file.lengthBytes);
    this.fillSlots(requests.read(file.fd, address, file.lengthBytes, 0));
  }

  /** The kernel only reads a request, so equal ones are written into all slots once and for all. */
  private fillSlots(request: ReturnType<typeof requests.read>): void {
    const { submissionRing } = this.uring;
    const first = submissionRing.cursor;
    for (let i = 0; i < submissionRing.size; i++) submissionRing.write(first + i, request, i);
  }

  /**
   * Makes `count` reads and waits for all of them. Where a thread polls, waiting is looking, and takes no call.
   *
   * @param count 1 to 256
   * @returns False where one of them failed or was short.
   */
  read(count: number): boolean {
    const { submissionRing, completionRing, isPolled } = this.uring;
    submissionRing.reserve(count);
    submissionRing.submit(count);
    if (isPolled) this.uring.wake();
    else this.uring.enter(count);
    let ready = completionRing.peek(count);
    while (ready < count) ready = completionRing.peek(count);
    const at = completionRing.cursor;
    let whole = true;
    for (let i = 0; i < count; i++) {
      if (completionRing.result(at + i) !== this.file.lengthBytes) whole = false;
    }
    completionRing.release(count);
    return whole;
  }

  /** Where the loop in C finds the rings: struct lab_uring_reader. Who gives it away must not call `read` any more. */
  get addressForC(): number {
    this.description ??= this.describe();
    return this.description.address;
  }

  close(): void {
    this.uring.close();
    if (this.description !== undefined) unmap(this.description);
  }

  private describe(): Mapping {
    const { submissionRing, completionRing, fd, isPolled } = this.uring;
    const submission = submissionRing.memory;
    const completion = completionRing.memory;
    return structForC([
      fd,
      isPolled ? 1 : 0,
      addressOf(submission.producer),
      addressOf(submission.flags),
      addressOf(completion.consumer),
      addressOf(completion.producer),
      addressOf(completion.words),
      completion.size - 1,
      this.file.lengthBytes,
    ]);
  }
}
