// A loss that was none. What was sent again had only been late, or its acknowledgment had, and the window was lowered for nothing. Two
// witnesses can say so: the peer, by D-SACK, which got everything that was sent again twice; and F-RTO (`frto.ts`), by what arrives
// after a timeout. Then the window is put back. Whoever loses nothing makes none of this.
import { patienceGrows } from "./rack.js";
import { SequenceRanges } from "./ranges.js";
import type { Segment } from "./segment.js";
import { seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** One recovery, and what speaks for its having been needless. */
export class Episode {
  /** Its toll may still be taken back. */
  isOpen = false;
  /** F-RTO waits for the first acknowledgment after a timeout, or for the second. */
  waitsFor: "nothing" | "first" | "second" = "nothing";
  /** What was sent again, and how many bytes that were: more than the ranges have, if one went twice. */
  readonly again: SequenceRanges = new SequenceRanges();
  againBytes = 0;
  /** What of it the peer got twice. */
  readonly twice: SequenceRanges = new SequenceRanges();
}

/**
 * A recovery begins: before the window is lowered. Without SACK there is no witness; with copies on their way from before, its word is not
 * clear, for it does not say which copy was the second.
 */
export function openEpisode(tcb: Tcb): void {
  if (!tcb.sackPermitted) return;
  tcb.episode ??= new Episode();
  const { episode } = tcb;
  episode.isOpen = !tcb.rack.sent.hasCopies();
  episode.waitsFor = "nothing";
  episode.again.clear();
  episode.againBytes = 0;
  episode.twice.clear();
  tcb.congestion.remember();
}

/** The window was lowered for another reason, too: what it was before is not to come back. */
export function closeEpisode({ episode }: Tcb): void {
  if (episode === null) return;
  episode.isOpen = false;
  episode.waitsFor = "nothing";
}

/** A segment is sent again. A probe's copy outside of a recovery is none of the episode's. */
export function noteAgain({ episode, inRecovery }: Tcb, start: number, end: number): void {
  if (episode === null || !inRecovery) return;
  episode.again.add(start, end);
  episode.againBytes += seqDistance(start, end);
}

/**
 * The peer got something twice. If that is all that was sent again, nothing had been lost. If it is what was not sent again, the network
 * makes copies of its own, and its word is worth nothing.
 *
 * @source RFC 3708 section 3; a probe's copy is no sign: RFC 8985 section 7.4
 */
export function peerGotTwice(tcb: Tcb, { sackStarts, sackEnds }: Segment): void {
  const { episode, rack } = tcb;
  const [start, end] = [sackStarts[0], sackEnds[0]];
  tcb.tcp.host.counters.duplicatesTold++;
  if (episode === null || (rack.wasCopy && end === rack.probeEnd)) return;
  if (!episode.again.covers(start, end)) {
    closeEpisode(tcb);
    return;
  }
  patienceGrows(tcb);
  episode.twice.add(start, end);
  if (episode.isOpen && episode.twice.bytesBefore(tcb.sndMax) === episode.againBytes) undo(tcb);
}

/** Puts the window back, and takes nothing for lost any more. @source RFC 9438 section 4.9; RFC 4015 section 3 */
export function undo(tcb: Tcb): void {
  closeEpisode(tcb);
  tcb.tcp.host.counters.undone++;
  tcb.congestion.restore(seqDistance(tcb.sndUna, tcb.sndMax));
  tcb.inRecovery = false;
  tcb.duplicateAcks = 0;
  tcb.rack.sent.forgetLosses();
  tcb.sndNxt = tcb.sndMax;
}
