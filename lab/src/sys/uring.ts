// An io_uring: a ring of requests to the kernel, a ring of its answers, and one system call for as many of them as you
// like. Or none: with `polledBy` a kernel thread looks at the submission ring by itself, as long as there is work. The
// kernel keeps an io_uring alive by its descriptor alone, so a process that dies leaves nothing, the thread included.
import { NotSupportedError } from "../base/index.js";
import {
  BufferProducer,
  type BufferSpec,
  CompletionConsumer,
  SLOT_BYTES,
  SubmissionProducer,
} from "../ring/index.js";
import { sysError } from "./errno.js";
import type { Mapping } from "./memory.js";
import { close } from "./socket.js";
import {
  decodeParams,
  encodeBufferRing,
  encodeIovecs,
  IORING_ENTER_GETEVENTS,
  IORING_ENTER_SQ_WAKEUP,
  IORING_REGISTER_BUFFERS,
  IORING_REGISTER_FILES,
  IORING_REGISTER_PBUF_RING,
  IORING_SQ_CQ_OVERFLOW,
} from "./uring-abi.js";
import { URING_CALLS_BYTES, UringCalls, uringRegister } from "./uring-calls.js";
import type { UringMemory } from "./uring-memory.js";

/** Turns a completion's result into a count or descriptor. @throws SysError with the errno's name where it is negative. */
export function completed(result: number, operation: string, action: string): number {
  if (result < 0) throw sysError(operation, action, -result);
  return result;
}

/** An open io_uring. */
export class Uring {
  readonly fd: number;
  readonly submissionRing: SubmissionProducer;
  readonly completionRing: CompletionConsumer;
  /** A kernel thread takes the requests. */
  readonly isPolled: boolean;
  private readonly memory: UringMemory;
  private readonly calls: UringCalls;
  private readonly dropped: Int32Array;
  private isOpen = true;

  /** Use `openUring`. @param fd a fresh io_uring, which is closed by the caller if this throws */
  constructor(fd: number, memory: UringMemory, params: Uint8Array, isPolled: boolean) {
    const answer = decodeParams(params);
    if (!answer.isRecent) {
      throw new NotSupportedError("io_uring", "Linux 5.11 or newer", "an older kernel", "use the VM");
    }
    this.fd = fd;
    this.memory = memory;
    this.isPolled = isPolled;
    const { submission, completion, overflow } = memory.mapRings(fd, answer);
    this.submissionRing = new SubmissionProducer(submission);
    this.completionRing = new CompletionConsumer(completion);
    this.dropped = overflow;
    this.calls = new UringCalls(fd, memory.anonymous(URING_CALLS_BYTES));
  }

  /**
   * One system call: hands over everything that was submitted, and sleeps until `wanted` completions wait.
   *
   * @param wanted 0 to only hand over
   * @param timeoutMs ends the sleep; for ever unless given, so give one in a notebook kernel
   * @returns How many requests the kernel took.
   * @throws SysError EBUSY where completions must be read first
   */
  enter(wanted = 0, timeoutMs?: number): number {
    this.checkOpen();
    const submit = this.isPolled ? 0 : this.submissionRing.queued;
    if (timeoutMs !== undefined)
      return this.calls.enterFor(submit, wanted, IORING_ENTER_GETEVENTS, timeoutMs);
    return this.calls.enter(submit, wanted, wanted > 0 ? IORING_ENTER_GETEVENTS : 0);
  }

  /** Wakes the polling thread where it asked to be woken. @returns True where that took a system call. */
  wake(): boolean {
    this.checkOpen();
    if (!this.isPolled || !this.submissionRing.needsWakeup()) return false;
    this.calls.enter(0, 0, IORING_ENTER_SQ_WAKEUP);
    return true;
  }

  /** True while answers that found no free slot wait inside the kernel; the next `enter` with a timeout brings them. */
  get hasOverflow(): boolean {
    return (Atomics.load(this.submissionRing.memory.flags, 0) & IORING_SQ_CQ_OVERFLOW) !== 0;
  }

  /** Answers that the kernel had to throw away, for want of memory. */
  get lostCompletions(): number {
    return Atomics.load(this.dropped, 0);
  }

  /** Maps memory whose address stays the same, for requests to point to. It is given back with the io_uring. */
  map(lengthBytes: number): Mapping {
    this.checkOpen();
    return this.memory.anonymous(lengthBytes);
  }

  /** Registers open files: requests made with `onRegisteredFile` name them by their place in this list. */
  registerFiles(fds: readonly number[]): void {
    this.checkOpen();
    const argument = new Uint8Array(Int32Array.from(fds).buffer);
    uringRegister(this.fd, IORING_REGISTER_FILES, argument, fds.length, `register ${fds.length} files`);
  }

  /** Registers memory: requests made with `onRegisteredBuffer` name it by its place in this list. */
  registerBuffers(memory: readonly Mapping[]): void {
    this.checkOpen();
    uringRegister(
      this.fd,
      IORING_REGISTER_BUFFERS,
      encodeIovecs(memory),
      memory.length,
      `register ${memory.length} buffers`,
    );
  }

  /**
   * Maps equal buffers and gives all of them to the kernel, which takes one for each message of a multishot receive.
   *
   * @param group a number of your choice, 0 to 65535, by which requests name these buffers
   */
  provideBuffers(group: number, spec: BufferSpec): BufferProducer {
    this.checkOpen();
    const ring = this.memory.anonymous(spec.count * SLOT_BYTES.descriptor);
    const buffers = this.memory.anonymous(spec.count * spec.bufferBytes);
    const producer = new BufferProducer(ring.buffer, buffers.buffer, buffers.address, spec);
    const argument = encodeBufferRing(ring.address, spec.count, group);
    uringRegister(
      this.fd,
      IORING_REGISTER_PBUF_RING,
      argument,
      1,
      `provide ${spec.count} buffers as group ${group}`,
    );
    producer.fill();
    return producer;
  }

  /** Ends every request and gives the memory back. Rings that somebody still holds throw from now on. A second call does nothing. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.submissionRing.detach(CLOSED);
    this.completionRing.detach(CLOSED);
    close(this.fd);
    this.memory.release();
  }

  private checkOpen(): void {
    if (!this.isOpen) throw new Error(CLOSED);
  }
}

const CLOSED = "Cannot use this io_uring: it is closed -> open another with openUring";
