// Where a connection's numbering begins: a clock, so that old segments of the same two ports do not fit, plus
// a secret function of the four addresses, so that nobody can guess it from outside and forge a segment.
import { put16, put32 } from "../wire.js";
import { md5Words } from "./md5.js";

/** What is digested: both addresses, both ports, the secret. Every connection is numbered by this, so it is made once. */
const text: Uint8Array = new Uint8Array(28);

/** The clock of the numbering ticks every 4 µs. @source RFC 9293 section 3.4.1 */
const TICKS_PER_MS = 250;

/**
 * Computes an initial sequence number: M + F(local, remote, secret).
 *
 * @param nowMs the stack's clock
 * @param secret 16 bytes that nobody else knows
 * @returns A signed number of 32 bits.
 * @source RFC 6528 section 3
 */
export function initialSequence(
  nowMs: number,
  localAddress: number,
  localPort: number,
  remoteAddress: number,
  remotePort: number,
  secret: Uint8Array,
): number {
  put32(text, 0, localAddress);
  put16(text, 4, localPort);
  put32(text, 6, remoteAddress);
  put16(text, 10, remotePort);
  for (let index = 0; index < 16; index++) text[12 + index] = secret[index];
  return (Math.floor(nowMs * TICKS_PER_MS) + md5Words(text)[0]) | 0;
}
