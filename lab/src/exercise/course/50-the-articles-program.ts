// Exercises of notebook 50-the-articles-program: the learner hands in C text, which is compiled, loaded and run on
// crafted packets. They need the kernel, and root.
import type { Exercise } from "../types.js";
import { proveTheBounds } from "./50-the-articles-program/bounds.js";
import { passIpv4Only } from "./50-the-articles-program/ipv4-only.js";
import { passUdpOverIpv6 } from "./50-the-articles-program/ipv6.js";
import { passBehindATag } from "./50-the-articles-program/vlan.js";

/** In the order of the notebook. */
export const articlesProgramExercises: readonly Exercise<never>[] = [
  proveTheBounds,
  passIpv4Only,
  passBehindATag,
  passUdpOverIpv6,
];
export { passBehindATag, passIpv4Only, passUdpOverIpv6, proveTheBounds };
