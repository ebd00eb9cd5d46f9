// The part of a built frame behind the IP header: a transport header and data.

import { segmentChecksum } from "./checksum.js";
import { writeField } from "./field.js";
import { emitIcmp, ICMP_FIELDS, ICMP_HEADER_BYTES, type IcmpHeader } from "./icmp.js";
import { IP_PROTOCOL } from "./numbers.js";
import { emitTcp, TCP_FIELDS, TCP_HEADER_BYTES, type TcpHeader } from "./tcp.js";
import { tcpOptionBytes } from "./tcp-options.js";
import { emitUdp, UDP_FIELDS, UDP_HEADER_BYTES, type UdpHeader } from "./udp.js";

/** A transport header and data. */
export interface SegmentSpec {
  udp?: Pick<UdpHeader, "sourcePort" | "destinationPort"> & Partial<UdpHeader>;
  tcp?: Pick<TcpHeader, "sourcePort" | "destinationPort"> & Partial<TcpHeader>;
  /** ICMP in an IPv4 packet, ICMPv6 in an IPv6 packet. */
  icmp?: Pick<IcmpHeader, "type"> & Partial<IcmpHeader>;
  /** What the innermost header carries; text becomes UTF-8. */
  payload?: Uint8Array | string;
}

/** Where a segment lies in the frame that is being built. */
export interface BuiltSegment {
  bytes: Uint8Array;
  start: number;
  end: number;
}

function payloadOf(spec: SegmentSpec): Uint8Array {
  return typeof spec.payload === "string"
    ? new TextEncoder().encode(spec.payload)
    : (spec.payload ?? new Uint8Array(0));
}

/** Says how many bytes header and data take. */
export function segmentBytes(spec: SegmentSpec): number {
  const data = payloadOf(spec).length;
  if (spec.udp) return UDP_HEADER_BYTES + data;
  if (spec.tcp) return TCP_HEADER_BYTES + tcpOptionBytes(spec.tcp.options ?? []) + data;
  return spec.icmp ? ICMP_HEADER_BYTES + data : data;
}

/**
 * Writes header and data in place, and the checksum unless the spec gives one.
 *
 * @param spec what to write
 * @param segment where to write it
 * @param pseudoSum sum of the pseudo header, 0 where there is none
 */
export function emitSegment(spec: SegmentSpec, segment: BuiltSegment, pseudoSum: number): void {
  const { bytes, start, end } = segment;
  const data = payloadOf(spec);
  bytes.set(data, end - data.length);
  const sum = (protocol: number): number => segmentChecksum(bytes, start, end, pseudoSum, protocol);
  if (spec.udp) {
    emitUdp({ length: end - start, checksum: 0, ...spec.udp }, bytes, start);
    if (spec.udp.checksum === undefined) writeField(bytes, start, UDP_FIELDS.checksum, sum(IP_PROTOCOL.udp));
  } else if (spec.tcp) {
    emitTcp({ ...TCP_DEFAULTS, ...spec.tcp }, bytes, start);
    if (spec.tcp.checksum === undefined) writeField(bytes, start, TCP_FIELDS.checksum, sum(IP_PROTOCOL.tcp));
  } else if (spec.icmp) {
    emitIcmp({ code: 0, checksum: 0, identifier: 0, sequence: 0, ...spec.icmp }, bytes, start);
    if (spec.icmp.checksum === undefined)
      writeField(bytes, start, ICMP_FIELDS.checksum, sum(IP_PROTOCOL.icmp));
  }
}

const TCP_DEFAULTS = {
  sequence: 0,
  acknowledgment: 0,
  flags: 0,
  window: 65535,
  checksum: 0,
  urgentPointer: 0,
  options: [],
};
