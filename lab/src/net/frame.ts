import { buildFrame } from "../packet/index.js";
import type { EndSpec } from "./spec.js";

/** For local experiments, so that no stack mistakes the frame for a protocol. @source IEEE 802 clause 9.2.3 */
export const EXPERIMENTAL_ETHERTYPE = 0x88b5;

/**
 * A frame of no protocol from one end to the other: a stack that gets it drops it and answers nothing.
 *
 * @param lengthBytes without check sequence, 14 or more; 60 is Ethernet's shortest, 64 on a wire
 */
export function testFrame(from: EndSpec, to: EndSpec, lengthBytes = 60): Uint8Array {
  return buildFrame({
    ethernet: { source: from.mac, destination: to.mac, etherType: EXPERIMENTAL_ETHERTYPE },
    padTo: lengthBytes,
  });
}
