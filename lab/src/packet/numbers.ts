// The numbers by which one header names the next.

/** EtherTypes that the lab knows. @source IANA "IEEE 802 Numbers" */
export const ETHER_TYPE: Readonly<Record<"ipv4" | "arp" | "vlan" | "ipv6" | "serviceVlan" | "lldp", number>> =
  {
    ipv4: 0x0800,
    arp: 0x0806,
    vlan: 0x8100,
    ipv6: 0x86dd,
    serviceVlan: 0x88a8,
    lldp: 0x88cc,
  };

/** Below this an Ethernet frame's type field is a length. @source IEEE 802.3 clause 3.2.6 */
export const FIRST_ETHER_TYPE = 0x0600;

/** IP protocols that the lab knows. @source IANA "Protocol Numbers" */
export const IP_PROTOCOL: Readonly<Record<"icmp" | "tcp" | "udp" | "icmpv6" | "none", number>> = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmpv6: 58,
  none: 59,
};

const ETHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  2048: "IPv4",
  2054: "ARP",
  33024: "VLAN",
  34525: "IPv6",
  34984: "service VLAN",
  35020: "LLDP",
};

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  0: "hop-by-hop options",
  1: "ICMP",
  2: "IGMP",
  6: "TCP",
  17: "UDP",
  43: "routing",
  44: "fragment",
  50: "ESP",
  51: "authentication",
  58: "ICMPv6",
  59: "no next header",
  60: "destination options",
  89: "OSPF",
  132: "SCTP",
};

/** Names an EtherType: `IPv4 (0x0800)`, `0x1234`, or `length 38` where the field is a length. */
export function etherTypeToText(etherType: number): string {
  if (etherType < FIRST_ETHER_TYPE) return `length ${etherType}`;
  const hex = `0x${etherType.toString(16).padStart(4, "0")}`;
  return etherType in ETHER_TYPE_NAMES ? `${ETHER_TYPE_NAMES[etherType]} (${hex})` : hex;
}

/** Names an IP protocol: `UDP`, or `protocol 253`. */
export function protocolToText(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? `protocol ${protocol}`;
}
