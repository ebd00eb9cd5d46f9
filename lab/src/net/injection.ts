// What is asked of an injector, and what it answers.
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
