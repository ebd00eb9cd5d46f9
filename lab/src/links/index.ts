/**
 * links: how do frames come from a real wire to our stack, and how bad may that wire be?
 *
 * Read `xdp-link.ts` first, then `live-stack.ts` (a stack in the place of a host's kernel) and `bad-wire.ts` (an XDP program that
 * loses, repeats, reorders and corrupts); notebooks 40-a-stack-in-user-space and 41-tcp-in-user-space use it. It is a module of its
 * own because `stack` is pure. Left out: several queues, checksums by hardware, frames in several pieces.
 */

export { BadWire, type BadWireFaults, type BadWireTally } from "./bad-wire.js";
export { completeChecksum } from "./complete-checksum.js";
export { driveStack } from "./drive.js";
export { type LiveStack, type LiveStackSpec, openLiveStack, openStackOn, stackPlace } from "./live-stack.js";
export { machineClock } from "./machine-clock.js";
export { PacketLink, type PacketLinkSpec } from "./packet-link.js";
export { openStackHere, type PlacedStack, type StackHereSpec, type StackPlace } from "./stack-here.js";
export { type TapHandler, TapLink } from "./tap.js";
export { XdpLink, type XdpLinkSpec } from "./xdp-link.js";
