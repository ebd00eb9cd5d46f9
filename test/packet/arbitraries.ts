// Headers, frames and packets at random, for property tests. fast-check prints the seed of a failing run.

import fc from "fast-check";
import {
  type ArpPacket,
  type EthernetHeader,
  type FrameSpec,
  type IcmpHeader,
  type Ipv4Header,
  type Ipv6Header,
  ipv4ToText,
  ipv6ToText,
  macToText,
  type PacketToWrite,
  type TcpHeader,
  type TcpOption,
  tcpOptionBytes,
  type UdpHeader,
  type VlanHeader,
} from "ringside/packet";

/** A whole number of so many bits. */
export const uint = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
const octets = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: min, maxLength: max });

export const mac: fc.Arbitrary<string> = uint(48).map(macToText);
export const ipv4Address: fc.Arbitrary<string> = uint(32).map(ipv4ToText);
/** Many groups are zero, so that the shortest form has something to shorten. */
export const ipv6Address: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constant(0), uint(16)), { minLength: 8, maxLength: 8 })
  .map((groups) => ipv6ToText(Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))));

export const ethernet: fc.Arbitrary<EthernetHeader> = fc.record({
  destination: mac,
  source: mac,
  etherType: uint(16),
});
export const vlan: fc.Arbitrary<VlanHeader> = fc.record({
  priority: uint(3),
  dropEligible: fc.boolean(),
  vlanId: uint(12),
  etherType: uint(16),
});
export const arp: fc.Arbitrary<ArpPacket> = fc.record({
  operation: uint(16),
  senderMac: mac,
  senderIp: ipv4Address,
  targetMac: mac,
  targetIp: ipv4Address,
});
export const ipv4: fc.Arbitrary<Ipv4Header> = fc.record({
  dscp: uint(6),
  ecn: uint(2),
  totalLength: fc.integer({ min: 60, max: 65535 }),
  identification: uint(16),
  flags: uint(3),
  fragmentOffset: uint(13),
  ttl: uint(8),
  protocol: uint(8),
  checksum: uint(16),
  source: ipv4Address,
  destination: ipv4Address,
  options: fc.integer({ min: 0, max: 10 }).chain((words) => octets(words * 4, words * 4)),
});
export const ipv6: fc.Arbitrary<Ipv6Header> = fc.record({
  trafficClass: uint(8),
  flowLabel: uint(20),
  payloadLength: uint(16),
  nextHeader: uint(8),
  hopLimit: uint(8),
  source: ipv6Address,
  destination: ipv6Address,
});
export const icmp: fc.Arbitrary<IcmpHeader> = fc.record({
  type: uint(8),
  code: uint(8),
  checksum: uint(16),
  identifier: uint(16),
  sequence: uint(16),
});
export const udp: fc.Arbitrary<UdpHeader> = fc.record({
  sourcePort: uint(16),
  destinationPort: uint(16),
  length: fc.integer({ min: 8, max: 65535 }),
  checksum: uint(16),
});
const tcpOption: fc.Arbitrary<TcpOption> = fc.oneof(
  fc.constant<TcpOption>({ name: "nop" }),
  fc.constant<TcpOption>({ name: "sackPermitted" }),
  fc.record({ name: fc.constant("mss" as const), bytes: uint(16) }),
  fc.record({ name: fc.constant("windowScale" as const), shift: uint(8) }),
  fc.record({ name: fc.constant("timestamps" as const), value: uint(32), echo: uint(32) }),
  fc.record({
    name: fc.constant("other" as const),
    kind: fc.integer({ min: 28, max: 255 }),
    data: octets(0, 12),
  }),
);
export const tcp: fc.Arbitrary<TcpHeader> = fc.record({
  sourcePort: uint(16),
  destinationPort: uint(16),
  sequence: uint(32),
  acknowledgment: uint(32),
  flags: uint(12),
  window: uint(16),
  checksum: uint(16),
  urgentPointer: uint(16),
  options: fc.array(tcpOption, { maxLength: 8 }).filter((options) => tcpOptionBytes(options) <= 40),
});

const link = {
  ethernet: fc.record({ source: mac, destination: mac }),
  vlan: fc.array(fc.record({ vlanId: uint(12), priority: uint(3) }), { maxLength: 2 }),
  payload: octets(0, 80),
  padTo: fc.constantFrom(0, 60),
};
const ipv4Part = fc.record({ source: ipv4Address, destination: ipv4Address, ttl: uint(8) });
const ipv6Part = fc.record({ source: ipv6Address, destination: ipv6Address, hopLimit: uint(8) });
const udpPart = fc.record({ sourcePort: uint(16), destinationPort: uint(16) });
const tcpPart = tcp.map(({ checksum: _, ...rest }) => rest);
const icmpPart = fc.record({ type: uint(8), code: uint(8), identifier: uint(16), sequence: uint(16) });

/** What `buildFrame` makes a sound frame of: ARP, or one of three segments in one of two kinds of IP. */
export const frameSpec: fc.Arbitrary<FrameSpec> = fc.oneof(
  fc.record({ ...link, arp }),
  fc.record({ ...link, ipv4: ipv4Part, udp: udpPart }),
  fc.record({ ...link, ipv4: ipv4Part, tcp: tcpPart }),
  fc.record({ ...link, ipv4: ipv4Part, icmp: icmpPart }),
  fc.record({ ...link, ipv6: ipv6Part, udp: udpPart }),
  fc.record({ ...link, ipv6: ipv6Part, tcp: tcpPart }),
  fc.record({ ...link, ipv6: ipv6Part, icmp: icmpPart }),
);

/** Packets for a capture file, with times to the nanosecond. */
export const packets: fc.Arbitrary<Required<PacketToWrite>[]> = fc.array(
  fc.record({
    timestampNs: fc.bigInt({ min: 0n, max: 0xffff_ffffn * 1_000_000_000n + 999_999_999n }),
    bytes: octets(0, 90),
    originalLength: uint(32),
  }),
  { maxLength: 12 },
);
