// Exercises of notebook 40-a-stack-in-user-space.
import type { Exercise } from "../types.js";
import { answerArp } from "./40-a-stack-in-user-space/answer-arp.js";
import { writeTheChecksum } from "./40-a-stack-in-user-space/checksum.js";

/** In the order of the notebook. */
export const stackExercises: readonly Exercise<never>[] = [writeTheChecksum, answerArp];
export type { ArpAnswerer, ArpSelf } from "./40-a-stack-in-user-space/answer-arp.js";
export type { ChecksumFunction } from "./40-a-stack-in-user-space/checksum.js";
export { answerArp, writeTheChecksum };
