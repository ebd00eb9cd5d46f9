// netmap's interface over AF_XDP's rings. It is not netmap: no netmap module runs here, and the kernel underneath speaks fill,
// rx, tx and completion. But a program that uses these slots, indices and syncs is written as it would be for netmap.
//
//   rxSync   slots before `head` -> fill ring;    rx ring -> slots from `tail` on
//   txSync   slots before `head` -> tx ring;      completion ring -> room from `tail` on
//
// What differs: a slot says where its packet begins, since AF_XDP leaves room in front of it, and netmap does so on request only.
import { NetmapRing, NS_BUF_CHANGED } from "./netmap-ring.js";
import type { RingSocket } from "./rings.js";

/** One queue of an interface, with netmap's two rings over its AF_XDP socket. */
export class NetmapPort {
  readonly rx: NetmapRing;
  readonly tx: NetmapRing;
  private readonly socket: RingSocket;
  private readonly wake: () => void;
  /** The buffer that the kernel takes each slot to have: a new one counts only with `NS_BUF_CHANGED`. */
  private readonly rxKnown: Uint32Array;
  private readonly txKnown: Uint32Array;
  /** `head` at the last sync. */
  private rxDone = 0;
  private txDone = 0;

  /**
   * Takes a socket whose rings and umem nobody has used yet.
   *
   * @param socket live or model
   * @param wake makes the kernel send what is in the tx ring
   * @param numSlots slots of each ring, at most the socket's; the umem has two buffers for each
   * @throws RangeError where the umem has fewer
   */
  constructor(socket: RingSocket, wake: () => void, numSlots: number = socket.rxRing.size) {
    if (socket.umem.frameCount < 2 * numSlots) {
      throw new RangeError(
        `Cannot open netmap port of ${numSlots} slots: it takes ${2 * numSlots} buffers and the umem has ${socket.umem.frameCount} -> give it more frames`,
      );
    }
    this.socket = socket;
    this.wake = wake;
    this.rx = new NetmapRing(numSlots);
    this.tx = new NetmapRing(numSlots);
    this.rxKnown = Uint32Array.from({ length: numSlots }, (_, slot) => slot);
    this.txKnown = Uint32Array.from({ length: numSlots }, (_, slot) => numSlots + slot);
    this.rx.bufIdx.set(this.rxKnown);
    this.tx.bufIdx.set(this.txKnown);
    this.tx.tail = numSlots - 1;
    this.offer(0, numSlots); // all of them, in the order of the slots: so each slot gets its own buffer back
  }

  /** The packet of a slot, without copying it; an object, so for looking at. */
  packet({ bufIdx, offset, len }: NetmapRing, slot: number): Uint8Array {
    return this.socket.umem.packet(this.addrOf(bufIdx[slot]!, offset[slot]!), len[slot]!);
  }

  /** Memory of all buffers, and a slot's place in it: for loops. */
  get bytes(): Uint8Array {
    return this.socket.umem.bytes;
  }

  /** Where in `bytes` the packet of a slot begins. */
  placeOf({ bufIdx, offset }: NetmapRing, slot: number): number {
    return this.addrOf(bufIdx[slot]!, offset[slot]!);
  }

  /** Gives back the slots before `head`, and takes up what has come: netmap's NIOCRXSYNC. No system call here. */
  rxSync(): void {
    const { rx } = this;
    const returned = rx.distance(this.rxDone, rx.head);
    if (this.offer(this.rxDone, returned)) this.rxDone = rx.head;
    const { rxRing, umem } = this.socket;
    const room = rx.numSlots - 1 - rx.distance(this.rxDone, rx.tail);
    const ready = rxRing.peek(room);
    for (let i = 0; i < ready; i++) {
      const slot = rx.tail;
      const addr = rxRing.addr(rxRing.cursor + i);
      this.rxKnown[slot] = rx.bufIdx[slot] = umem.frameOf(addr);
      rx.offset[slot] = addr - umem.frameStart(addr);
      rx.len[slot] = rxRing.length(rxRing.cursor + i);
      rx.flags[slot] = 0;
      rx.tail = rx.next(slot);
    }
    rxRing.release(ready);
  }

  /**
   * Sends the slots before `head`, and takes up the room of what was sent: netmap's NIOCTXSYNC. It wakes the kernel once where there is
   * something new. On a veth the kernel takes 32 frames a call: of a larger batch the rest waits for another `wake`, whose result tells.
   */
  txSync(): void {
    const { tx, txKnown } = this;
    const { txRing, completionRing } = this.socket;
    const count = tx.distance(this.txDone, tx.head);
    const first = txRing.reserve(count);
    if (first !== null && count > 0) {
      for (let i = 0, slot = this.txDone; i < count; i++, slot = tx.next(slot)) {
        this.settle(tx, txKnown, slot);
        txRing.write(first + i, this.addrOf(txKnown[slot]!, tx.offset[slot]!), tx.len[slot]!);
      }
      txRing.submit(count);
      this.txDone = tx.head;
      this.wake();
    }
    const sent = completionRing.peek();
    completionRing.release(sent);
    tx.tail = (tx.tail + sent) % tx.numSlots;
  }

  /** Puts the buffers of slots into the fill ring. @returns False where it has no room at the moment. */
  private offer(from: number, count: number): boolean {
    const { rx, rxKnown } = this;
    const { fillRing, umem } = this.socket;
    const first = fillRing.reserve(count);
    if (first === null) return false;
    for (let i = 0, slot = from; i < count; i++, slot = rx.next(slot)) {
      this.settle(rx, rxKnown, slot);
      fillRing.write(first + i, umem.addrOf(rxKnown[slot]!));
    }
    fillRing.submit(count);
    return true;
  }

  private settle(ring: NetmapRing, known: Uint32Array, slot: number): void {
    if ((ring.flags[slot]! & NS_BUF_CHANGED) !== 0) known[slot] = ring.bufIdx[slot]!;
    ring.flags[slot] = 0;
  }

  private addrOf(buffer: number, offset: number): number {
    return this.socket.umem.addrOf(buffer) + offset;
  }
}
