/**
 * bpf: what a program for the kernel says, without the kernel: today the verifier's log in words.
 * Read `verifier-log.ts` first; notebook 50-the-articles-program uses it. Loading and running are in `xdp`;
 * disassembly and an interpreter are not here yet.
 */
export { findRefusal, type Refusal } from "./verifier-log.js";
