// The netmap port for a loop in C: slots of its own, over the rings of the same socket.
import { type Mapping, type NativeKernel, structForC, unmap } from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { PathOptions, Receiver } from "./path.js";
import type { XdpReceiver } from "./xdp-receiver.js";

/** What the port in C keeps itself, in bytes: both rings, and each slot of them. @source kernels/native/netmap_rings.h */
const RING_BYTES = 24;
const SLOT_BYTES = 20;

/** Tells C of a port that nobody has used yet: struct lab_netmap. @param socket address of its struct lab_xsk */
export function describeNetmap(socket: number, numSlots: number): Mapping {
  return structForC([socket, numSlots], 2 * (RING_BYTES + numSlots * SLOT_BYTES));
}

/**
 * Makes a receiver of a C loop over a netmap port.
 *
 * @param own the same path in TypeScript, open; its loop is not used
 */
export function netmapTwin(own: XdpReceiver, { batch, ringSize }: PathOptions, loop: NativeKernel): Receiver {
  const port = describeNetmap(own.queue.addressForC, ringSize);
  const twin = nativeTwin(own, (sink, waitMs) => loop(ONE_TURN, port.address, batch, waitMs, sink.address));
  return {
    ...twin,
    close() {
      twin.close();
      unmap(port);
    },
  };
}
