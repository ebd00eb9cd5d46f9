// A claim is a sentence of the article that could be false. It is examined by an experiment on this machine, or by data
// that anybody can look up, and what comes out is a verdict with the figures it rests on. It may disagree with the article.
import type { Figure } from "../plot/index.js";
import type { Verdict } from "../stats/index.js";
import type { Examiner } from "./examiner.js";

/** How a claim stands on this machine. */
export type ClaimVerdict =
  | "supports"
  | "contradicts"
  | "inconclusive here"
  | "not testable here"
  | "no experiment yet";

/** What examining a claim came to. */
export interface Finding {
  /** `no experiment yet` where it waits for something that nobody has recorded. */
  readonly verdict: ClaimVerdict;
  /** One or two sentences with the figures, and what they do not cover. */
  readonly because: string;
  /** Ids of the results that it rests on, in `.ringside/results` or in a recording; none where it rests on arithmetic or published data. */
  readonly results: readonly string[];
  /** What else it rests on: files of the course, arithmetic, what was asked of this machine. */
  readonly sources?: readonly string[];
  readonly figure?: Figure;
  /** An error that nobody expected ended the experiment. */
  readonly isBroken?: true;
}

/** One statement of the article, in our words. */
export interface Claim {
  /** `C01` to `C30`. */
  readonly id: string;
  readonly statement: string;
  /** How it is examined; absent where the experiment is still to be written. */
  readonly examine?: (examiner: Examiner) => Finding | Promise<Finding>;
}

/** The verdict of a paired comparison as a claim's. */
export function verdictOf(verdict: Verdict): Exclude<ClaimVerdict, "no experiment yet"> {
  return verdict === "inconclusive" ? "inconclusive here" : verdict;
}
