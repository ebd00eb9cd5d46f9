// Two people, or one in two tabs, changed the same text. Each change is one stretch that became another; both are kept: what
// either of them typed is in the result, and what either of them deleted is not.

import { ChangeSet } from "@codemirror/state";

/** The one stretch in which two texts differ, as a change of the first. */
export function changeBetween(before: string, after: string): ChangeSet {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const insert = after.slice(start, after.length - end);
  return ChangeSet.of({ from: start, to: before.length - end, insert }, before.length);
}

/**
 * What is to be done to my text so that their change is in it, too.
 *
 * @param base what both began with
 */
export function theirChange(base: string, mine: string, theirs: string): ChangeSet {
  return changeBetween(base, theirs).map(changeBetween(base, mine));
}
