// The last segments of a burst have nothing behind them whose arrival would tell of their loss. So after two quiet round trips one
// segment goes out that makes the peer speak: a new one, or the last one again (TLP). It spares most timeouts of the tail.

import { resend } from "./recovery.js";
import { seqAtMost, seqBefore, seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { sendNext } from "./transmit.js";
import { closeEpisode } from "./undo.js";

/** How long a peer may keep back the acknowledgment of a single segment, in ms. @source RFC 8985 section 7.2, TLP.max_ack_delay */
const MOST_ACK_DELAY_MS = 200;

function mayProbe({ rack, rto, sackPermitted, inRecovery, isPersisting }: Tcb): boolean {
  const isQuiet = sackPermitted && !inRecovery && !isPersisting && rack.sackedSegments === 0;
  return isQuiet && !rack.isProbing && rto.srttMs >= 0 && rack.sent.size > 0;
}

/**
 * Two round trips, and more where the peer may wait for a second segment; in whole ms, since V8 may make an object of a number with a
 * fraction that is handed on. @source RFC 8985 section 7.2
 */
function quietMs({ rack, rto }: Tcb): number {
  return Math.ceil(2 * rto.srttMs + (rack.sent.size === 1 ? MOST_ACK_DELAY_MS : 0)) | 0;
}

/** New data was sent or acknowledged: ask in two round trips, if nothing comes. */
export function scheduleProbe(tcb: Tcb): void {
  if (!mayProbe(tcb)) return;
  const delayMs = quietMs(tcb);
  if (delayMs >= tcb.rto.rtoMs) return;
  tcb.rack.awaitsProbe = true;
  tcb.reorderTimer.start(delayMs);
}

/** The time has come, unless somebody spoke meanwhile. @source RFC 8985 section 7.3 */
export function probeTimeout(tcb: Tcb): void {
  const { rack } = tcb;
  rack.awaitsProbe = false;
  if (!mayProbe(tcb) || quietMs(tcb) >= tcb.rto.rtoMs) return;
  const leftMs = Math.max(tcb.lastSentMs, tcb.lastHeardMs) + quietMs(tcb) - tcb.tcp.host.clock.seen[0];
  if (leftMs > 0) {
    rack.awaitsProbe = true;
    tcb.reorderTimer.start(leftMs);
  } else sendProbe(tcb);
}

function sendProbe(tcb: Tcb): void {
  const { rack, sndMax } = tcb;
  const last = rack.sent.startOf(rack.sent.size - 1);
  rack.wasCopy = !(tcb.sndNxt === sndMax && sendNext(tcb, tcb.mss));
  if (rack.wasCopy && resend(tcb, last, sndMax) === 0) return;
  rack.isProbing = true;
  rack.probeEnd = tcb.sndMax;
  tcb.retransmitTimer.start(tcb.rto.rtoMs);
}

/**
 * An acknowledgment came while a probe was out. If it was a copy, nobody has got it twice, and more than it is acknowledged, then it
 * has mended a loss, which is a sign of congestion as any other. @source RFC 8985 section 7.4
 */
export function probeAnswered(tcb: Tcb, ack: number, cameTwice: boolean): void {
  const { rack } = tcb;
  // Only if it is acknowledged: else a copy of what is held behind a gap would be answered by another, and the timeout would never come.
  if (seqAtMost(rack.probeEnd, ack) && (cameTwice || !rack.wasCopy)) rack.isProbing = false;
  else if (seqBefore(rack.probeEnd, ack)) {
    rack.isProbing = false;
    if (tcb.inRecovery) return;
    closeEpisode(tcb);
    tcb.congestion.lost(seqDistance(tcb.sndUna, tcb.sndMax));
  }
}
