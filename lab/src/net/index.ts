/**
 * net: a network of the lab's own, and a packet source that costs almost nothing.
 *
 * Read `spec.ts` first (a testbed as data), then `testbed.ts` and `injector.ts`; notebooks 20 and 33 stand on it. Left
 * out: what a program does with the packets (`xdp`), counting events (`trace`), and any interface of the host itself.
 */
export { type Injection, type InjectOptions, Injector, testFrame } from "./injector.js";
export type { LinkFacts } from "./link-facts.js";
export { type Removed, removeTestbedsOf, resetLab } from "./remove.js";
export { type EndSpec, type TestbedSpec, type TwoHostsOptions, twoHosts, type WireSpec } from "./spec.js";
export { Testbed } from "./testbed.js";
