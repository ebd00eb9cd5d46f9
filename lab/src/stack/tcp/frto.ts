// A timeout may come too early: the path was slow for once, and nothing was lost. To send everything again would be a waste, and a burst of
// duplicates. So after the first copy is acknowledged, what is new goes first; if then something arrives that was sent before the
// timeout and not again, the timeout was spurious. This is F-RTO with SACK.

import { pipeOf } from "./recovery.js";
import type { Segment } from "./segment.js";
import { seqBefore } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { sendNext } from "./transmit.js";
import { openEpisode, undo } from "./undo.js";

/** The clock says that something was lost. Within a recovery it is believed. @source RFC 5682 section 3.1 step 1 */
export function doubtTimeout(tcb: Tcb): void {
  if (!tcb.inRecovery) openEpisode(tcb);
  if (tcb.episode === null) return;
  const isNew = !tcb.inRecovery && tcb.recoveryPoint !== tcb.sndUna;
  tcb.episode.waitsFor = isNew ? "first" : "nothing";
}

/**
 * An acknowledgment came after a timeout.
 *
 * @param hasAdvanced it acknowledges more than the one before
 * @param isNews its blocks name what no other did
 */
export function heardAfterTimeout(tcb: Tcb, segment: Segment, hasAdvanced: boolean, isNews: boolean): void {
  const episode = tcb.episode!;
  if (episode.waitsFor === "nothing") return;
  if (episode.waitsFor === "second") {
    const says = hasAdvanced || isNews;
    if (says || isDuplicate(tcb, segment)) secondHeard(tcb, segment, says);
  } else if (hasAdvanced) {
    // Not all of it, or the recovery were over (2a): what is new goes, if there is something, in `sendsForward`. RFC 5682 section 3.1 step 2b
    episode.waitsFor = "second";
    tcb.recoveryPoint = tcb.sndMax;
  }
}

/** @source RFC 5682 section 3.1 step 3: others are ignored; RFC 5681 section 2 */
function isDuplicate(tcb: Tcb, { sackCount, length, acknowledgment }: Segment): boolean {
  return sackCount > 0 && length === 0 && acknowledgment === tcb.sndUna;
}

/** @source RFC 5682 section 3.1 step 3 */
function secondHeard(tcb: Tcb, segment: Segment, isNews: boolean): void {
  tcb.episode!.waitsFor = "nothing";
  if (!isNews || reachesBeyond(tcb, segment)) return; // 3a: it was lost, and goes again
  tcb.tcp.host.counters.spuriousTimeouts++;
  undo(tcb); // 3b
  tcb.recoveryPoint = tcb.sndUna;
}

/** Whether any of what went after the timeout has arrived. */
function reachesBeyond(tcb: Tcb, { acknowledgment, sackCount, sackEnds }: Segment): boolean {
  let reaches = seqBefore(tcb.recoveryPoint, acknowledgment);
  for (let index = 0; index < sackCount; index++) {
    reaches ||= seqBefore(tcb.recoveryPoint, sackEnds[index]);
  }
  return reaches;
}

/** Sends up to two new segments while the second acknowledgment is waited for. @returns False where none could go: then what is lost does. @source RFC 5682 section 3.1 step 2b */
export function sendsForward(tcb: Tcb): boolean {
  const { episode, congestion, mss } = tcb;
  if (episode === null || episode.waitsFor !== "second") return false;
  while (congestion.cwnd - pipeOf(tcb) >= mss && sendNext(tcb));
  if (tcb.sndMax !== tcb.recoveryPoint) return true;
  episode.waitsFor = "nothing";
  return false;
}
