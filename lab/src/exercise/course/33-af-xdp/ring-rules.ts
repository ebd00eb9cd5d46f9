// What holds for every program over the rings of an AF_XDP socket, whatever it does with the packets. Both exercises
// that write such a program are held against it.
import type { Umem } from "../../../ring/index.js";
import { mismatch, type Outcome, type WrongAnswer } from "../../types.js";
import { describeValue } from "../../values.js";
import type { Watch } from "../../watch.js";

/** The rules of the rings: they hold even where breaking one went well this time. */
export function judgeUse(watch: Watch): Outcome | null {
  if (watch.exhausted) return mismatch("an end", "used the rings without end: does the loop stop?");
  if (watch.violations.length === 0) return null;
  const { ring, operation, cursor, ringCursor, rule } = watch.violations[0];
  const got = `called ${ring}.${operation}(${cursor})`;
  switch (rule) {
    case "released":
      return mismatch("entries to be read before they are released", got, "releases before reading");
    case "stale":
      return mismatch(`a read at cursor ${ringCursor}`, got, "counts from 0 instead of from the cursor");
    case "unseen":
      return mismatch("only what peek announced to be read", got, "reads more than peek announced");
    case "unreserved":
      return mismatch("only reserved slots to be written", got, "writes without reserving");
  }
}

/** What was written into the fill ring has to be where frames begin. */
export function judgeFills(watch: Watch, umem: Umem): Outcome | null {
  const skewed = watch.calls
    .filter((call) => call.ring === "fillRing" && call.operation === "write")
    .map((call) => call.args[1])
    .find((addr) => typeof addr !== "number" || addr % umem.frameSize !== 0);
  if (skewed === undefined) return null;
  const got = `wrote addr ${describeValue(skewed)}`;
  return mismatch("the first byte of a frame in the fill ring", got, "gives back the packet's address");
}

/** What breaks these rules, by the names that the judges give. */
export const RING_MISTAKES: readonly WrongAnswer[] = [
  {
    name: "gives back the packet's address",
    hint: "a received packet begins 256 bytes or more into its frame. The fill ring wants the frame's first byte: umem.frameStart(addr). In aligned mode Linux rounds down and forgives; in unaligned mode it takes you at your word.",
  },
  {
    name: "releases before reading",
    hint: "a released slot is the kernel's: it may overwrite the descriptor before you read it. Read first, release last.",
  },
  {
    name: "counts from 0 instead of from the cursor",
    hint: "a cursor counts for ever. The i-th waiting packet is at rxRing.cursor + i, and only in the first round is that i.",
  },
  {
    name: "writes without reserving",
    hint: "reserve returns the cursor of the first slot that is yours, or null when the fill ring has too little room: then leave the packets where they are, for the next call. Any other slot may hold an entry that the kernel has not taken yet.",
  },
  {
    name: "reads more than peek announced",
    hint: "behind the announced entries lies what an earlier round left there. Read as many as peek returned, not more.",
  },
];
