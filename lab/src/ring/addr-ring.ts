// Fill and completion rings carry bare addresses: "this frame is empty, put a packet in" and "this frame
// is sent, it is yours again". An address is a u64 in memory, two 32-bit words; a umem of less than
// 4 GiB leaves the upper word 0, and no BigInt is ever made.
import { Consumer } from "./consumer.js";
import type { RingMemory } from "./memory.js";
import { Producer } from "./producer.js";

const WORD = 2 ** 32;

/** The writing end of a ring of addresses, e.g. our end of the fill ring. */
export class AddrProducer extends Producer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /**
   * Writes an address into the slot of a reserved cursor.
   *
   * @param cursor one of the cursors that `reserve` returned
   * @param addr byte offset in the umem, 0 to 2^53 - 1
   */
  write(cursor: number, addr: number): void {
    const at = (cursor & this.mask) << 1;
    this.words[at] = addr;
    this.words[at + 1] = addr < WORD ? 0 : Math.floor(addr / WORD);
  }
}

/** The reading end of a ring of addresses, e.g. our end of the completion ring. */
export class AddrConsumer extends Consumer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /**
   * Returns the address at a cursor that `peek` announced.
   *
   * @param cursor `cursor` to `cursor + peek() - 1`
   */
  read(cursor: number): number {
    const at = (cursor & this.mask) << 1;
    const high = this.words[at + 1];
    return high === 0 ? this.words[at] : high * WORD + this.words[at];
  }
}
