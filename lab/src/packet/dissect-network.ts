// The walk through Ethernet, VLAN tags, ARP and IP, one function for each
// header: make sure it is there, read it, note it, go on with what it announces.
// A header that cannot be read throws a FieldError, which ends the walk.

import { ARP_BYTES, ARP_FIELDS, parseArp, printArp } from "./arp.js";
import { ipv4PseudoSum, ipv6PseudoSum, isChecksumRight } from "./checksum.js";
import { dissectTransport } from "./dissect-transport.js";
import { ETHERNET_FIELDS, ETHERNET_HEADER_BYTES, parseEthernet, printEthernet } from "./ethernet.js";
import type { FrameWalk } from "./frame-walk.js";
import { IPV4_FIELDS, IPV4_FLAG, IPV4_HEADER_BYTES, parseIpv4, printIpv4 } from "./ipv4.js";
import { IPV6_FIELDS, IPV6_HEADER_BYTES, parseIpv6, printIpv6 } from "./ipv6.js";
import { walkIpv6Extensions } from "./ipv6-extension.js";
import { ETHER_TYPE, etherTypeToText, FIRST_ETHER_TYPE, protocolToText } from "./numbers.js";
import { isVlanType, parseVlan, printVlan, VLAN_FIELDS, VLAN_HEADER_BYTES } from "./vlan.js";

const LATER_FRAGMENT = "a later fragment has no header of its own";

/** Walks an Ethernet header, any VLAN tags, and what they carry. */
export function dissectEthernet(walk: FrameWalk): void {
  walk.ensure("ethernet", ETHERNET_FIELDS);
  const ethernet = parseEthernet(walk.bytes, walk.at);
  walk.header("ethernet", ETHERNET_FIELDS, ETHERNET_HEADER_BYTES, printEthernet(ethernet));
  let { etherType } = ethernet;
  while (isVlanType(etherType)) {
    walk.ensure("vlan", VLAN_FIELDS);
    const vlan = parseVlan(walk.bytes, walk.at);
    walk.header("vlan", VLAN_FIELDS, VLAN_HEADER_BYTES, printVlan(vlan));
    etherType = vlan.etherType;
  }
  if (etherType === ETHER_TYPE.arp) dissectArp(walk);
  else if (etherType === ETHER_TYPE.ipv4) dissectIpv4(walk);
  else if (etherType === ETHER_TYPE.ipv6) dissectIpv6(walk);
  else if (etherType >= FIRST_ETHER_TYPE) {
    walk.rest("payload", `${etherTypeToText(etherType)} is not taken apart here`);
  } else {
    walk.announce("Ethernet", etherType);
    walk.rest("payload", "IEEE 802.2 is not taken apart here");
  }
}

function dissectArp(walk: FrameWalk): void {
  walk.ensure("arp", ARP_FIELDS);
  const arp = parseArp(walk.bytes, walk.at);
  walk.end = walk.at + ARP_BYTES;
  walk.header("arp", ARP_FIELDS, ARP_BYTES, printArp(arp));
  walk.rest("payload");
}

function dissectIpv4(walk: FrameWalk): void {
  const { bytes, at: start } = walk;
  walk.ensure("ipv4", IPV4_FIELDS);
  const ipv4 = parseIpv4(bytes, start);
  const headerBytes = IPV4_HEADER_BYTES + ipv4.options.length;
  walk.announce("IPv4", ipv4.totalLength);
  const isRight = isChecksumRight(bytes, start, start + headerBytes);
  if (!isRight) walk.problems.push(`the IPv4 header checksum at byte ${start + 10} is wrong`);
  const verdict = isRight ? "checksum right" : "checksum wrong";
  walk.header("ipv4", IPV4_FIELDS, headerBytes, `${printIpv4(ipv4)}, ${verdict}`);
  walk.options("ipv4", start + IPV4_HEADER_BYTES, start + headerBytes);
  if (ipv4.fragmentOffset > 0) {
    walk.rest("payload", LATER_FRAGMENT);
    return;
  }
  dissectTransport(walk, {
    version: 4,
    protocol: ipv4.protocol,
    segmentBytes: ipv4.totalLength - headerBytes,
    isFragment: (ipv4.flags & IPV4_FLAG.moreFragments) !== 0,
    pseudoSum: (length) => ipv4PseudoSum(bytes, start, length),
  });
}

function dissectIpv6(walk: FrameWalk): void {
  const { bytes, at: start } = walk;
  walk.ensure("ipv6", IPV6_FIELDS);
  const ipv6 = parseIpv6(bytes, start);
  walk.header("ipv6", IPV6_FIELDS, IPV6_HEADER_BYTES, printIpv6(ipv6));
  walk.announce("IPv6", ipv6.payloadLength);
  const announcedEnd = walk.at + ipv6.payloadLength;
  const { extensions, ...upper } = walkIpv6Extensions(bytes, walk.at, walk.end, ipv6.nextHeader);
  for (const { kind, offset, length } of extensions) {
    const text = `extension header: ${protocolToText(kind)}`;
    walk.raw("ipv6", "ipv6.extension", offset, length, protocolToText(kind));
    walk.layers.push({ name: "ipv6", offset, length, text });
  }
  walk.at = upper.offset;
  if (upper.isLaterFragment) {
    walk.rest("payload", LATER_FRAGMENT);
    return;
  }
  dissectTransport(walk, {
    version: 6,
    protocol: upper.protocol,
    segmentBytes: announcedEnd - upper.offset,
    isFragment: upper.isFragment,
    pseudoSum: (length) => ipv6PseudoSum(bytes, start, upper.protocol, length),
  });
}
