// The packet source of every comparison. A socket as source costs ten times what is to be measured and makes every
// receiver look alike; this one asks the kernel to run an XDP program over live frames that redirects each of them
// out of a veth. The frames arrive at the peer's NAPI, on queue `cpu % queues`, and NAPI runs on the very CPU that
// injects: no sender process, no skb, one system call for many frames. So pin the thread, and say which CPU it was.
// Frames are recycled and not rewritten: a receiver that changes a frame meets its own change a round later. Only a number
// is written into each frame where that is asked for, so that a receiver can check that every frame came, once, in order.
import { setImmediate as nextTurn } from "node:timers/promises";
import { currentCpu, inNamespace, interfaceIndex, monotonicAt } from "../sys/index.js";
import { testFrame } from "./frame.js";
import {
  checkRequest,
  checkSequenceAt,
  type Injection,
  type InjectOptions,
  type Wires,
} from "./injection.js";
import { type InjectorSource, LiveFrames, numberedFrames, type Schedule } from "./live-frames.js";
import { FASTEST_BATCH, FASTEST_CALL, nextCall, type Pace, paceOf, restNs } from "./pace.js";
import { WireCounts, type WireTally } from "./wire-counts.js";

/** So few frames go one by one: that needs no place in the dispatcher. */
const FEW_FRAMES = 16;
/** How long the thread keeps the event loop waiting, in ms: the stop button must work. */
const HOLD_MS = 20;
/** How long to wait for a receiver that allows no more frames, in ms. */
const ALLOW_MS = 0.05;
/** How long to wait where the kernel has no page pool left, in ms. */
const POOL_MS = 1;

/** One injection on its way. */
interface Progress {
  readonly frames: number;
  readonly pace: Pace;
  readonly startMs: number;
  readonly endMs: number;
  readonly before: Counts;
  readonly cpus: Set<number>;
  readonly allow: (sent: number) => number;
  sent: number;
}

interface Counts {
  readonly offered: number;
  readonly wire: WireTally;
}

const never = new Int32Array(new SharedArrayBuffer(4));

/** Sends frames out of one host's end of a wire. Close it when done, or let the testbed: `testbed.injector("a")`. */
export class Injector {
  private readonly path: string;
  private readonly frameBytes: number;
  private readonly live: LiveFrames;
  private readonly wire: WireCounts;
  private open = true;

  /**
   * @param host where the frames leave from; they arrive at the other end of its wire
   * @param frame 14 to 3520 bytes without check sequence; 60 bytes of no protocol when left out
   * @param sequenceAt byte of the frame where its number goes, 8 bytes in network order: 0 for this injector's first
   *   frame, then counting; no frame is numbered when left out
   * @param source another program; the lab's own unless given, and only that one numbers frames
   * @throws RangeError where the number would not fit into the frame.
   */
  constructor(
    wires: Wires,
    host: string,
    frame?: Uint8Array,
    sequenceAt?: number,
    source: InjectorSource = numberedFrames(sequenceAt),
  ) {
    const end = wires.end(host);
    this.path = wires.path(end.host);
    const bytes = frame ?? testFrame(end, wires.peer(host));
    checkSequenceAt(sequenceAt, bytes.length);
    const index = inNamespace(this.path, () => interfaceIndex(end.device));
    this.live = new LiveFrames(source(index), bytes);
    this.frameBytes = bytes.length;
    this.wire = new WireCounts(wires, end.host);
  }

  /**
   * Injects an exact number of frames and accounts for each. The event loop gets a turn every 20 ms, and whenever
   * `allow` allows nothing.
   *
   * @param frames 1 or more; `Infinity` together with `seconds`
   * @throws the signal's reason once it is aborted; what was sent by then is sent.
   */
  async inject(frames: number, options: InjectOptions & { signal?: AbortSignal } = {}): Promise<Injection> {
    const progress = this.start(frames, options);
    options.signal?.throwIfAborted();
    while (this.sendForAWhile(progress)) {
      await nextTurn();
      options.signal?.throwIfAborted();
    }
    return this.finish(progress);
  }

  /** Injects like `inject`, without giving the event loop a turn: for few frames, and for a process that does nothing else. */
  injectNow(frames: number, options: InjectOptions = {}): Injection {
    const progress = this.start(frames, options);
    while (this.sendForAWhile(progress));
    return this.finish(progress);
  }

  /**
   * Injects as a C program would, as fast as the machine can: what `inject` at a rate of `Infinity` is compared with.
   *
   * @param calls system calls of 65 536 frames each
   * @param batch frames that the kernel handles at once, 1 to 256
   */
  injectByC(calls: number, batch: number = FASTEST_BATCH): Injection {
    this.checkOpen();
    this.prepare();
    const before = this.count();
    const startMs = performance.now();
    inNamespace(this.path, () => this.live.sendByC(calls, FASTEST_CALL, batch));
    return this.finish({ before, startMs, cpus: new Set([currentCpu()]) });
  }

  private start(frames: number, options: InjectOptions): Progress {
    const { ratePps, seconds = Number.POSITIVE_INFINITY } = options;
    checkRequest(frames, ratePps, seconds);
    this.checkOpen();
    if (frames > FEW_FRAMES) this.prepare();
    const before = this.count();
    const startMs = options.startMs ?? performance.now();
    const endMs = startMs + seconds * 1000;
    const { allow = () => Number.POSITIVE_INFINITY } = options;
    const pace = paceOf(ratePps);
    if (pace.intervalNs !== null && !this.live.keepsRate) {
      throw new RangeError(
        `Cannot inject at ${ratePps} frames a second: this injector's program keeps no rate -> leave the rate out, or let the program ask may_go of kernels/bpf/pace.h`,
      );
    }
    const all = Math.min(frames, Math.ceil(seconds * (ratePps ?? Number.POSITIVE_INFINITY) - 1e-6));
    return { frames: all, pace, startMs, endMs, before, cpus: new Set(), allow, sent: 0 };
  }

  /** Does now what the first larger injection would do before its first frame, some 10 ms: for who sets a start time. */
  prepare(): void {
    this.live.prepare();
  }

  private finish({ before, startMs, cpus }: Pick<Progress, "before" | "startMs" | "cpus">): Injection {
    const seconds = (performance.now() - startMs) / 1000;
    this.wire.drain(before.wire);
    const offered = this.offered - before.offered;
    const account = this.wire.accountSince(before.wire, offered, this.frameBytes);
    return { ...account, seconds, ratePps: offered / seconds, cpus: [...cpus] };
  }

  /** @returns False when all is sent or the time is over. */
  private sendForAWhile(progress: Progress): boolean {
    const { frames, pace, startMs, endMs, before } = progress;
    this.checkOpen();
    return inNamespace(this.path, () => {
      const turnMs = performance.now() + HOLD_MS;
      for (;;) {
        const nowMs = performance.now();
        if (progress.sent >= frames || nowMs >= endMs) return false;
        if (nowMs >= turnMs) return true;
        const allowed = progress.allow(progress.sent);
        if (allowed <= 0) {
          Atomics.wait(never, 0, 0, ALLOW_MS);
          return true; // what the receiver waits for may need the event loop, e.g. the answer of another process
        }
        const waitNs = (startMs - nowMs) * 1e6 + progress.sent * (pace.intervalNs ?? 0);
        const restMs = restNs(pace, waitNs) / 1e6;
        if (restMs > 0) sleep(Math.min(restMs, HOLD_MS));
        else this.call(progress, Math.min(frames - progress.sent, allowed), waitNs);
        if (pace.drains) this.wire.drain(before.wire);
        progress.cpus.add(currentCpu());
      }
    });
  }

  private call(progress: Progress, left: number, waitNs: number): void {
    const { pace, sent, frames: all } = progress;
    const { frames, runs } = nextCall(pace, left, waitNs);
    const schedule = scheduleOf(progress, frames);
    const offered = this.live.send(all > FEW_FRAMES ? runs : 1, pace.batch, schedule);
    progress.sent = sent + (offered ?? 0);
    if (offered === null) sleep(POOL_MS); // the frames stay due
  }

  /** Frames offered so far, by all injections; the number of the next frame, where frames are numbered. */
  get offered(): number {
    return this.live.offered;
  }

  private count(): Counts {
    return { offered: this.offered, wire: this.wire.read() };
  }

  private checkOpen(): void {
    if (!this.open)
      throw new Error("Cannot inject: this injector is closed -> make another: testbed.injector()");
  }

  /** Frees programs, descriptors and memory. A second call does nothing. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.wire.close();
    this.live.close();
  }
}

function scheduleOf({ pace, startMs, endMs, sent }: Progress, frames: number): Schedule | null {
  const { intervalNs } = pace;
  if (intervalNs === null) return null;
  const [startNs, endNs] = [monotonicAt(startMs), monotonicAt(endMs)];
  return { startNs, endNs, intervalNs, frame: sent, until: sent + frames };
}

function sleep(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}
