// The other direction: every way for a packet to leave a program. A sending path is data and one function, as a receiving one
// is; the harness gives it numbered packets a batch at a time, and somebody at the far end of the wire counts what comes.
import type { ProbeName } from "../../sys/index.js";
import type { SentFrames } from "./sent-frames.js";

/** Names of the sending paths; each is also the name of its file. */
export type SendPathName =
  | "node-dgram-send"
  | "udp-sendmsg"
  | "udp-sendmmsg"
  | "io-uring-send"
  | "packet-sendmsg"
  | "packet-mmap-send"
  | "xdp-transmit"
  | "netmap-transmit";

/** Where a sender stands. The thread that opens it is in that end's namespace. */
export interface SendPlace {
  readonly device: string;
  /** Transmit queue that a path binds to which has one of its own, AF_XDP and netmap; for the others the kernel chooses, by the flow. */
  readonly queue: number;
  /** IPv4 address of this end and of the far one, and the UDP port at both. */
  readonly address: string;
  readonly farAddress: string;
  readonly port: number;
  /** What each packet is: a whole frame. What it carries begins with its number; a socket sends only that. */
  readonly frames: SentFrames;
}

/** What may differ between runs of one path. */
export interface SendOptions {
  /** Most packets handed to the kernel at once, from 1. */
  readonly batch: number;
  /** Slots of a ring, a power of two. */
  readonly ringSize: number;
}

/** @throws RangeError where a batch never fits into the ring: it would wait for ever. @param most packets that the ring holds at once */
export function checkBatch(batch: number, most: number): void {
  if (batch <= most) return;
  throw new RangeError(
    `Cannot send ${batch} packets at once through a ring that holds ${most}: it would never have room -> pass a batch of at most ${most}, or a ringSize above ${batch}`,
  );
}

/** The sending end of a path. */
export interface Sender {
  /**
   * Writes the next packets and hands them to the kernel.
   *
   * @param first number of the first of them
   * @param count at most `options.batch`
   * @returns How many the path took, 0 where it is full: call `flush` and try again.
   */
  send(first: number, count: number): number | Promise<number>;
  /** Makes what was taken leave. @returns False while something waits in memory of ours: call again. */
  flush(): boolean;
  close(): void;
}

/** What every sending path says of itself. */
export interface SendPath {
  readonly name: SendPathName;
  readonly title: string;
  /** One sentence: by which mechanism the packet goes. */
  readonly how: string;
  readonly needs: readonly ProbeName[];
  /** How often the bytes of a packet are copied on the way from the program to the wire, and by what. */
  readonly copies: { readonly count: number; readonly by: string };
  /** Opens it in the calling thread. @throws SysError, NotSupportedError */
  open(place: SendPlace, options: SendOptions): Sender;
  /** Opens it with its loop in C, over the same sockets and rings; node:dgram, whose loop is Node's own, has none. @throws as `open` */
  openTwin?(place: SendPlace, options: SendOptions): Sender;
}
