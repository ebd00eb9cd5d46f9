// Frames that the kernel makes: it runs an XDP program over live frames, and the program redirects each of them out of a veth.
// One bpf(2) call is many frames, with no sender process and no skb. A call may end early, by a signal, or find that the kernel
// has no page pool left; neither loses count, for the program itself counts what it offered.
import { SysError } from "../base/index.js";
import { type BpfObject, loadKernelObject, TestRun } from "../sys/index.js";
import { keepDispatched } from "./dispatch.js";

/** How long the kernel may take to get back the page pools of earlier calls, in ms. */
const POOLS_MS = 5000;

/**
 * Loads another program in place of the lab's own, one that writes frames itself: XDP, named `inject`, it redirects each
 * frame to the interface, and counts them in slot 0 of a map `offered` of u64. The injector closes what it loads.
 *
 * @param target the interface's index, in the namespace of the host that injects
 */
export type InjectorSource = (target: number) => BpfObject;

/** The lab's own program. @param sequenceAt byte of the frame where its number goes; no frame is numbered when left out */
export function numberedFrames(sequenceAt = 0): InjectorSource {
  return (target) => {
    const constants = new Uint8Array(Uint32Array.of(target, sequenceAt).buffer);
    return loadKernelObject("inject", { initialValues: { ".rodata": constants } });
  };
}

/** A program with its frame, loaded. The thread that sends is in the namespace of the interface. */
export class LiveFrames {
  private readonly object: BpfObject;
  private readonly run: TestRun;
  private dispatched: { close(): void } | undefined;
  /** Frames of all calls, as far as they are known to have succeeded. */
  private counted = 0;
  private refusedSinceMs: number | null = null;

  /** @param object from an `InjectorSource` @param frame 14 to 3520 bytes */
  constructor(object: BpfObject, frame: Uint8Array) {
    this.object = object;
    this.run = new TestRun(object.program("inject").fd, frame);
  }

  /** Does now what the first call of many frames would do before its first frame, some 10 ms. */
  prepare(): void {
    this.dispatched ??= keepDispatched(this.object.program("inject").fd);
  }

  /** Frames offered so far, by the program's own count. */
  get offered(): number {
    return this.object.map("offered").readCounters(0)[0]!;
  }

  /**
   * Offers frames in one call.
   *
   * @param batch frames that the kernel handles at once, 1 to 256
   * @returns How many it offered: fewer after a signal, 0 where no page pool was left; then try again in a millisecond.
   * @throws SysError ENOSPC where none has been left for 5 s.
   */
  send(count: number, batch: number): number {
    try {
      this.run.sendLive(count, Math.min(batch, count), 0);
    } catch (error) {
      if (error instanceof SysError && error.code === "EINTR") return this.recount();
      if (!(error instanceof SysError && error.code === "ENOSPC")) throw error;
      // The page pools of earlier calls are still out, and come back by and by.
      this.refusedSinceMs ??= performance.now();
      if (performance.now() - this.refusedSinceMs > POOLS_MS) throw noPools();
      return 0;
    }
    this.refusedSinceMs = null;
    this.counted += count;
    return count;
  }

  /** The same calls made by a loop in C, for comparison. */
  sendByC(calls: number, count: number, batch: number): void {
    this.run.sendLiveByC(calls, count, batch);
    this.recount();
  }

  /** Asks the program how far it came. @returns frames that were not known before */
  private recount(): number {
    const before = this.counted;
    this.counted = this.offered;
    return this.counted - before;
  }

  close(): void {
    this.dispatched?.close();
    this.run.close();
    this.object.close();
  }
}

function noPools(): SysError {
  const cause = `for ${POOLS_MS / 1000} s the kernel has had no page pool number left`;
  return new SysError(
    "bpf",
    "ENOSPC",
    `Cannot inject: ${cause} -> let receivers read what lies in their queues, or close them`,
  );
}
