// What a thread has that is the whole process's: descriptors, mapped memory, what libbpf made. A thread that ends by itself gives it
// back. One that is ended by force cannot, and the kernel does not either, since to it all this is the process's. So a thread that
// may be ended writes down what it has, in memory that its starter sees; when it is gone, the starter gives that back
// (`give-back.ts`). No other thread keeps such a list, and nothing here costs it anything.

/** What can be held: 0 is an empty place. */
export const HOLDING = { none: 0, descriptor: 1, mapping: 2, bpfObject: 3, bpfLink: 4 } as const;
export type HoldingKind = (typeof HOLDING)[keyof typeof HOLDING];

/** One thing that a thread holds: a descriptor, or an address; of memory also its length in bytes. */
export interface Holding {
  readonly kind: HoldingKind;
  readonly value: number;
  readonly lengthBytes: number;
}

const PLACES = 1024;
const [KIND, VALUE, LENGTH, WORDS] = [0, 1, 2, 3];

/** Memory for a list, to be handed to the thread that writes it. */
export function newHoldingsList(): SharedArrayBuffer {
  return new SharedArrayBuffer(PLACES * WORDS * Float64Array.BYTES_PER_ELEMENT);
}

let list: Float64Array | undefined;

/** From now on this thread writes down what it opens and maps, and crosses out what it gives back. */
export function writeDownHoldings(memory: SharedArrayBuffer): void {
  list = new Float64Array(memory);
}

/** Writes a thing down. @param value descriptor or address @throws RangeError where the list is full */
export function hold(kind: HoldingKind, value: number, lengthBytes = 0): void {
  if (list === undefined) return;
  const at = find(list, HOLDING.none, 0);
  if (at === null) {
    throw new RangeError(
      `Cannot write down what this thread holds: its list of ${PLACES} is full -> close what it no longer needs`,
    );
  }
  list[at + VALUE] = value;
  list[at + LENGTH] = lengthBytes;
  list[at + KIND] = kind; // last: a thread that ends before has written down nothing
}

/** Writes a descriptor down that `close` of `socket.ts` shall close. @returns the same */
export function holdDescriptor(fd: number): number {
  hold(HOLDING.descriptor, fd);
  return fd;
}

/** Crosses a thing out, before it is given back: whoever reads the list must never give back what is another's by then. */
export function letGo(kind: HoldingKind, value: number): void {
  if (list === undefined) return;
  const at = find(list, kind, value);
  if (at !== null) list.fill(0, at, at + WORDS);
}

/** What a list names, the newest place last. */
export function readHoldings(memory: SharedArrayBuffer): Holding[] {
  const words = new Float64Array(memory);
  const all: Holding[] = [];
  for (let at = 0; at < words.length; at += WORDS) {
    const kind = words[at + KIND] as HoldingKind;
    if (kind !== HOLDING.none)
      all.push({ kind, value: words[at + VALUE]!, lengthBytes: words[at + LENGTH]! });
  }
  return all;
}

function find(words: Float64Array, kind: HoldingKind, value: number): number | null {
  for (let at = 0; at < words.length; at += WORDS) {
    if (words[at + KIND] === kind && words[at + VALUE] === value) return at;
  }
  return null;
}
