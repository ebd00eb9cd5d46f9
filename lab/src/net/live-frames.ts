// Frames that the kernel makes: it runs an XDP program over live frames, and the program redirects each of them out of a veth.
// One bpf(2) call is many frames, with no sender process and no skb. A call may end early, by a signal, or find that the kernel
// has no page pool left; neither loses count, for the program itself counts what it offered.
import { SysError } from "../base/index.js";
import { type BpfObject, loadKernelObject, TestRun, u32Key } from "../sys/index.js";
import { keepDispatched } from "./dispatch.js";

/** How long the kernel may take to get back the page pools of earlier calls, in ms. */
const POOLS_MS = 5000;

/**
 * Loads another program in place of the lab's own, one that writes frames itself: XDP, named `inject`, it redirects each
 * frame to the interface, and counts them in slot 0 of a map `offered` of u64. The injector closes what it loads. To keep a rate it
 * asks `may_go` of kernels/bpf/pace.h first.
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

/** When the frames of a call are due: `struct pace` of kernels/bpf/pace.h. */
export interface Schedule {
  /** When the load's first frame is due, and when no more go, by CLOCK_MONOTONIC in ns; the second may be `Infinity`. */
  readonly startNs: number;
  readonly endNs: number;
  readonly intervalNs: number;
  /** The first frame of the call and the first that is not of it, counted from the load's first. */
  readonly frame: number;
  readonly until: number;
}

/** As the program has them: PACE_INTERVAL_BITS of kernels/bpf/pace.h. */
const INTERVAL_PARTS = 2 ** 20;
const EVER = 2n ** 63n;

/** A program with its frame, loaded. The thread that sends is in the namespace of the interface. */
export class LiveFrames {
  private readonly object: BpfObject;
  private readonly run: TestRun;
  private dispatched: { close(): void } | undefined;
  /** Frames of all calls, as far as they are known to have succeeded. */
  private counted = 0;
  private refusedSinceMs: number | null = null;
  private hasSchedule = false;

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

  /** Whether the program can keep a rate. */
  get keepsRate(): boolean {
    return this.object.maps.some(({ spec }) => spec.name === "pace");
  }

  /**
   * Offers frames in one call.
   *
   * @param runs of the program, 1 or more: as many frames, or fewer where they have a schedule
   * @param batch frames that the kernel handles at once, 1 to 256
   * @param schedule what the program waits for; null where every frame goes at once
   * @returns How many it offered, fewer after a signal; null where no page pool was left: try again in a millisecond.
   * @throws SysError ENOSPC where none has been left for 5 s.
   */
  send(runs: number, batch: number, schedule: Schedule | null): number | null {
    const atOnce = Math.min(batch, runs);
    this.follow(schedule, atOnce);
    try {
      this.run.sendLive(runs, atOnce, 0);
    } catch (error) {
      if (error instanceof SysError && error.code === "EINTR") return this.recount();
      if (!(error instanceof SysError && error.code === "ENOSPC")) throw error;
      // The page pools of earlier calls are still out, and come back by and by.
      this.refusedSinceMs ??= performance.now();
      if (performance.now() - this.refusedSinceMs > POOLS_MS) throw noPools();
      return null;
    }
    this.refusedSinceMs = null;
    if (schedule !== null) return this.recount();
    this.counted += runs;
    return runs;
  }

  /** Tells the program what to wait for. */
  private follow(schedule: Schedule | null, batch: number): void {
    if (schedule === null && !this.hasSchedule) return;
    this.hasSchedule = schedule !== null;
    this.object.map("pace").update(u32Key(0), wordsOf(schedule, batch));
  }

  /** The same calls made by a loop in C, for comparison. */
  sendByC(calls: number, count: number, batch: number): void {
    this.follow(null, batch);
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

/** `struct pace`; all zero for no schedule. The last two words are the program's own. */
function wordsOf(schedule: Schedule | null, batch: number): Uint8Array {
  const words = new BigUint64Array(8);
  if (schedule !== null) {
    const { startNs, endNs, intervalNs, frame, until } = schedule;
    words[0] = BigInt(Math.round(startNs));
    words[1] = Number.isFinite(endNs) ? BigInt(Math.round(endNs)) : EVER;
    words[2] = BigInt(Math.round(intervalNs * INTERVAL_PARTS));
    words[3] = BigInt(batch);
    words[4] = BigInt(frame);
    words[5] = Number.isFinite(until) ? BigInt(until) : EVER;
  }
  return new Uint8Array(words.buffer);
}

function noPools(): SysError {
  const cause = `for ${POOLS_MS / 1000} s the kernel has had no page pool number left`;
  return new SysError(
    "bpf",
    "ENOSPC",
    `Cannot inject: ${cause} -> let receivers read what lies in their queues, or close them`,
  );
}
