/**
 * net: a network of the lab's own, and a packet source that costs almost nothing.
 *
 * Read `spec.ts` first (a testbed as data), then `testbed.ts`, `injector.ts` and `losses.ts`; notebooks 20 and 33 stand
 * on it. Left out: what a program does with the packets (`xdp`), counting events (`trace`), any interface of the host.
 */
export { CommandLog } from "./command.js";
export { forgetRemoval, removeAtExit } from "./exit.js";
export { noteFolderUser } from "./folder-user.js";
export { EXPERIMENTAL_ETHERTYPE, testFrame } from "./frame.js";
export type { Injection, InjectOptions, Wires } from "./injection.js";
export { Injector } from "./injector.js";
export type { LinkFacts } from "./link-facts.js";
export type { InjectorSource } from "./live-frames.js";
export { type Account, type AtPeer, accountFor, type Loss, type WireRefusal } from "./losses.js";
export { observeTestbeds, type SeenDevice, type SeenHost, type SeenTestbed } from "./observe.js";
export {
  identify as identifyProcess,
  isAlive as isProcessAlive,
  makeTemporaryFolder,
  nextNamePrefix,
  type Owner as ProcessIdentity,
  ownerOf,
} from "./owner.js";
export { type Pace, paceOf } from "./pace.js";
export { type Removed, removeFoldersOfDead, removeTestbedsOf, resetLab } from "./remove.js";
export {
  type EndSpec,
  type TestbedSpec,
  type TwoHostsOptions,
  threeHosts,
  twoHosts,
  type WireSpec,
} from "./spec.js";
export { Testbed } from "./testbed.js";
export { tallyBetween, type VethTally } from "./veth-counters.js";
