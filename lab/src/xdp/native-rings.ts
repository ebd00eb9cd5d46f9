// The same rings for a loop in C: struct lab_xsk of kernels/native/xsk_rings.h says where each part lies in this process.
import type { RingMemory } from "../ring/index.js";
import { addressOf, type Mapping, structForC } from "../sys/index.js";
import type { XdpSocket } from "./socket.js";

/** Transmit frames that the structure has room for: what the kernel sends in one call in copy mode. */
export const NATIVE_TX_FRAMES = 32;

function ringWords({ producer, consumer, words }: RingMemory): number[] {
  return [producer, consumer, words].map(addressOf);
}

/**
 * Tells C where a socket's rings lie.
 *
 * @param frames addresses of frames to send from, at most 32
 * @returns Memory that begins with the structure; the socket must outlive its use.
 */
export function describeForC(socket: XdpSocket, frames: readonly number[] = []): Mapping {
  const { fillRing, rxRing, txRing, completionRing, umem } = socket;
  const words = [
    socket.fd,
    rxRing.size - 1,
    -umem.frameSize,
    addressOf(umem.bytes),
    ...[fillRing, rxRing, txRing, completionRing].flatMap(({ memory }) => ringWords(memory)),
    addressOf(txRing.memory.flags),
    ...frames,
  ];
  return structForC(words, (NATIVE_TX_FRAMES - frames.length) * 8);
}
