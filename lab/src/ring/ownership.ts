// At every moment each frame has exactly one owner: it waits in one of the four rings, or the kernel works
// on it, or the application does. So fill + kernel + rx + application + tx + completion = total, always.
// A frame that nobody owns has leaked and is lost for good; a frame with two owners will be overwritten
// while somebody reads it. The rings' memory tells four of the six counts; two differences of cursors tell
// how many the kernel has in flight; what the application holds, it must say itself.
import type { RingMemory } from "./memory.js";
import type { RingSocket } from "./rings.js";
import { queuedAddrs } from "./snapshot.js";

/** Who owns a frame. */
export type FrameOwner = "fill" | "kernel" | "rx" | "application" | "tx" | "completion";

/** In the order in which a received, then a sent frame passes them. */
export const FRAME_OWNERS: readonly FrameOwner[] = [
  "fill",
  "kernel",
  "rx",
  "application",
  "tx",
  "completion",
];

/** `unseen`: the kernel has it or it has leaked; from outside one cannot tell which. */
export type FrameState = FrameOwner | "leaked" | "unseen" | "duplicated";

export interface OwnershipLedger {
  total: number;
  /** Entries at each owner. Their sum is `total` when nothing was lost or doubled. */
  counts: Record<FrameOwner, number>;
  /** One state a frame, by frame number. */
  frames: FrameState[];
  /** How many frames have no owner; `frames` names them when the kernel has none in flight or says which. */
  leaked: number;
  /** Frames found in two places, with the places. */
  duplicated: { frame: number; owners: FrameOwner[] }[];
  /** Addresses found in a ring or with the application that lie outside the umem. */
  outside: number[];
  conserved: boolean;
  /** `fill 8 + kernel 0 + ... = 16 of 16 frames`. */
  equation: string;
}

/**
 * Takes stock of every frame. Do it while no packet moves: a live ring changes under the reader.
 * The kernel's share follows from the cursors, so all four rings must have begun at the same cursor. An address
 * outside the umem that the kernel took from the fill ring is counted nowhere and stays in that share for good:
 * then the sum exceeds the total.
 *
 * @param application addresses of the frames that the application holds (any address within the frame)
 * @param kernelHolds addresses that the kernel has in flight; only the model kernel can say
 */
export function takeLedger(
  socket: RingSocket,
  application: Iterable<number>,
  kernelHolds?: Iterable<number>,
): OwnershipLedger {
  const { umem } = socket;
  const places = new Map<FrameOwner, number[]>([
    ["fill", queuedAddrs(socket.fillRing.memory)],
    ["rx", queuedAddrs(socket.rxRing.memory)],
    ["application", [...application]],
    ["tx", queuedAddrs(socket.txRing.memory)],
    ["completion", queuedAddrs(socket.completionRing.memory)],
  ]);
  if (kernelHolds !== undefined) places.set("kernel", [...kernelHolds]);

  const ownersOf: FrameOwner[][] = Array.from({ length: umem.frameCount }, () => []);
  const outside: number[] = [];
  for (const [owner, addrs] of places) {
    for (const addr of addrs) {
      if (umem.contains(addr)) ownersOf[umem.frameOf(addr)].push(owner);
      else outside.push(addr);
    }
  }
  const kernel = places.get("kernel")?.length ?? inFlight(socket);
  const counts = Object.fromEntries(
    FRAME_OWNERS.map((owner) => [owner, places.get(owner)?.length ?? kernel]),
  ) as Record<FrameOwner, number>;
  return settle(umem.frameCount, counts, ownersOf, outside, places.has("kernel"));
}

/** Frames that went into the kernel and have not come out: fill to rx, and tx to completion. */
function inFlight({ fillRing, rxRing, txRing, completionRing }: RingSocket): number {
  return distance(fillRing.memory, rxRing.memory) + distance(txRing.memory, completionRing.memory);
}

function distance(taken: RingMemory, returned: RingMemory): number {
  return (Atomics.load(taken.consumer, 0) - Atomics.load(returned.producer, 0)) | 0;
}

function settle(
  total: number,
  counts: Record<FrameOwner, number>,
  ownersOf: FrameOwner[][],
  outside: number[],
  kernelIsNamed: boolean,
): OwnershipLedger {
  const ownerless = ownersOf.filter((owners) => owners.length === 0).length;
  const leaked = Math.max(0, ownerless - (kernelIsNamed ? 0 : counts.kernel));
  const ownerlessState = leaked === 0 ? "kernel" : leaked === ownerless ? "leaked" : "unseen";
  const frames = ownersOf.map((owners) =>
    owners.length === 0 ? ownerlessState : owners.length === 1 ? owners[0] : "duplicated",
  );
  const duplicated = ownersOf
    .map((owners, frame) => ({ frame, owners }))
    .filter(({ owners }) => owners.length > 1);
  const sum = FRAME_OWNERS.reduce((entries, owner) => entries + counts[owner], 0);
  const conserved = sum === total && leaked === 0 && duplicated.length === 0 && outside.length === 0;
  const parts = FRAME_OWNERS.map((owner) => `${owner} ${counts[owner]}`).join(" + ");
  const equation = `${parts} = ${sum} of ${total} frames`;
  return { total, counts, frames, leaked, duplicated, outside, conserved, equation };
}
