// A packet that came, as IPv4 hands it on to ICMP, UDP and TCP.
import { foldShortSum, sumOfPiece, sumOfPseudoHeader } from "./sum.js";

const NOTHING: DataView = new DataView(new ArrayBuffer(0));

/** A received packet: one object that serves all of them, good until the call returns. */
export class ReceivedPacket {
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, for numbers of 16 and 32 bits. */
  view: DataView = NOTHING;
  /** Byte offset of the IPv4 header. */
  ipStart = 0;
  /** Byte offset of what is inside. */
  start = 0;
  /** Byte offset after it; Ethernet's padding is left out. */
  end = 0;
  /** Addresses are signed here, as sequence numbers are: V8 makes an object of a number beyond 2 ** 31. `>>> 0` for people. */
  source = 0;
  destination = 0;
  protocol = 0;

  /** Answers whether a segment of TCP or UDP adds up to what its checksum says. @param length its bytes with its header @source RFC 9293 section 3.1; RFC 768 */
  isSegmentRight(length: number): boolean {
    const { bytes, view, start, source, destination, protocol } = this;
    const pseudo = sumOfPseudoHeader(source, destination, protocol, length);
    return foldShortSum(pseudo + sumOfPiece(bytes, view, start, start + length)) === 0xffff;
  }
}
