// Makes a frame from a plain description. What is left out is filled in so that
// the frame is sound (lengths, checksums, the number that names the next header);
// what is given stands, right or wrong, because a lab also needs broken frames.

import { ARP_BYTES, type ArpPacket, emitArp } from "./arp.js";
import { type BuiltSegment, emitSegment, type SegmentSpec, segmentBytes } from "./build-segment.js";
import { ipv4PseudoSum, ipv6PseudoSum } from "./checksum.js";
import { ETHERNET_HEADER_BYTES, type EthernetHeader, emitEthernet } from "./ethernet.js";
import { emitIpv4, IPV4_HEADER_BYTES, type Ipv4Header, writeIpv4Checksum } from "./ipv4.js";
import { emitIpv6, IPV6_HEADER_BYTES, type Ipv6Header } from "./ipv6.js";
import { ETHER_TYPE, IP_PROTOCOL } from "./numbers.js";
import { emitVlan, VLAN_HEADER_BYTES, type VlanHeader } from "./vlan.js";

/** A field table's representation with only what must be said. */
type Needs<Header, Key extends keyof Header> = Pick<Header, Key> & Partial<Header>;

/** What to build; at most one of `arp`, `ipv4`, `ipv6`, and at most one of `udp`, `tcp`, `icmp`. */
export interface FrameSpec extends SegmentSpec {
  ethernet: Needs<EthernetHeader, "source" | "destination">;
  /** Tags from the outermost to the innermost. */
  vlan?: Needs<VlanHeader, "vlanId">[];
  arp?: ArpPacket;
  ipv4?: Needs<Ipv4Header, "source" | "destination">;
  ipv6?: Needs<Ipv6Header, "source" | "destination">;
  /** Pads the frame with zero bytes to at least this length; Ethernet's least is 60. */
  padTo?: number;
}

/**
 * Builds a frame with right lengths and checksums, except where the spec says otherwise.
 *
 * @param spec headers and payload; text becomes UTF-8
 * @returns the frame, without Ethernet's check sequence
 * @throws RangeError where an address is misspelled or a value does not fit its field
 * @example
 * buildFrame({
 *   ethernet: { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" },
 *   ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
 *   udp: { sourcePort: 5000, destinationPort: 7 },
 *   payload: "hello",
 * });
 */
export function buildFrame(spec: FrameSpec): Uint8Array {
  checkSpec(spec);
  const linkBytes = ETHERNET_HEADER_BYTES + VLAN_HEADER_BYTES * (spec.vlan?.length ?? 0);
  const ipBytes = networkBytes(spec);
  const inside = segmentBytes(spec);
  const length = linkBytes + ipBytes + inside;
  const bytes = new Uint8Array(Math.max(length, spec.padTo ?? 0));
  emitLink(spec, bytes);
  const segment = { bytes, start: linkBytes + ipBytes, end: length };
  emitNetwork(spec, linkBytes, segment);
  return bytes;
}

function checkSpec(spec: FrameSpec): void {
  for (const keys of [["arp", "ipv4", "ipv6"] as const, ["udp", "tcp", "icmp"] as const]) {
    const given = keys.filter((key) => spec[key] !== undefined);
    if (given.length > 1) {
      throw new RangeError(
        `Cannot build a frame with ${given.join(" and ")}: a frame has one of them -> leave one out`,
      );
    }
  }
}

function networkBytes(spec: FrameSpec): number {
  if (spec.arp) return ARP_BYTES;
  if (spec.ipv4) return IPV4_HEADER_BYTES + (spec.ipv4.options?.length ?? 0);
  return spec.ipv6 ? IPV6_HEADER_BYTES : 0;
}

function emitLink(spec: FrameSpec, bytes: Uint8Array): void {
  const tags = spec.vlan ?? [];
  const inner = spec.arp ? ETHER_TYPE.arp : spec.ipv6 ? ETHER_TYPE.ipv6 : ETHER_TYPE.ipv4;
  const outer = tags.length > 1 ? ETHER_TYPE.serviceVlan : tags.length === 1 ? ETHER_TYPE.vlan : inner;
  let at = emitEthernet({ etherType: outer, ...spec.ethernet }, bytes);
  for (const [index, tag] of tags.entries()) {
    const etherType = index === tags.length - 1 ? inner : ETHER_TYPE.vlan;
    at = emitVlan({ priority: 0, dropEligible: false, etherType, ...tag }, bytes, at);
  }
}

function emitNetwork(spec: FrameSpec, start: number, segment: BuiltSegment): void {
  const { bytes, end } = segment;
  const protocol = spec.udp
    ? IP_PROTOCOL.udp
    : spec.tcp
      ? IP_PROTOCOL.tcp
      : spec.icmp
        ? spec.ipv6
          ? IP_PROTOCOL.icmpv6
          : IP_PROTOCOL.icmp
        : IP_PROTOCOL.none;
  const segmentLength = end - segment.start;
  if (spec.arp) {
    emitArp(spec.arp, bytes, start);
    emitSegment(spec, segment, 0);
  } else if (spec.ipv4) {
    emitIpv4({ ...IPV4_DEFAULTS, totalLength: end - start, protocol, ...spec.ipv4 }, bytes, start);
    if (spec.ipv4.checksum === undefined) writeIpv4Checksum(bytes, start);
    const isIcmp = spec.icmp !== undefined;
    emitSegment(spec, segment, isIcmp ? 0 : ipv4PseudoSum(bytes, start, segmentLength));
  } else if (spec.ipv6) {
    const payloadLength = end - start - IPV6_HEADER_BYTES;
    emitIpv6({ ...IPV6_DEFAULTS, payloadLength, nextHeader: protocol, ...spec.ipv6 }, bytes, start);
    emitSegment(spec, segment, ipv6PseudoSum(bytes, start, protocol, segmentLength));
  } else {
    emitSegment(spec, segment, 0);
  }
}

const IPV4_DEFAULTS = {
  dscp: 0,
  ecn: 0,
  identification: 0,
  flags: 0,
  fragmentOffset: 0,
  ttl: 64,
  checksum: 0,
  options: new Uint8Array(0),
};

const IPV6_DEFAULTS = { trafficClass: 0, flowLabel: 0, hopLimit: 64 };
