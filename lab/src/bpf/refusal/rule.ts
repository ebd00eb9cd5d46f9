// A rule of the verifier, as this lab knows it: how its sentence reads, and what to tell a learner who broke it.
import type { RegisterStates } from "./register-state.js";
import type { Refusal } from "./verifier-log.js";

/** Where a program was refused, and all that the log says around it. */
export interface Situation {
  readonly refusal: Refusal;
  /** What the verifier knew of each register there. */
  readonly states: RegisterStates;
  readonly log: string;
}

/** What to tell. Never how to write it: that is the learner's part. */
export interface Told {
  /** What the verifier knew; the registers in words unless given. */
  readonly knew?: string;
  /** The rule that is broken. */
  readonly broken: string;
  /** What to compare with what. */
  readonly compare: string;
}

/** One rule. */
export interface Rule {
  /** A few words, e.g. `packet bounds`. */
  readonly name: string;
  /** How the kernel's sentence reads. */
  readonly sentence: RegExp;
  /** What else must hold, where one sentence serves several rules. */
  readonly when?: (situation: Situation, found: RegExpExecArray) => boolean;
  readonly tell: (found: RegExpExecArray, situation: Situation) => Told;
}
