// A ring as plain data, for a picture: two cursors, and for each slot whether it holds an entry.
import { type RingMemory, SLOT_BYTES, type SlotKind } from "./memory.js";
import type { Producer } from "./producer.js";
import { SUBMISSION_WORD } from "./uring-submission.js";

/** `filled` waits for the consumer, `reserved` is being written by the producer, `free` is neither. */
export type SlotState = "free" | "reserved" | "filled";

export interface SlotSnapshot {
  slot: number;
  state: SlotState;
  /**
   * The address that the slot's words say, or on an io_uring's rings the request's tag; in a free slot that is what the
   * last entry left behind.
   */
  addr: number;
  /** Packet length, on rx and tx rings. */
  lengthBytes?: number;
}

export interface RingSnapshot {
  size: number;
  kind: SlotKind;
  /** Free-running u32. */
  producerCursor: number;
  consumerCursor: number;
  slots: SlotSnapshot[];
}

/**
 * Copies a ring's present state out of its memory.
 *
 * @param reserved slots that the producer has reserved and not submitted; memory does not tell them
 */
export function snapshotRing(memory: RingMemory, reserved = 0): RingSnapshot {
  const { size, kind } = memory;
  const consumerCursor = Atomics.load(memory.consumer, 0) >>> 0;
  const producerCursor = Atomics.load(memory.producer, 0) >>> 0;
  const filled = (producerCursor - consumerCursor) | 0;
  const slots: SlotSnapshot[] = [];
  for (let slot = 0; slot < size; slot++) {
    const age = (slot - consumerCursor) & (size - 1);
    const state = age < filled ? "filled" : age < filled + reserved ? "reserved" : "free";
    slots.push({ slot, state, ...slotContents(memory, slot) });
  }
  return { size, kind, producerCursor, consumerCursor, slots };
}

/** Snapshots a ring that we write, so that reserved slots show too. */
export function snapshotProducer(producer: Producer): RingSnapshot {
  return snapshotRing(producer.memory, producer.pending);
}

/**
 * Lists the addresses between the two cursors, oldest first.
 * Cursors that no working ring can have (more entries than slots) list every slot once.
 */
export function queuedAddrs(memory: RingMemory): number[] {
  const consumer = Atomics.load(memory.consumer, 0);
  const count = Math.min((Atomics.load(memory.producer, 0) - consumer) >>> 0, memory.size);
  return Array.from(
    { length: count },
    (_, index) => slotContents(memory, (consumer + index) & (memory.size - 1)).addr,
  );
}

function slotContents({ kind, words }: RingMemory, slot: number): { addr: number; lengthBytes?: number } {
  const first = (slot * SLOT_BYTES[kind]) / 4;
  const at = kind === "submission" ? first + SUBMISSION_WORD.tag : first;
  const addr = words[at]! + words[at + 1]! * 2 ** 32;
  return kind === "descriptor" ? { addr, lengthBytes: words[at + 2]! } : { addr };
}
