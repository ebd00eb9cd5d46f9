// The load: UDP datagrams of one size, whose first 8 payload bytes are the number that the injector writes. Their checksum is
// 0, which over IPv4 means "none", so that the number can be written without computing it anew.
import type { EndSpec } from "../net/index.js";
import { buildFrame } from "../packet/index.js";
import { HEADER_BYTES } from "./sink.js";

/** UDP port that the load goes to. */
export const LOAD_PORT = 7777;
/** Byte of the frame where its number is. */
export const SEQUENCE_AT: number = HEADER_BYTES;
/** Shortest and longest frame of the load, without check sequence: 64 and 1518 bytes on the wire. */
export const SHORTEST_FRAME_BYTES = 60;
export const LONGEST_FRAME_BYTES = 1514;

/** No host's: the stack of the receiver drops such a frame before it looks for a socket. @source net/ipv4/ip_input.c, PACKET_OTHERHOST */
const NOBODYS_MAC = "02:72:73:00:00:ff";

/** The IPv4 address of an end, without its prefix length. */
export function addressOfEnd({ addresses }: EndSpec): string {
  return addresses[0].split("/")[0];
}

/**
 * Builds the load's frame.
 *
 * @param sees a path that sees frames gets them before the stack does; the stack shall then make nothing of them, not even an
 *   answer, so they carry nobody's address
 * @throws RangeError for a size that Ethernet does not have.
 */
export function loadFrame(
  from: EndSpec,
  to: EndSpec,
  frameBytes: number,
  sees: "frame" | "payload",
): Uint8Array {
  if (
    !(Number.isInteger(frameBytes) && frameBytes >= SHORTEST_FRAME_BYTES && frameBytes <= LONGEST_FRAME_BYTES)
  ) {
    throw new RangeError(
      `Cannot make a load of ${frameBytes}-byte frames: Ethernet has ${SHORTEST_FRAME_BYTES} to ${LONGEST_FRAME_BYTES} without check sequence -> try 60`,
    );
  }
  return buildFrame({
    ethernet: { source: from.mac, destination: sees === "frame" ? NOBODYS_MAC : to.mac },
    ipv4: { source: addressOfEnd(from), destination: addressOfEnd(to) },
    udp: { sourcePort: LOAD_PORT, destinationPort: LOAD_PORT, checksum: 0 },
    payload: new Uint8Array(frameBytes - HEADER_BYTES),
  });
}
