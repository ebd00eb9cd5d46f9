// Where a connection's numbering begins: a clock, so that old segments of the same two ports do not fit, plus
// a secret function of the four addresses, so that nobody can guess it from outside and forge a segment.
import { put16, put32 } from "../wire.js";
import { md5Words } from "./md5.js";

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
  const text = new Uint8Array(12 + secret.length);
  put32(text, 0, localAddress);
  put16(text, 4, localPort);
  put32(text, 6, remoteAddress);
  put16(text, 10, remotePort);
  text.set(secret, 12);
  return (Math.floor(nowMs * TICKS_PER_MS) + md5Words(text)[0]) | 0;
}
