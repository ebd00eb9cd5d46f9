// How many frames go into one call. A rate is kept from the intended time of each frame, not from the last one: after
// a hiccup the frames that are overdue go at once, and the schedule stands.

/** Slots of a veth's ring. @source drivers/net/veth.c, VETH_RING_SIZE */
const RING_SLOTS = 256;
/** Frames a call when nothing may be lost: half a ring, then wait until it is empty. */
const CAREFUL_CALL = RING_SLOTS / 2;
/** Frames a call when rate is all: some 25 ms of work, so that a stop is heard. */
export const FASTEST_CALL = 65_536;
/** Frames in a batch: as many as NAPI handles in one poll. */
const BATCH = 64;
/** Frames in a batch when rate is all: 3 % faster than 64 into native XDP_DROP, and half a ring is never too much for it. */
export const FASTEST_BATCH = 128;
/** Overdue frames that may go in one call at a set rate. */
const PACED_CALL = 4096;

/**
 * Calls a second at a set rate. The kernel gives each call a pool of pages with a number of its own, one of 65 534, and takes
 * the number back a second after the call's last packet was read at the earliest. It answers more calls than that by ENOSPC.
 *
 * Taking the pools down is a worker's job on the caller's CPU (`page_pool_release_retry`), so from the second second on each call costs the
 * injector some of its own time, by slices of up to two ticks: frames of such a load may go up to 8 ms late. Of 600 ms at 200 000 frames a second
 * the injector waited 370 with 20 000 calls a second, 180 with 5000 and 39 with 2000, whose frames are late by a quarter of a millisecond each.
 * @source net/core/page_pool.c, DEFER_TIME; net/core/xdp.c, MEM_ID_MAX, v6.18
 */
const MOST_CALLS = 20_000;

/** How an injection is paced. */
export interface Pace {
  /** Frames due in the next call, 0 or more. @param elapsedS since the start, in seconds */
  due(elapsedS: number, sent: number): number;
  /** When the next frame is due, in seconds since the start. */
  nextAtS(sent: number): number;
  /** Frames that the kernel handles at once. Its NAPI runs after each batch, so a batch must fit the ring. */
  readonly batch: number;
  /** Wait after each call until the peer has emptied its ring. */
  readonly drains: boolean;
}

/**
 * Chooses the pace for a rate.
 *
 * @param ratePps frames a second; `undefined` for as fast as loses nothing, `Infinity` for all the machine can
 */
export function paceOf(ratePps: number | undefined): Pace {
  if (ratePps === undefined) return { due: () => CAREFUL_CALL, nextAtS: () => 0, batch: BATCH, drains: true };
  if (ratePps === Number.POSITIVE_INFINITY) {
    return { due: () => FASTEST_CALL, nextAtS: () => 0, batch: FASTEST_BATCH, drains: false };
  }
  // Faster than that, frames go in bursts of what has become due: each is up to 50 µs late, and none is early.
  const burstsPerS = ratePps > MOST_CALLS ? MOST_CALLS : ratePps;
  return {
    due: (elapsedS, sent) => {
      const burstS = Math.floor(elapsedS * burstsPerS) / burstsPerS;
      return Math.min(PACED_CALL, Math.max(0, Math.floor(burstS * ratePps + 1e-6) + 1 - sent));
    },
    nextAtS: (sent) => Math.ceil((sent / ratePps) * burstsPerS - 1e-6) / burstsPerS,
    batch: BATCH,
    drains: false,
  };
}
