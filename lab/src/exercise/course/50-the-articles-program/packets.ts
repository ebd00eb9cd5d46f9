// The packets of the bench, crafted so that each tells two programs apart.
import { buildFrame, ETHER_TYPE, type FrameSpec } from "../../../packet/index.js";
import { type ProgramCase, SHORTEST_RUN_BYTES, type XdpVerdict } from "../../../xdp/index.js";

const ethernet = { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" };
const ports = { sourcePort: 5000, destinationPort: 7 };
const make = (spec: Omit<FrameSpec, "ethernet">): Uint8Array => buildFrame({ ethernet, padTo: 60, ...spec });

const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
const ipv6 = { source: "fd00::1", destination: "fd00::2" };
const arp = {
  operation: 1,
  senderMac: ethernet.source,
  senderIp: "10.0.0.1",
  targetMac: "00:00:00:00:00:00",
  targetIp: "10.0.0.2",
};
/** Its two bytes read as an IPv4 header's first: version 4, header of 5 words. Priority 2, VLAN 0x500. */
const LIKE_IPV4 = { vlanId: 0x500, priority: 2 };

/** A copy with other bytes from an offset on. */
function patched(packet: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = packet.slice();
  copy.set(values, at);
  return copy;
}

const plain = make({ ipv4, udp: ports });
const tagged = make({ vlan: [{ vlanId: 7 }], ipv4, udp: ports });

const IPV6_AT = 14;
const EXTENSIONS_AT = 54;

/** An extension header of 8 bytes, or of more: a kind, and its bytes behind the one that names the next header. */
type Extension = readonly [kind: number, ...bytes: number[]];

const HOP_BY_HOP: Extension = [0, 0, 1, 4, 0, 0, 0, 0];
const ROUTING: Extension = [43, 0, 253, 0, 0, 0, 0, 0];
const DESTINATION_16: Extension = [60, 1, 1, 12, ...new Array<number>(12).fill(0)];
const FRAGMENT: Extension = [44, 0, 0, 0, 0, 0, 0, 1];
/** Its third and fourth byte read like a UDP header's destination port 7. */
const LIKE_UDP: Extension = [60, 0, 0, 7, 0, 0, 0, 0];

/** Puts extension headers between an IPv6 header and what follows it. @source RFC 8200 section 4 */
function extended(packet: Uint8Array, ...extensions: readonly Extension[]): Uint8Array {
  const kinds = [...extensions.map(([kind]) => kind), packet[IPV6_AT + 6]!];
  const inserted = extensions.flatMap(([, ...bytes], index) => [kinds[index + 1]!, ...bytes]);
  const whole = new Uint8Array(packet.length + inserted.length);
  whole.set(packet.subarray(0, EXTENSIONS_AT));
  whole.set(inserted, EXTENSIONS_AT);
  whole.set(packet.subarray(EXTENSIONS_AT), EXTENSIONS_AT + inserted.length);
  const payload = packet.length - EXTENSIONS_AT + inserted.length;
  return patched(patched(whole, IPV6_AT + 4, payload >> 8, payload & 0xff), IPV6_AT + 6, kinds[0]!);
}

const udpOverIpv6 = make({ ipv6, udp: ports });
const tcpOverIpv6 = make({ ipv6, tcp: { sourcePort: 5000, destinationPort: 7 } });
const otherPort = make({ ipv6, udp: { ...ports, destinationPort: 9 } });

type FrameName =
  | "ipv4"
  | "arp"
  | "ipv6"
  | "swappedType"
  | "wrongVersion"
  | "tagged"
  | "taggedArp"
  | "taggedWrongVersion"
  | "tagLikeIpv4"
  | "twoTags"
  | "twoCustomerTags"
  | "tcpOverIpv6"
  | "otherPort"
  | "wrongVersionOfIpv6"
  | "oneExtension"
  | "longExtension"
  | "threeExtensions"
  | "fourExtensions"
  | "fiveExtensions"
  | "tcpBehindExtension"
  | "extensionLikeUdp"
  | "fragment";

/** Each frame by what is in it. */
export const FRAMES: Readonly<Record<FrameName, Uint8Array>> = {
  ipv4: plain,
  arp: make({ arp }),
  ipv6: udpOverIpv6,
  /** Type 0x0008: what a program takes for IPv4 that compares in the CPU's byte order. */
  swappedType: patched(plain, 12, 0x00, 0x08),
  /** Says IPv4 in its type and 6 in its first four bits behind it. */
  wrongVersion: patched(plain, 14, 0x65),
  tagged,
  taggedArp: make({ vlan: [{ vlanId: 7 }], arp }),
  taggedWrongVersion: patched(tagged, 18, 0x65),
  /** IPv4 behind a tag, where it begins with a 6, while the tag itself looks like IPv4's first bytes. */
  tagLikeIpv4: patched(make({ vlan: [LIKE_IPV4], ipv4, udp: ports }), 18, 0x65),
  twoTags: make({ vlan: [{ vlanId: 7 }, { vlanId: 8 }], ipv4, udp: ports }),
  twoCustomerTags: patched(make({ vlan: [{ vlanId: 7 }, { vlanId: 8 }], ipv4, udp: ports }), 12, 0x81, 0x00),
  tcpOverIpv6,
  otherPort,
  wrongVersionOfIpv6: patched(udpOverIpv6, IPV6_AT, 0x45),
  oneExtension: extended(udpOverIpv6, HOP_BY_HOP),
  longExtension: extended(udpOverIpv6, DESTINATION_16),
  threeExtensions: extended(udpOverIpv6, HOP_BY_HOP, DESTINATION_16, ROUTING),
  fourExtensions: extended(udpOverIpv6, HOP_BY_HOP, DESTINATION_16, ROUTING, DESTINATION_16),
  fiveExtensions: extended(udpOverIpv6, HOP_BY_HOP, DESTINATION_16, ROUTING, ROUTING, DESTINATION_16),
  tcpBehindExtension: extended(tcpOverIpv6, HOP_BY_HOP),
  /** UDP to port 9, behind an extension that looks like UDP to port 7. */
  extensionLikeUdp: extended(otherPort, LIKE_UDP),
  fragment: extended(udpOverIpv6, FRAGMENT),
};

/** Names of frames that need explaining in a story. */
const NAMES: Readonly<Record<FrameName, string>> = {
  ipv4: "an IPv4 frame",
  arp: "an ARP frame",
  ipv6: "a frame of UDP to port 7 over IPv6",
  swappedType: `a frame of type 0x0008, which is not IPv4's 0x${ETHER_TYPE.ipv4.toString(16).padStart(4, "0")}`,
  wrongVersion: "a frame of IPv4's type whose header says version 6",
  tagged: "an IPv4 frame with a VLAN tag",
  taggedArp: "an ARP frame with a VLAN tag",
  taggedWrongVersion: "a tagged frame of IPv4's type whose header says version 6",
  tagLikeIpv4: "a tagged frame whose tag looks like an IPv4 header, and whose header says version 6",
  twoTags: "an IPv4 frame with two tags (QinQ, 0x88a8)",
  twoCustomerTags: "an IPv4 frame with two tags (both 0x8100)",
  tcpOverIpv6: "a frame of TCP to port 7 over IPv6",
  otherPort: "a frame of UDP to port 9 over IPv6",
  wrongVersionOfIpv6: "a frame of IPv6's type whose header says version 4",
  oneExtension: "UDP to port 7 behind one extension header of 8 bytes",
  longExtension: "UDP to port 7 behind one extension header of 16 bytes",
  threeExtensions: "UDP to port 7 behind three extension headers",
  fourExtensions: "UDP to port 7 behind four extension headers",
  fiveExtensions: "UDP to port 7 behind five extension headers",
  tcpBehindExtension: "TCP to port 7 behind an extension header",
  extensionLikeUdp: "UDP to port 9 behind an extension header whose own bytes look like port 7",
  fragment: "a fragment of a packet of UDP over IPv6",
};

/** Cases with one verdict for all of these frames. */
export function casesOf(verdict: XdpVerdict, ...names: FrameName[]): ProgramCase[] {
  return names.map((name) => ({
    name: `${NAMES[name]} (${FRAMES[name].length} bytes)`,
    packet: FRAMES[name],
    verdict,
  }));
}

/** The frame cut to every length from 14 bytes up to whole. @param needed shortest length that passes */
export function everyLength(name: FrameName, needed: number): ProgramCase[] {
  const whole = FRAMES[name];
  return Array.from({ length: whole.length - SHORTEST_RUN_BYTES + 1 }, (_, more): ProgramCase => {
    const length = SHORTEST_RUN_BYTES + more;
    const verdict = length >= needed ? "PASS" : "DROP";
    return { name: `${NAMES[name]} cut to ${length} bytes`, packet: whole.subarray(0, length), verdict };
  });
}
