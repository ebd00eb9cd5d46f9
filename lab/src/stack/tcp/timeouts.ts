// What happens when nothing happens: send again and wait longer, ask whether the window is still shut, ask
// whether the peer is still there, and at last give up.
import { TCP_FLAG } from "../../packet/index.js";
import { emitSegment, segmentRoom } from "./emit.js";
import { doubtTimeout } from "./frto.js";
import { closed } from "./lifecycle.js";
import { recoverFromTimeout } from "./recovery.js";
import { sendReset } from "./reset.js";
import { seqAdd, seqBefore, seqDistance } from "./sequence.js";
import { repeatSyn } from "./synchronize.js";
import type { Tcb } from "./tcb.js";
import { output, transmit } from "./transmit.js";
import { closeEpisode } from "./undo.js";

/** The retransmission timer fired. @source RFC 6298 section 5.4 to 5.7 */
export function retransmit(tcb: Tcb): void {
  const isSyn = tcb.state === "SYN-SENT" || tcb.state === "SYN-RECEIVED";
  const limit = isSyn ? tcb.tcp.options.synRetries : tcb.tcp.options.retries;
  // A shut window that is confirmed again and again is no failure: RFC 9293 section 3.8.6.1
  const isAlive = tcb.isPersisting && tcb.lastHeardMs >= tcb.lastSentMs;
  if (tcb.retries >= limit && !isAlive) {
    closed(tcb, tcb.softError ?? "ETIMEDOUT"); // RFC 9293 section 3.8.3
    return;
  }
  tcb.retries++;
  tcb.rto.backOff();
  if (tcb.isPersisting) probeWindow(tcb);
  else if (isSyn) repeatSyn(tcb);
  else timeOut(tcb);
  if (!tcb.retransmitTimer.isRunning) tcb.retransmitTimer.start(tcb.rto.rtoMs);
}

/** Begin slowly: with what is lost, where SACK shows it; all over again without, or where the window does not even allow that. */
function timeOut(tcb: Tcb): void {
  tcb.tcp.host.counters.timeouts++;
  doubtTimeout(tcb);
  tcb.congestion.timedOut(seqDistance(tcb.sndUna, tcb.sndMax), tcb.retries > 1);
  tcb.duplicateAcks = 0;
  tcb.isTiming = false;
  if (tcb.sackPermitted && tcb.sndWnd >= tcb.mss) recoverFromTimeout(tcb);
  else {
    closeEpisode(tcb);
    tcb.inRecovery = false;
    tcb.recoveryPoint = tcb.sndMax;
    tcb.sacked?.clear();
    tcb.rack.sent.forgetSacks();
    tcb.rack.sackedSegments = 0;
    tcb.sndNxt = tcb.sndUna;
  }
  output(tcb);
}

/** One byte beyond the shut window, what fits where it is open by a crack, or the FIN where only that waits. @source RFC 9293 sections 3.8.6.1 and 3.8.6.2.1 */
function probeWindow(tcb: Tcb): void {
  const waiting = seqDistance(tcb.sndNxt, tcb.textEnd);
  const crack = seqDistance(tcb.sndNxt, seqAdd(tcb.sndUna, tcb.sndWnd));
  const length = Math.max(0, Math.min(waiting, Math.max(1, crack), segmentRoom(tcb)));
  const fin = length === 0 && tcb.finQueued;
  if (length > 0 || fin) transmit(tcb, tcb.sndNxt, length, fin);
  tcb.isPersisting = true;
  tcb.isTiming = false;
  tcb.retransmitTimer.start(tcb.rto.rtoMs);
}

/** An acknowledgment waited for company in vain. */
export function acknowledgeLate(tcb: Tcb): void {
  tcb.ackNow = true;
  output(tcb);
}

/** TIME-WAIT is over, an orphan's peer never closed, or the connection was idle for long. */
export function longTimeout(tcb: Tcb): void {
  if (tcb.state === "TIME-WAIT" || tcb.isOrphan) closed(tcb, null);
  else if (tcb.state === "ESTABLISHED" || tcb.state === "CLOSE-WAIT") keepAlive(tcb);
}

/** A segment from before our time: whoever is there must answer it. @source RFC 9293 section 3.8.4 */
function keepAlive(tcb: Tcb): void {
  const { keepAliveProbes, keepAliveIntervalMs } = tcb.tcp.options;
  const idleMs = tcb.tcp.host.clock.nowMs() - tcb.lastHeardMs;
  if (tcb.keepAliveMs === 0) return;
  if (idleMs < tcb.keepAliveMs || seqBefore(tcb.sndUna, tcb.sndMax)) {
    tcb.probes = 0;
    tcb.longTimer.start(Math.max(tcb.keepAliveMs - idleMs, 1));
  } else if (tcb.probes >= keepAliveProbes) {
    sendReset(tcb);
    closed(tcb, "ETIMEDOUT");
  } else {
    tcb.probes++;
    emitSegment(tcb, seqAdd(tcb.sndUna, -1), TCP_FLAG.ack, 0);
    tcb.longTimer.start(keepAliveIntervalMs);
  }
}
