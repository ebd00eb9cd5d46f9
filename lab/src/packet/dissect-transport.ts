// The walk through UDP, TCP and ICMP. Their checksum can only be judged where
// the whole segment is here: not for a fragment, not for a capture cut short.

import { isChecksumRight } from "./checksum.js";
import { DROP_IT, FieldError } from "./field-error.js";
import type { FrameWalk } from "./frame-walk.js";
import { ICMP_FIELDS, ICMP_HEADER_BYTES, ICMPV6_FIELDS, parseIcmp, printIcmp } from "./icmp.js";
import { IP_PROTOCOL, protocolToText } from "./numbers.js";
import { parseTcp, printTcp, TCP_FIELDS, TCP_HEADER_BYTES, TcpView } from "./tcp.js";
import { parseUdp, printUdp, UDP_FIELDS, UDP_HEADER_BYTES } from "./udp.js";

/** What a transport header has to know about the IP header before it. */
export interface IpContext {
  version: 4 | 6;
  /** What IP says is inside. */
  protocol: number;
  /** Bytes of the segment as IP announced them. */
  segmentBytes: number;
  /** Whether more of the segment is in other packets. */
  isFragment: boolean;
  /** Sums the pseudo header for a segment of so many bytes. */
  pseudoSum: (length: number) => number;
}

/** Walks what an IP packet carries. */
export function dissectTransport(walk: FrameWalk, ip: IpContext): void {
  const icmp = ip.version === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6;
  if (ip.protocol === IP_PROTOCOL.udp) dissectUdp(walk, ip);
  else if (ip.protocol === IP_PROTOCOL.tcp) dissectTcp(walk, ip);
  else if (ip.protocol === icmp) dissectIcmp(walk, ip);
  else walk.rest("payload", `${protocolToText(ip.protocol)} is not taken apart here`);
}

function judgeChecksum(walk: FrameWalk, name: string, ip: IpContext, length: number, sum: number): string {
  if (ip.isFragment) return "checksum not judged: a fragment";
  if (walk.at + length > walk.end) return "checksum not judged: bytes are missing";
  if (isChecksumRight(walk.bytes, walk.at, walk.at + length, sum)) return "checksum right";
  walk.problems.push(`the ${name} checksum is wrong`);
  return "checksum wrong";
}

function dissectUdp(walk: FrameWalk, ip: IpContext): void {
  walk.ensure("udp", UDP_FIELDS);
  const udp = parseUdp(walk.bytes, walk.at);
  if (udp.length > ip.segmentBytes && !ip.isFragment) {
    const cause = `it says ${udp.length} bytes; IP leaves ${ip.segmentBytes}`;
    throw new FieldError("udp.length", walk.at + UDP_FIELDS.length.offset, cause, DROP_IT);
  }
  const verdict =
    udp.checksum === 0 && ip.version === 4
      ? "no checksum"
      : judgeChecksum(walk, "UDP", ip, udp.length, ip.pseudoSum(udp.length));
  walk.end = Math.min(walk.end, walk.at + udp.length);
  walk.header("udp", UDP_FIELDS, UDP_HEADER_BYTES, `${printUdp(udp)}, ${verdict}`);
  walk.rest("payload");
}

function dissectTcp(walk: FrameWalk, ip: IpContext): void {
  walk.ensure("tcp", TCP_FIELDS);
  const start = walk.at;
  const headerBytes = new TcpView(walk.bytes, start).headerBytes;
  if (start + headerBytes > walk.end) {
    const cause = `it says ${headerBytes} bytes of header; the packet leaves ${walk.end - start}`;
    throw new FieldError("tcp.headerWords", start + TCP_FIELDS.headerWords.offset, cause, DROP_IT);
  }
  const tcp = parseTcp(walk.bytes, start);
  const verdict = judgeChecksum(walk, "TCP", ip, ip.segmentBytes, ip.pseudoSum(ip.segmentBytes));
  walk.header("tcp", TCP_FIELDS, headerBytes, `${printTcp(tcp)}, ${verdict}`);
  walk.options("tcp", start + TCP_HEADER_BYTES, start + headerBytes);
  walk.rest("payload");
}

function dissectIcmp(walk: FrameWalk, ip: IpContext): void {
  const [name, table] = ip.version === 4 ? ["icmp", ICMP_FIELDS] : ["icmpv6", ICMPV6_FIELDS];
  walk.ensure(name, table);
  const icmp = parseIcmp(walk.bytes, walk.at);
  const sum = ip.version === 4 ? 0 : ip.pseudoSum(ip.segmentBytes);
  const verdict = judgeChecksum(walk, ip.version === 4 ? "ICMP" : "ICMPv6", ip, ip.segmentBytes, sum);
  walk.header(name, table, ICMP_HEADER_BYTES, `${printIcmp(icmp)}, ${verdict}`);
  walk.rest("payload");
}
