// Between two ends of one machine nobody computes a checksum that only a wire needs. Where the kernel leaves it to the hardware, or has
// merged segments that it had checked (GRO), the field holds the sum of the pseudo-header alone, and a packet socket shows it so.
import {
  ETHER_TYPE,
  ETHERNET_HEADER_BYTES,
  EthernetView,
  IP_PROTOCOL,
  Ipv4View,
  segmentChecksum,
} from "../packet/index.js";

/** Where the checksum lies behind a segment's begin. @source RFC 9293 section 3.1; RFC 768 */
const FIELD: Readonly<Record<number, number>> = { [IP_PROTOCOL.tcp]: 16, [IP_PROTOCOL.udp]: 6 };

/**
 * Does what the hardware would have done: sums the segment, with the sum of the pseudo-header in its checksum field, and writes
 * the checksum there. What is neither TCP nor UDP over IPv4, or does not lie in the frame, is left alone.
 *
 * @param start of the Ethernet header
 * @param end after the frame's last byte
 * @source include/linux/skbuff.h, CHECKSUM_PARTIAL; net/ipv4/tcp_offload.c, tcp_gro_complete, v6.18
 */
export function completeChecksum(bytes: Uint8Array, start: number, end: number): void {
  const packet = start + ETHERNET_HEADER_BYTES;
  if (packet + 20 > end || new EthernetView(bytes, start).etherType !== ETHER_TYPE.ipv4) return;
  const { protocol, headerBytes, totalLength } = new Ipv4View(bytes, packet);
  const field = FIELD[protocol];
  const segment = packet + headerBytes;
  const segmentEnd = packet + totalLength;
  if (field === undefined || segmentEnd > end || segment + field + 2 > segmentEnd) return;
  const checksum = segmentChecksum(bytes, segment, segmentEnd, 0, protocol);
  bytes[segment + field] = checksum >> 8;
  bytes[segment + field + 1] = checksum & 0xff;
}
