/**
 * bpf: what a program for the kernel says, without the kernel: today the verifier's log in words.
 * Read `verifier-log.ts` first, then `explain-refusal.ts`; notebook 50-the-articles-program uses it. Loading and running
 * are in `xdp`; disassembly and an interpreter are not here yet.
 */
export { type Answered, type Explanation, explainRefusal, type PacketAccess } from "./explain-refusal.js";
export { findRefusal, type Refusal } from "./verifier-log.js";
