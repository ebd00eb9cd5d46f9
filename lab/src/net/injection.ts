// What is asked of an injector, and what it answers.
import { ETHERNET_HEADER_BYTES } from "../packet/index.js";
import type { Account } from "./losses.js";
import type { EndSpec } from "./spec.js";

/** What one injection did, every frame accounted for. */
export interface Injection extends Account {
  readonly seconds: number;
  /** Offered frames a second. */
  readonly ratePps: number;
  /** CPUs that injected, and so ran the peer's NAPI: one if the thread was pinned. */
  readonly cpus: readonly number[];
}

/** How to inject. */
export interface InjectOptions {
  /**
   * Frames a second, from 1. Left out: as fast as loses nothing (half a ring at a time). `Infinity`: all the
   * machine can, and the ring may overflow, which `losses` then says.
   */
  readonly ratePps?: number;
  /** Stops after this time even if frames are left. */
  readonly seconds?: number;
  /** When the first frame is due, by this thread's `performance.now()`; at once unless given. Frame `n` is due `n / ratePps` later. */
  readonly startMs?: number;
  /**
   * Flow control for a receiver that must lose nothing: asked before each call, it says how many more frames may be
   * offered now; 0 or less to wait.
   *
   * @param sent frames of this injection so far
   */
  readonly allow?: (sent: number) => number;
}

/** What an injector needs to know of a testbed; a child process can be told it in a message. */
export interface Wires {
  /** A host's namespace file. */
  path(host: string): string;
  /** The host's end of its wire. */
  end(host: string): EndSpec;
  /** The other end of that wire. */
  peer(host: string): EndSpec;
}

/** Bytes that a frame's number takes. */
const SEQUENCE_BYTES = 8;

/** @throws RangeError where a frame has no room for its number. The Ethernet header is no place for it. */
export function checkSequenceAt(at: number | undefined, frameBytes: number): void {
  if (at === undefined) return;
  const last = frameBytes - SEQUENCE_BYTES;
  if (Number.isInteger(at) && at >= ETHERNET_HEADER_BYTES && at <= last) return;
  throw new RangeError(
    `Cannot number frames at byte ${at}: frames have ${frameBytes} bytes and the number takes ${SEQUENCE_BYTES} -> try ${ETHERNET_HEADER_BYTES} to ${last}`,
  );
}

/** @throws RangeError for what can never be injected. */
export function checkRequest(frames: number, ratePps: number | undefined, seconds: number): void {
  const endless = frames === Number.POSITIVE_INFINITY && Number.isFinite(seconds);
  if (!endless && !(Number.isInteger(frames) && frames >= 1)) {
    throw new RangeError(
      `Cannot inject ${frames} frames: not a whole number above 0 -> try 65536, or Infinity together with seconds`,
    );
  }
  if (ratePps !== undefined && !(ratePps >= 1)) {
    throw new RangeError(`Cannot inject at ${ratePps} frames a second: it takes 1 or more -> try 1000`);
  }
  if (!(seconds > 0)) {
    throw new RangeError(`Cannot inject for ${seconds} s: it takes more than 0 -> try 1`);
  }
}
