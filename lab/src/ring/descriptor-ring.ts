// Rx and tx rings carry descriptors: where in the umem a packet begins, how long it is, and option bits.
// `read` returns one as an object, to look at; a hot loop asks for `addr` and `length` and allocates nothing.
import { Consumer } from "./consumer.js";
import type { RingMemory } from "./memory.js";
import { Producer } from "./producer.js";

const WORD = 2 ** 32;

/**
 * One packet's place in the umem.
 * @source include/uapi/linux/if_xdp.h, struct xdp_desc
 */
export interface Descriptor {
  /** Byte offset of the packet in the umem; on receive it lies behind the frame's headroom. */
  addr: number;
  lengthBytes: number;
  options: number;
}

/** The writing end of a ring of descriptors, e.g. our end of the tx ring. */
export class DescriptorProducer extends Producer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /**
   * Writes a descriptor into the slot of a reserved cursor.
   *
   * @param cursor one of the cursors that `reserve` returned
   * @param addr byte offset in the umem, 0 to 2^53 - 1
   * @param lengthBytes packet length, 1 to the room left in the frame
   */
  write(cursor: number, addr: number, lengthBytes: number, options = 0): void {
    const at = (cursor & this.mask) << 2;
    this.words[at] = addr;
    this.words[at + 1] = addr < WORD ? 0 : Math.floor(addr / WORD);
    this.words[at + 2] = lengthBytes;
    this.words[at + 3] = options;
  }
}

/** The reading end of a ring of descriptors, e.g. our end of the rx ring. */
export class DescriptorConsumer extends Consumer {
  private readonly words: Uint32Array;

  constructor(memory: RingMemory) {
    super(memory);
    this.words = memory.words;
  }

  /** Returns the byte offset in the umem of the packet at a cursor that `peek` announced. */
  addr(cursor: number): number {
    const at = (cursor & this.mask) << 2;
    const high = this.words[at + 1];
    return high === 0 ? this.words[at] : high * WORD + this.words[at];
  }

  /** Returns the length in bytes of the packet at a cursor that `peek` announced. */
  length(cursor: number): number {
    return this.words[((cursor & this.mask) << 2) + 2];
  }

  /** Returns the option bits of the packet at a cursor that `peek` announced. */
  options(cursor: number): number {
    return this.words[((cursor & this.mask) << 2) + 3];
  }

  /** Returns the whole descriptor as a new object: for looking at, not for a loop over millions. */
  read(cursor: number): Descriptor {
    return { addr: this.addr(cursor), lengthBytes: this.length(cursor), options: this.options(cursor) };
  }
}
