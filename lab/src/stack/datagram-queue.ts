// Datagrams that wait, one behind the other in a ring of bytes, each behind a head of its own. To queue one makes no
// object, however many come.
import type { Arena } from "./arena.js";
import { ByteRing } from "./byte-ring.js";
import type { Datagram, StackAddress } from "./endpoint.js";
import { get16, get32, put16, put32 } from "./wire.js";

/** The sender's address and port, then the length. */
const HEAD_BYTES = 8;
const PORT_AT = 4;
const LENGTH_AT = 6;

export class DatagramQueue {
  private readonly ring: ByteRing;
  private readonly limit: number;
  private readonly head: Uint8Array = new Uint8Array(HEAD_BYTES);
  private waiting = 0;

  /** @param bytes for all of them and their heads, a power of two @param limit datagrams at most */
  constructor(bytes: number, limit: number, arena: Arena | null) {
    this.ring = new ByteRing(bytes, arena);
    this.limit = limit;
  }

  get length(): number {
    return this.waiting;
  }

  /** Adds a copy. @returns False where there is no room. */
  put(address: number, port: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { ring, head } = this;
    if (this.waiting >= this.limit || HEAD_BYTES + end - start > ring.free) return false;
    put32(head, 0, address);
    put16(head, PORT_AT, port);
    put16(head, LENGTH_AT, end - start);
    ring.write(head, 0, HEAD_BYTES);
    ring.write(bytes, start, end);
    this.waiting++;
    return true;
  }

  /** Takes the oldest. @returns Its length, of which as much as fits is in `into`; -1: there is none */
  take(into: Uint8Array, from: StackAddress | null): number {
    const length = this.look();
    if (length < 0) return -1;
    if (from !== null) this.tell(from);
    this.ring.copyOut(HEAD_BYTES, Math.min(length, into.length), into, 0);
    this.drop(length);
    return length;
  }

  /** Takes the oldest as an object. */
  takeWhole(): Datagram | null {
    const length = this.look();
    if (length < 0) return null;
    const datagram = { address: 0, port: 0, bytes: new Uint8Array(length) };
    this.tell(datagram);
    this.ring.copyOut(HEAD_BYTES, length, datagram.bytes, 0);
    this.drop(length);
    return datagram;
  }

  clear(): void {
    this.ring.clear();
    this.waiting = 0;
  }

  leaveArena(): void {
    this.ring.leaveArena();
  }

  private look(): number {
    if (this.waiting === 0) return -1;
    this.ring.copyOut(0, HEAD_BYTES, this.head, 0);
    return get16(this.head, LENGTH_AT);
  }

  private tell(from: StackAddress): void {
    from.address = get32(this.head, 0) >>> 0;
    from.port = get16(this.head, PORT_AT);
  }

  private drop(length: number): void {
    this.ring.release(HEAD_BYTES + length);
    this.waiting--;
  }
}
