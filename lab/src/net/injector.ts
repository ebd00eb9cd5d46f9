// The packet source of every comparison. A socket as source costs ten times what is to be measured and makes every
// receiver look alike; this one asks the kernel to run an XDP program over live frames that redirects each of them
// out of a veth. The frames arrive at the peer's NAPI, on queue `cpu % queues`, and NAPI runs on the very CPU that
// injects: no sender process, no skb, one system call for many frames. So pin the thread, and say which CPU it was.
// Frames are recycled and not rewritten: a receiver that changes a frame meets its own change a round later. Only a number
// is written into each frame where that is asked for, so that a receiver can check that every frame came, once, in order.
import { setImmediate as nextTurn } from "node:timers/promises";
import { SysError } from "../base/index.js";
import { ETHERNET_HEADER_BYTES, VLAN_HEADER_BYTES } from "../packet/index.js";
import {
  type BpfObject,
  currentCpu,
  inNamespace,
  interfaceIndex,
  loadKernelObject,
  TestRun,
} from "../sys/index.js";
import { keepDispatched } from "./dispatch.js";
import { testFrame } from "./frame.js";
import {
  checkRequest,
  checkSequenceAt,
  type Injection,
  type InjectOptions,
  type Wires,
} from "./injection.js";
import { accountFor, type WireRefusal } from "./losses.js";
import { FASTEST_BATCH, FASTEST_CALL, type Pace, paceOf } from "./pace.js";
import { tallyBetween, VethCounters, type VethTally } from "./veth-counters.js";

/** So few frames go one by one: that needs no place in the dispatcher. */
const FEW_FRAMES = 16;
/** How long the thread keeps the event loop waiting, in ms: the stop button must work. */
const HOLD_MS = 20;
/** How long the peer may take to empty its ring before its frames count as stuck, in ms. */
const DRAIN_MS = 100;
/** How long to wait for a receiver that allows no more frames, in ms. */
const ALLOW_MS = 0.05;
/** How long the kernel may take to get back the page pools of earlier calls, in ms. */
const POOLS_MS = 5000;
/** Shorter waits than this spin, because a sleep ends up to 0.1 ms late. */
const SPIN_MS = 0.2;

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
  /** When a call last succeeded, as `performance.now()`. */
  lastSentMs: number;
}

interface Counts {
  readonly offered: number;
  readonly from: VethTally;
  readonly to: VethTally;
}

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Loads another program in place of the lab's own, one that writes frames itself: XDP, named `inject`, it redirects each
 * frame to the interface, and counts them in slot 0 of a map `offered` of u64. The injector closes what it loads.
 *
 * @param target the interface's index, in the namespace of the host that injects
 */
export type InjectorSource = (target: number) => BpfObject;

/** Sends frames out of one host's end of a wire. Close it when done, or let the testbed: `testbed.injector("a")`. */
export class Injector {
  private readonly path: string;
  private readonly frameBytes: number;
  private readonly object: BpfObject;
  private readonly run: TestRun;
  private readonly from: VethCounters;
  private readonly to: VethCounters;
  private dispatched: { close(): void } | undefined;
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
    source: InjectorSource = (target) => loadInject(target, sequenceAt),
  ) {
    const end = wires.end(host);
    const peer = wires.peer(host);
    this.path = wires.path(end.host);
    const bytes = frame ?? testFrame(end, peer);
    checkSequenceAt(sequenceAt, bytes.length);
    const index = inNamespace(this.path, () => interfaceIndex(end.device));
    this.object = source(index);
    this.frameBytes = bytes.length;
    this.run = new TestRun(this.object.program("inject").fd, bytes);
    this.from = new VethCounters(this.path, end.device);
    this.to = new VethCounters(wires.path(peer.host), peer.device);
  }

  /**
   * Injects an exact number of frames and accounts for each. The event loop gets a turn every 20 ms.
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
    inNamespace(this.path, () => this.run.sendLiveByC(calls, FASTEST_CALL, batch));
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
    const fixed = { frames, pace: paceOf(ratePps), startMs, endMs, before, cpus: new Set<number>(), allow };
    return { ...fixed, sent: 0, lastSentMs: performance.now() };
  }

  /** Does now what the first larger injection would do before its first frame, some 10 ms: for who sets a start time. */
  prepare(): void {
    this.dispatched ??= keepDispatched(this.object.program("inject").fd);
  }

  private finish({ before, startMs, cpus }: Pick<Progress, "before" | "startMs" | "cpus">): Injection {
    const seconds = (performance.now() - startMs) / 1000;
    this.drain(before);
    const after = this.count();
    const account = accountFor(
      after.offered - before.offered,
      tallyBetween(before.from, after.from),
      tallyBetween(before.to, after.to),
      this.refusal(),
    );
    return { ...account, seconds, ratePps: account.offered / seconds, cpus: [...cpus] };
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
        const left = Math.min(frames - progress.sent, allowed);
        const due = Math.min(pace.due((nowMs - startMs) / 1000, progress.sent), left);
        if (allowed <= 0) Atomics.wait(never, 0, 0, ALLOW_MS);
        else if (due === 0) pause(startMs + pace.nextAtS(progress.sent) * 1000 - nowMs);
        else progress.sent = this.send(frames > FEW_FRAMES ? due : 1, progress);
        if (pace.drains) this.drain(before);
        progress.cpus.add(currentCpu());
      }
    });
  }

  /** @returns How many frames of this injection are sent by now. */
  private send(count: number, progress: Progress): number {
    const { sent, before, pace } = progress;
    try {
      this.run.sendLive(count, Math.min(pace.batch, count), 0);
      progress.lastSentMs = performance.now();
      return sent + count;
    } catch (error) {
      // A signal ends the call early; only the program knows how far it came.
      if (error instanceof SysError && error.code === "EINTR") return this.offered - before.offered;
      if (!(error instanceof SysError && error.code === "ENOSPC")) throw error;
      // The page pools of earlier calls are still out, and come back by and by. The frames stay due.
      if (performance.now() - progress.lastSentMs > POOLS_MS) throw noPools();
      pause(1);
      return sent;
    }
  }

  /** Waits until the peer has taken out of its ring what was accepted since. */
  private drain(before: Counts): void {
    const deadlineMs = performance.now() + DRAIN_MS;
    while (this.to.read().received - before.to.received < this.from.read().sent - before.from.sent) {
      if (performance.now() > deadlineMs) return;
      Atomics.wait(never, 0, 0, 0.05); // the peer's NAPI may need this very CPU
    }
  }

  /** Why the wire, as it is now, would take no frame: neither end counts such frames. @source net/core/filter.c, xdp_ok_fwd_dev */
  private refusal(): WireRefusal {
    if (!this.from.device.isUp() || !this.to.device.isUp()) return "an end of the wire is down";
    const most = this.from.device.mtu() + ETHERNET_HEADER_BYTES + VLAN_HEADER_BYTES;
    return this.frameBytes > most ? "frame longer than the MTU" : "no NAPI at the peer";
  }

  /** Frames offered so far, by all injections; the number of the next frame, where frames are numbered. */
  get offered(): number {
    return this.object.map("offered").readCounters(0)[0]!;
  }

  private count(): Counts {
    return { offered: this.offered, from: this.from.read(), to: this.to.read() };
  }

  private checkOpen(): void {
    if (!this.open)
      throw new Error("Cannot inject: this injector is closed -> make another: testbed.injector()");
  }

  /** Frees programs, descriptors and memory. A second call does nothing. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.dispatched?.close();
    this.from.close();
    this.to.close();
    this.run.close();
    this.object.close();
  }
}

function loadInject(target: number, sequenceAt = 0): BpfObject {
  const constants = new Uint8Array(Uint32Array.of(target, sequenceAt).buffer);
  return loadKernelObject("inject", { initialValues: { ".rodata": constants } });
}

function noPools(): SysError {
  const cause = `for ${POOLS_MS / 1000} s the kernel has had no page pool number left`;
  return new SysError(
    "bpf",
    "ENOSPC",
    `Cannot inject: ${cause} -> let receivers read what lies in their queues, or close them`,
  );
}

/** Sleeps through most of a wait; the loop that called spins through the rest. */
function pause(waitMs: number): void {
  if (waitMs > SPIN_MS) Atomics.wait(never, 0, 0, Math.min(waitMs - SPIN_MS, HOLD_MS));
}
