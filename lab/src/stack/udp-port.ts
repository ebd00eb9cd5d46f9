// A UDP port of the application's, and the datagrams that wait in it. The queue is bounded in datagrams and bytes,
// and what does not fit is dropped and counted: nobody else will tell the reader.
import { DatagramQueue } from "./datagram-queue.js";
import {
  type Datagram,
  STACK_EVENT,
  type StackAddress,
  type StackFailure,
  type UdpEndpoint,
} from "./endpoint.js";
import type { Udp } from "./udp.js";

const QUEUE_DATAGRAMS = 1024;
/** Their heads of 8 bytes are counted. */
const QUEUE_BYTES = 1 << 20;

/** One UDP port; `UdpEndpoint` says what its methods do. */
export class UdpPort implements UdpEndpoint {
  readonly local: Readonly<StackAddress>;
  onEvents: ((events: number) => void) | null = null;
  failure: StackFailure | null = null;
  pendingEvents = 0;
  peer: Readonly<StackAddress> | null = null;
  private readonly udp: Udp;
  private readonly queue: DatagramQueue;
  private isOpen = true;

  constructor(udp: Udp, port: number) {
    this.udp = udp;
    this.queue = new DatagramQueue(QUEUE_BYTES, QUEUE_DATAGRAMS, udp.host.arena);
    this.local = { address: udp.host.address, port };
  }

  get readable(): number {
    return this.queue.length;
  }

  receive(): Datagram | null {
    return this.queue.takeWhole();
  }

  receiveInto(into: Uint8Array, from: StackAddress | null = null): number {
    return this.queue.take(into, from);
  }

  send(to: StackAddress, bytes: Uint8Array, start = 0, end: number = bytes.length): boolean {
    return this.isOpen && this.udp.send(this.local.port, to, bytes, start, end);
  }

  connect(peer: StackAddress | null): void {
    this.peer = peer === null ? null : { ...peer };
  }

  takeFailure(): StackFailure | null {
    const failure = this.failure;
    this.failure = null;
    return failure;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.queue.clear();
    this.udp.forget(this.local.port);
  }

  /** Answers whether a sender is one that this port listens to. @param address signed */
  hears(address: number, port: number): boolean {
    return this.peer === null || this.isPeer(address, port);
  }

  /** @param address signed */
  isPeer(address: number, port: number): boolean {
    return this.peer !== null && (this.peer.address | 0) === address && this.peer.port === port;
  }

  /** The link goes: what has come can still be read. */
  leaveArena(): void {
    this.queue.leaveArena();
  }

  /** Queues a copy of a datagram. @returns False where the queue is full. */
  take(address: number, port: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.queue.put(address, port, bytes, start, end)) return false;
    this.udp.host.board.notice(this, STACK_EVENT.readable);
    return true;
  }

  fail(failure: StackFailure): void {
    this.failure = failure;
    this.udp.host.board.notice(this, STACK_EVENT.failed);
  }
}
