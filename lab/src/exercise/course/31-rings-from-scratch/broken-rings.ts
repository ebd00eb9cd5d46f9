// Three rings that work most of the time. Each is what somebody writes who has understood nearly everything, and each passes
// a short test. What is wrong with them is for the learner to find, so nothing here says it.
import type { RingMaker } from "./bare-ring.js";

/** Names of the broken rings. */
export type BrokenRingName = "first" | "second" | "third";

/** All three begin with their cursors a few entries before 2^32, as a ring that has run for a while may stand. */
export const brokenRings: Readonly<Record<BrokenRingName, RingMaker>> = {
  first: ({ size, producer, consumer, slots }) => {
    let reserved = producer[0]! & (size - 1);
    const slotOf = (cursor: number): number => cursor & (size - 1);
    return {
      reserve(count) {
        const taken = (reserved - slotOf(consumer[0]!) + size) % size;
        if (taken + count > size) return null;
        const first = reserved;
        reserved = (reserved + count) % size;
        return first;
      },
      write: (cursor, value) => {
        slots[slotOf(cursor)] = value;
      },
      submit: () => {
        Atomics.store(producer, 0, reserved);
      },
      peek: () => (slotOf(producer[0]!) - slotOf(consumer[0]!) + size) % size,
      read: (cursor) => slots[slotOf(cursor)]!,
      release: (count) => {
        Atomics.store(consumer, 0, (slotOf(consumer[0]!) + count) % size);
      },
    };
  },
  second: ({ size, producer, consumer, slots }) => {
    let reserved = producer[0]!;
    let first = 0;
    return {
      reserve(count) {
        if (((reserved - consumer[0]!) | 0) + count > size) return null;
        first = reserved;
        reserved = (reserved + count) | 0;
        return first >>> 0;
      },
      write: (cursor, value) => {
        const index = (cursor - first) | 0;
        slots[(first & (size - 1)) + index] = value;
      },
      submit: (count) => {
        Atomics.store(producer, 0, (producer[0]! + count) | 0);
      },
      peek: () => (producer[0]! - consumer[0]!) | 0,
      read: (cursor) => slots[cursor & (size - 1)]!,
      release: (count) => {
        Atomics.store(consumer, 0, (consumer[0]! + count) | 0);
      },
    };
  },
  third: ({ size, producer, consumer, slots }) => {
    let reserved = producer[0]!;
    return {
      reserve(count) {
        if (((reserved - consumer[0]!) | 0) + count > size) return null;
        const first = reserved;
        reserved = (reserved + count) | 0;
        return first >>> 0;
      },
      write: (cursor, value) => {
        slots[cursor & (size - 1)] = value;
      },
      submit: (count) => {
        Atomics.store(producer, 0, (producer[0]! + count) | 0);
      },
      peek: () => Math.max(0, (producer[0]! >>> 0) - (consumer[0]! >>> 0)),
      read: (cursor) => slots[cursor & (size - 1)]!,
      release: (count) => {
        Atomics.store(consumer, 0, (consumer[0]! + count) | 0);
      },
    };
  },
};
