// A link of a stack over AF_XDP: frames are read and written where they lie in the umem, and whoever keeps
// polling makes no system call to receive. To send takes one for each batch, since veth copies.
import { FramePool } from "../ring/index.js";
import type { FrameHandler, FrameLink, SpareMemory } from "../stack/index.js";
import type { XdpSocket } from "../xdp/index.js";

/** What a link needs beside its socket. */
export interface XdpLinkSpec {
  readonly socket: XdpSocket;
  /** Frames of its umem that packets lie in, from the first on; the stack keeps its buffers in the others. All unless given. */
  readonly frames?: number;
  readonly mac: string;
  readonly mtu: number;
  /** Runs the driver in our own call where the ring is empty, so that no softirq has to. Off unless given. */
  readonly busyPoll?: boolean;
}

/** How long one busy poll may take, in µs, and how many frames it handles. */
const BUSY_POLL = { durationUs: 20, budget: 64 };
/** Kicks in one flush: in copy mode each one sends 32 frames. @source net/xdp/xsk.c, TX_BATCH_SIZE, v6.18 */
const KICKS = 64;

/** `FrameLink` says what its methods do. */
export class XdpLink implements FrameLink {
  readonly mac: string;
  readonly mtu: number;
  readonly bytes: Uint8Array;
  readonly spare: SpareMemory;
  readonly socket: XdpSocket;
  /** System calls made to send, and to busy poll. */
  sendCalls = 0;
  pollCalls = 0;
  private readonly pool: FramePool;
  private readonly busyPoll: boolean;
  private reservedAddr = -1;
  private written = 0;
  private unsent = 0;

  constructor({ socket, frames = socket.umem.frameCount, mac, mtu, busyPoll = false }: XdpLinkSpec) {
    this.socket = socket;
    this.mac = mac;
    this.mtu = mtu;
    this.bytes = socket.umem.bytes;
    this.spare = { start: socket.umem.addrOf(frames), end: socket.umem.lengthBytes };
    this.busyPoll = busyPoll;
    this.pool = new FramePool(socket.umem, frames);
    this.pool.fill(socket.fillRing, frames / 2); // the other half is for sending
    if (busyPoll) socket.preferBusyPoll(BUSY_POLL);
  }

  reserve(length: number): number {
    const { umem, txRing } = this.socket;
    if (length > umem.frameSize) return -1;
    if (this.reservedAddr >= 0) return this.reservedAddr; // begun and never submitted
    if (this.pool.size === 0) this.reclaim();
    if (this.pool.size === 0 || txRing.free(1) < 1) return -1;
    this.reservedAddr = this.pool.take()!;
    return this.reservedAddr;
  }

  submit(start: number, length: number): void {
    const { txRing } = this.socket;
    const cursor = txRing.reserve(1);
    if (cursor === null) return; // `reserve` made sure of a slot
    txRing.write(cursor, start, length);
    this.reservedAddr = -1;
    this.written++;
  }

  flush(): void {
    const { socket } = this;
    if (this.written > 0) {
      socket.txRing.submit(this.written);
      this.unsent += this.written;
      this.written = 0;
    }
    for (let kick = 0; this.unsent > 0 && kick < KICKS; kick++) {
      this.sendCalls++;
      const isDone = socket.wakeTransmit();
      this.reclaim();
      if (isDone) break;
    }
  }

  poll(handler: FrameHandler, limit: number): number {
    const taken = this.take(handler, limit);
    if (taken > 0 || !this.busyPoll) return taken;
    this.pollCalls++;
    this.socket.wakeReceive();
    return this.take(handler, limit);
  }

  close(): void {
    this.socket.close();
  }

  private take(handler: FrameHandler, limit: number): number {
    const { rxRing, fillRing, umem } = this.socket;
    const ready = rxRing.peek(limit);
    if (ready === 0) return 0;
    const first = rxRing.cursor;
    for (let index = 0; index < ready; index++) {
      const addr = rxRing.addr(first + index);
      handler(this.bytes, addr, addr + rxRing.length(first + index));
    }
    const refill = fillRing.reserve(ready);
    for (let index = 0; index < ready; index++) {
      const frame = umem.frameStart(rxRing.addr(first + index));
      if (refill === null) this.pool.give(frame);
      else fillRing.write(refill + index, frame);
    }
    if (refill !== null) fillRing.submit(ready);
    rxRing.release(ready);
    return ready;
  }

  /** Takes back the frames that have left. */
  private reclaim(): void {
    const { completionRing, umem } = this.socket;
    const done = completionRing.peek();
    if (done === 0) return;
    const first = completionRing.cursor;
    for (let index = 0; index < done; index++)
      this.pool.give(umem.frameStart(completionRing.read(first + index)));
    completionRing.release(done);
    this.unsent -= done;
  }
}
