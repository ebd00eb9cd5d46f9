// The other direction: every way for a packet to leave a program. A sending path is data and one function, as a receiving one
// is; the harness gives it numbered packets a batch at a time, and somebody at the far end of the wire counts what comes.
import type { ProbeName } from "../../sys/index.js";

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
  /** IPv4 address of this end and of the far one, and the UDP port at both. */
  readonly address: string;
  readonly farAddress: string;
  readonly port: number;
  /** What each packet is: a whole frame. What it carries begins with its number; a socket sends only that. */
  readonly frame: Uint8Array;
}

/** What may differ between runs of one path. */
export interface SendOptions {
  /** Most packets handed to the kernel at once, from 1. */
  readonly batch: number;
  /** Slots of a ring, a power of two. */
  readonly ringSize: number;
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
}

/** Bytes of a packet's number, at the start of what it carries; the upper half stays 0. */
const NUMBER_BYTES = 8;

/** Writes a packet's number, 0 to 2^32 - 1, in network order. @param at where the number of 8 bytes begins */
export function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  const last = at + NUMBER_BYTES - 1;
  bytes[last] = number;
  bytes[last - 1] = number >>> 8;
  bytes[last - 2] = number >>> 16;
  bytes[last - 3] = number >>> 24;
}
