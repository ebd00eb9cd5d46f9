// The batch of events of notebook 41's exercise, as it should be and with each of the flaws that have a hint of their own.

/** What there is to tell of one connection. */
export interface ConnectionEvents {
  readonly connection: number;
  /** Bits, as in `STACK_EVENT`: readable 2, writable 4, ended 8. */
  readonly events: number;
}

/** The events of a stack's connections, by the batch. */
export interface EventBatch {
  /** The stack calls it, for each frame. @param events bits */
  notice(connection: number, events: number): void;
  /** The application calls it. @param most entries, 1 or more @returns Who waits, the longest first: each connection once, with all its events. */
  wait(most: number): readonly ConnectionEvents[];
  /** A connection is gone, and its number may be given to another. */
  forget(connection: number): void;
}

/** Makes an empty one. */
export type EventBatchMaker = () => EventBatch;

/** How a model may differ from the right one. */
interface Flaw {
  readonly neverJoins?: boolean;
  readonly overwrites?: boolean;
  readonly keeps?: boolean;
  readonly dropsTheRest?: boolean;
  readonly newestFirst?: boolean;
  readonly goesToTheEnd?: boolean;
  readonly noMost?: boolean;
  readonly remembersClosed?: boolean;
  readonly forgetsForEver?: boolean;
}

/** By the name of the wrong answer. */
export const FLAWS: Readonly<Record<string, Flaw>> = {
  "one entry a frame": { neverJoins: true },
  "keeps only the last event": { overwrites: true },
  "tells everything again": { keeps: true },
  "loses what did not fit": { dropsTheRest: true },
  "hands out the newest first": { newestFirst: true },
  "sends the busy to the end": { goesToTheEnd: true },
  "knows no most": { noMost: true },
  "tells of the closed": { remembersClosed: true },
  "forgets for ever": { forgetsForEver: true },
};

/** The batch as it should be, with a flaw or without. */
export class ModelBatch implements EventBatch {
  private entries: { connection: number; events: number }[] = [];
  private readonly forgotten = new Set<number>();
  private readonly flaw: Flaw;

  constructor(flaw: Flaw = {}) {
    this.flaw = flaw;
  }

  notice(connection: number, events: number): void {
    const { neverJoins, overwrites, goesToTheEnd, forgetsForEver } = this.flaw;
    if (forgetsForEver && this.forgotten.has(connection)) return;
    const at = neverJoins ? -1 : this.entries.findIndex((entry) => entry.connection === connection);
    const known = this.entries[at] ?? { connection, events: 0 };
    known.events = overwrites ? events : known.events | events;
    if (at >= 0 && !goesToTheEnd) return;
    if (at >= 0) this.entries.splice(at, 1);
    this.entries.push(known);
  }

  wait(most: number): ConnectionEvents[] {
    const { keeps, dropsTheRest, newestFirst, noMost } = this.flaw;
    const ordered = newestFirst ? [...this.entries].reverse() : this.entries;
    const batch = ordered.slice(0, noMost ? ordered.length : most);
    if (!keeps) this.entries = dropsTheRest ? [] : this.entries.filter((entry) => !batch.includes(entry));
    return batch.map((entry) => ({ ...entry }));
  }

  forget(connection: number): void {
    this.forgotten.add(connection);
    if (!this.flaw.remembersClosed) {
      this.entries = this.entries.filter((entry) => entry.connection !== connection);
    }
  }
}
