import { type Mapping, mapAnonymous, unmap } from "../sys/index.js";

/** A C struct of u64 fields, each by its name: what a measurement kernel is told, and where it counts. */
export class Words<Field extends string> {
  readonly address: number;
  private readonly memory: Mapping;
  private readonly words: BigUint64Array;
  private readonly fields: readonly Field[];

  /** @param fields names in the order of the C struct @param more u64s that follow them */
  constructor(fields: readonly Field[], more = 0) {
    this.fields = fields;
    this.memory = mapAnonymous(8 * (fields.length + more));
    this.address = this.memory.address;
    this.words = new BigUint64Array(this.memory.buffer, 0, fields.length + more);
  }

  get(field: Field): number {
    return Number(Atomics.load(this.words, this.fields.indexOf(field)));
  }

  /** Sets what is given; nothing else changes. */
  set(values: Partial<Readonly<Record<Field, number>>>): void {
    for (const [field, value] of Object.entries(values) as [Field, number][])
      this.words[this.fields.indexOf(field)] = BigInt(value);
  }

  /** The u64s that follow the fields. */
  more(): number[] {
    return Array.from(this.words.subarray(this.fields.length), Number);
  }

  /** Gives the memory back; no kernel may use it any more. */
  close(): void {
    unmap(this.memory);
  }
}
