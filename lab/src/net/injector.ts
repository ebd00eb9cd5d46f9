// The packet source of every comparison. A socket as source costs ten times what is to be measured and makes every
// receiver look alike; this one asks the kernel to run an XDP program over live frames that redirects each of them
// out of a veth. The frames arrive at the peer's NAPI on this very CPU: no sender process, no skb, one system call
// for thousands of frames. They are recycled and not rewritten: a receiver that changes a frame meets its own change.
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BpfObject, inNamespace, interfaceIndex, loadKernelObject, TestRun } from "../sys/index.js";
import { linkCounters } from "./link-facts.js";
import type { EndSpec } from "./spec.js";
import type { Testbed } from "./testbed.js";

/** Frames handled at once; well under the 256 entries of a veth's ring, so that none is lost there. */
const BATCH = 64;
/** Frames a system call. */
const CALL_FRAMES = 4096;
/** How long the thread keeps the event loop waiting, in ms: the stop button must work. */
const HOLD_MS = 20;
/** For local experiments, so that no stack mistakes it for a protocol. @source IEEE 802 clause 9.2.3 */
const EXPERIMENTAL_ETHERTYPE = 0x88b5;

/** What one injection did, every frame accounted for. */
export interface Injection {
  /** Frames the kernel took from us, as its own program counted them. */
  readonly offered: number;
  /** Frames the peer's driver received. */
  readonly arrived: number;
  /** `offered - arrived`: lost between the two, in the ring of the veth. */
  readonly lostInRing: number;
  readonly seconds: number;
}

/** How to inject. */
export interface InjectOptions {
  /** Frames a second, 1 000 to whatever the machine can; as fast as it can when left out. */
  readonly ratePps?: number;
  readonly signal?: AbortSignal;
}

function macBytes(mac: string): number[] {
  return mac.split(":").map((byte) => Number.parseInt(byte, 16));
}

/** A 60-byte frame (64 on a wire, with its check sequence) from one end to the other, of no protocol. */
export function testFrame(from: EndSpec, to: EndSpec, lengthBytes = 60): Uint8Array {
  const frame = new Uint8Array(lengthBytes);
  frame.set([
    ...macBytes(to.mac),
    ...macBytes(from.mac),
    EXPERIMENTAL_ETHERTYPE >> 8,
    EXPERIMENTAL_ETHERTYPE & 255,
  ]);
  return frame;
}

/** Sends frames out of one host's end of a wire. */
export class Injector {
  private readonly testbed: Testbed;
  private readonly from: EndSpec;
  private readonly to: EndSpec;
  private readonly object: BpfObject;
  private readonly run: TestRun;

  /**
   * @param host where the frames leave from; they arrive at the other end of its wire
   * @param frame 14 to 3520 bytes without check sequence; 60 bytes of no protocol when left out
   */
  constructor(testbed: Testbed, host: string, frame?: Uint8Array) {
    this.testbed = testbed;
    const wire = testbed.spec.wires.find((w) => w.a.host === host || w.b.host === host);
    this.from = testbed.end(host);
    this.to = wire!.a.host === host ? wire!.b : wire!.a;
    const target = new Uint8Array(4);
    const index = inNamespace(testbed.path(host), () => interfaceIndex(this.from.device));
    new DataView(target.buffer).setUint32(0, index, true);
    this.object = loadKernelObject("inject", { initialValues: { ".rodata": target } });
    this.run = new TestRun(this.object.program("inject").fd, frame ?? testFrame(this.from, this.to));
  }

  /** Sends some frames at once, in one system call. @param frames 1 or more */
  sendNow(frames: number): void {
    inNamespace(this.testbed.path(this.from.host), () =>
      this.run.sendLive(frames, Math.min(BATCH, frames), 0),
    );
  }

  /** Frames offered since this injector was made. */
  get offered(): number {
    return this.object.map("offered").readCounters(0)[0]!;
  }

  /**
   * Injects an exact number of frames and accounts for each.
   *
   * @param frames 1 or more
   * @throws the signal's reason once it is aborted; what was sent by then is sent.
   */
  async inject(frames: number, { ratePps, signal }: InjectOptions = {}): Promise<Injection> {
    if (!(Number.isInteger(frames) && frames >= 1)) {
      throw new RangeError(`Cannot inject ${frames} frames: not a whole number above 0 -> try 65536`);
    }
    const before = this.count();
    const start = performance.now();
    const perCall =
      ratePps === undefined ? CALL_FRAMES : Math.max(1, Math.min(CALL_FRAMES, Math.floor(ratePps / 2000)));
    let held = start;
    for (let sent = 0; sent < frames; ) {
      const now = performance.now();
      if (now - held > HOLD_MS) {
        await nextTurn();
        signal?.throwIfAborted();
        held = performance.now();
      }
      if (ratePps !== undefined && now - start < (sent * 1000) / ratePps) continue;
      const chunk = Math.min(perCall, frames - sent);
      this.sendNow(chunk);
      sent += chunk;
    }
    const seconds = (performance.now() - start) / 1000;
    const after = this.count();
    const offered = after.offered - before.offered;
    const arrived = after.arrived - before.arrived;
    return { offered, arrived, lostInRing: offered - arrived, seconds };
  }

  private count(): { offered: number; arrived: number } {
    const { stats64 } = linkCounters(this.testbed, this.to.device, this.to.host);
    return { offered: this.offered, arrived: stats64.rx.packets };
  }

  /** Frees program and memory. */
  close(): void {
    this.run.close();
    this.object.close();
  }
}
