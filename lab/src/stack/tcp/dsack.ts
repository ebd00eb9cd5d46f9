// What came twice, and how the two ends speak of it: the receiver names it once, in the first block of the next acknowledgment; the sender
// knows such a block by where it lies. It costs the receiver nothing to say, and tells the sender what nothing else does: that what it
// sent again had not been lost. What follows from that is in `undo.ts`.
import type { SequenceRanges } from "./ranges.js";
import type { Segment } from "./segment.js";
import { seqAtMost, seqBefore, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** Whether a block is due for what came twice. */
export function owesDuplicate(tcb: Tcb): boolean {
  return tcb.twiceStart !== tcb.twiceEnd;
}

/**
 * Notes what came twice: the next acknowledgment says so, at once, and only that one.
 *
 * @source RFC 2883 section 4, rules 1 to 3; of several pieces in one segment the first (section 4.2)
 */
export function cameTwice(tcb: Tcb, start: number, end: number): void {
  if (!tcb.sackPermitted || seqAtMost(end, start)) return;
  tcb.twiceStart = start;
  tcb.twiceEnd = end;
  tcb.ackNow = true;
}

/** Text came ahead of its turn, or fills a gap: what of it is held already? @source RFC 2883 section 4.2 */
export function compareWithHeld(tcb: Tcb, held: SequenceRanges, start: number, end: number): void {
  for (let index = 0; index < held.size && seqBefore(held.startOf(index), end); index++) {
    if (seqAtMost(held.endOf(index), start)) continue;
    const heldEnd = held.endOf(index);
    cameTwice(tcb, seqLater(start, held.startOf(index)), seqBefore(end, heldEnd) ? end : heldEnd);
    return;
  }
}

/** Whether the first block tells of a duplicate: it lies below what is acknowledged, or within the second. @source RFC 2883 section 4 */
export function tellsOfDuplicate({ sackCount, sackStarts, sackEnds, acknowledgment }: Segment): boolean {
  if (sackCount === 0 || seqAtMost(sackEnds[0], sackStarts[0])) return false;
  if (seqAtMost(sackEnds[0], acknowledgment)) return true;
  return sackCount > 1 && seqAtMost(sackStarts[1], sackStarts[0]) && seqAtMost(sackEnds[0], sackEnds[1]);
}
