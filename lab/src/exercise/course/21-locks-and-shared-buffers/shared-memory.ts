// Memory that two threads share, one access at a time: code for it is written as generators, and each `yield*` is one access. So a
// judge can put any access of the other thread between any two of yours, and try all orders there are.

/** Words beside the slots. */
export type SharedWord = "head" | "tail" | "count";

/** One access, as the judge sees it. */
export interface SharedAccess {
  readonly kind: "load" | "store" | "lock" | "unlock";
  /** A word's name, or a slot's number. */
  readonly place: SharedWord | number | "lock";
  /** What is stored. */
  readonly value?: number;
}

/** One step of a thread: `yield*` it to make the access and get its result. */
export type Access<T> = Generator<SharedAccess, T, number>;

/** What two threads share: `size` slots, three words that begin at 0, and a lock. */
export interface SharedMemory {
  readonly size: number;
  load(word: SharedWord): Access<number>;
  store(word: SharedWord, value: number): Access<void>;
  read(slot: number): Access<number>;
  write(slot: number, value: number): Access<void>;
  /** Waits until nobody has the lock, and takes it. */
  lock(): Access<void>;
  unlock(): Access<void>;
}

/** A queue for one thread that pushes and one that pops. */
export interface QueueCode {
  /** @returns whether there was room */
  push(memory: SharedMemory, value: number): Access<boolean>;
  /** @returns the oldest value, or null where there is none */
  pop(memory: SharedMemory): Access<number | null>;
}

/** Makes the queue's code. */
export type QueueMaker = () => QueueCode;

function* access(kind: SharedAccess["kind"], place: SharedAccess["place"], value?: number): Access<number> {
  return yield value === undefined ? { kind, place } : { kind, place, value };
}

function* without(step: Access<number>): Access<void> {
  yield* step;
}

/** The accesses; what they do is `MemoryState`'s. */
export function sharedMemory(size: number): SharedMemory {
  return {
    size,
    load: (word) => access("load", word),
    store: (word, value) => without(access("store", word, value)),
    read: (slot) => access("load", slot),
    write: (slot, value) => without(access("store", slot, value)),
    lock: () => without(access("lock", "lock")),
    unlock: () => without(access("unlock", "lock")),
  };
}

/** What is in the memory. */
export class MemoryState {
  locked = false;
  private readonly words = new Map<SharedAccess["place"], number>();
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  /** @returns whether a thread that wants this may go on now */
  allows({ kind }: SharedAccess): boolean {
    return kind !== "lock" || !this.locked;
  }

  /** Makes an access. @returns what it read; 0 where it read nothing */
  make({ kind, place, value = 0 }: SharedAccess): number {
    if (typeof place === "number" && !(Number.isInteger(place) && place >= 0 && place < this.size)) {
      throw new RangeError(
        `Cannot access slot ${place}: there are slots 0 to ${this.size - 1} -> take cursor % size`,
      );
    }
    if (kind === "lock" || kind === "unlock") this.locked = kind === "lock";
    if (kind === "store") this.words.set(place, value);
    return kind === "load" ? (this.words.get(place) ?? 0) : 0;
  }
}
