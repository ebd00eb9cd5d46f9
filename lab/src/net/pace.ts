// How many frames go into one call, and when each is due. At a set rate the injecting program itself waits until a frame is due
// (kernels/bpf/pace.h), so one call lasts for thousands of them. A rate is kept from the intended time of each frame, not from the
// last one: after a hiccup the frames that are overdue go at once, and the schedule stands.
// Few calls matter: each takes one of the kernel's 65 534 numbers of page pools, and a pool whose frames are not back when the call ends
// is taken down by a worker on the caller's CPU, a second later or more (net/core/page_pool.c, DEFER_TIME; net/core/xdp.c, MEM_ID_MAX, v6.18).

/** Slots of a veth's ring. @source drivers/net/veth.c, VETH_RING_SIZE */
const RING_SLOTS = 256;
/** Frames a call when nothing may be lost: half a ring, then wait until it is empty. */
const CAREFUL_CALL = RING_SLOTS / 2;
/** Frames a call when rate is all, some 25 ms of work; and runs of the program at a set rate, some milliseconds of waiting. So a stop is heard. */
export const FASTEST_CALL = 65_536;
/** Frames in a batch: as many as NAPI handles in one poll. */
const BATCH = 64;
/** Frames in a batch when rate is all: 3 % faster than 64 into native XDP_DROP, and half a ring is never too much for it. */
export const FASTEST_BATCH = 128;
/** Longest wait of one run of the program, in ns: WAIT_NS of kernels/bpf/pace.h. */
const WAIT_NS = 1000;
/** Frames farther apart than this have a call each, and the thread sleeps between them, in ns. */
const SPARSE_NS = 1e6;
/** So long before a frame is due the thread is awake, because a sleep ends up to 0.1 ms late. */
const AWAKE_NS = 0.2e6;
/**
 * Runs in a batch at a set rate. Frames that are due go together, and a frame that is alone waits for the runs without one, some tens of ns
 * each. A batch of one would never catch up: in CPU time, on a busy machine, a frame into XDP_DROP costs it 780 ns and a batch of 8 310, into AF_XDP 1050 and 360.
 */
const LEAST_BATCH = 8;
/** So many ns at a set rate may be one batch. */
const BATCH_NS = 8000;
/** The last call lasts between so long and twice that, in ns. */
const LAST_CALL_NS = 0.5e6;

/** How an injection is paced. */
export interface Pace {
  /** Frames that the kernel handles at once. Its NAPI runs after each batch, so a batch must fit the ring. */
  readonly batch: number;
  /** Wait after each call until the peer has emptied its ring. */
  readonly drains: boolean;
  /** From one frame's due time to the next one's, in ns; null where no rate is set. */
  readonly intervalNs: number | null;
  /** Most runs of the program in one call; each carries a frame, or waits for one. */
  readonly call: number;
}

/**
 * Chooses the pace for a rate.
 *
 * @param ratePps frames a second; `undefined` for as fast as loses nothing, `Infinity` for all the machine can
 */
export function paceOf(ratePps: number | undefined): Pace {
  if (ratePps === undefined) return { batch: BATCH, drains: true, intervalNs: null, call: CAREFUL_CALL };
  if (ratePps === Number.POSITIVE_INFINITY)
    return { batch: FASTEST_BATCH, drains: false, intervalNs: null, call: FASTEST_CALL };
  const intervalNs = 1e9 / ratePps;
  const batch = Math.min(BATCH, Math.max(LEAST_BATCH, Math.ceil(BATCH_NS / intervalNs)));
  return { batch, drains: false, intervalNs, call: FASTEST_CALL };
}

/** One call. */
export interface Call {
  /** Frames that it may offer. */
  readonly frames: number;
  /** Runs of the program. */
  readonly runs: number;
}

/**
 * Chooses the next call.
 *
 * @param left frames that may be offered, 1 or more
 * @param waitNs until the first of them is due; below 0 where it is overdue
 */
export function nextCall({ intervalNs, call, batch }: Pace, left: number, waitNs: number): Call {
  if (intervalNs === null) return { frames: Math.min(left, call), runs: Math.min(left, call) };
  const frames = intervalNs > SPARSE_NS ? 1 : left;
  // Runs that are left when the last frame went take their time, too; so calls become shorter towards the end.
  const lastNs = Math.max(0, waitNs + (frames - 1) * intervalNs);
  const thisNs = lastNs > 2 * LAST_CALL_NS ? lastNs / 2 : lastNs;
  const overdue = Math.min(frames, Math.max(0, -waitNs / intervalNs));
  const batches = Math.ceil(thisNs / WAIT_NS) + Math.ceil(overdue / batch) + 1;
  return { frames, runs: Math.min(Math.floor(call / batch), batches) * batch };
}

/** How long the thread may sleep before the next call, in ns; 0 or less where it must not. @param waitNs until a frame is due */
export function restNs({ intervalNs }: Pace, waitNs: number): number {
  return intervalNs === null || waitNs < SPARSE_NS ? 0 : waitNs - AWAKE_NS;
}
