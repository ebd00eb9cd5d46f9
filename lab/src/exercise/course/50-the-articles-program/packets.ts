// The packets of the bench, crafted so that each tells two programs apart.
import { buildFrame, ETHER_TYPE, type FrameSpec } from "../../../packet/index.js";
import { SHORTEST_RUN_BYTES, type XdpVerdict } from "../../../xdp/index.js";
import type { Case } from "./bench.js";

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
  | "twoCustomerTags";

/** Each frame by what is in it. */
export const FRAMES: Readonly<Record<FrameName, Uint8Array>> = {
  ipv4: plain,
  arp: make({ arp }),
  ipv6: make({ ipv6, udp: ports }),
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
};

/** Names of frames that need explaining in a story. */
const NAMES: Readonly<Record<FrameName, string>> = {
  ipv4: "an IPv4 frame",
  arp: "an ARP frame",
  ipv6: "an IPv6 frame",
  swappedType: `a frame of type 0x0008, which is not IPv4's 0x${ETHER_TYPE.ipv4.toString(16).padStart(4, "0")}`,
  wrongVersion: "a frame of IPv4's type whose header says version 6",
  tagged: "an IPv4 frame with a VLAN tag",
  taggedArp: "an ARP frame with a VLAN tag",
  taggedWrongVersion: "a tagged frame of IPv4's type whose header says version 6",
  tagLikeIpv4: "a tagged frame whose tag looks like an IPv4 header, and whose header says version 6",
  twoTags: "an IPv4 frame with two tags (QinQ, 0x88a8)",
  twoCustomerTags: "an IPv4 frame with two tags (both 0x8100)",
};

/** Cases with one verdict for all of these frames. */
export function casesOf(expected: XdpVerdict, ...names: FrameName[]): Case[] {
  return names.map((name) => ({
    name: `${NAMES[name]} (${FRAMES[name].length} bytes)`,
    packet: FRAMES[name],
    expected,
  }));
}

/** The frame cut to every length from 14 bytes up to whole. @param needed shortest length that passes */
export function everyLength(name: FrameName, needed: number): Case[] {
  const whole = FRAMES[name];
  return Array.from({ length: whole.length - SHORTEST_RUN_BYTES + 1 }, (_, more): Case => {
    const length = SHORTEST_RUN_BYTES + more;
    const expected = length >= needed ? "PASS" : "DROP";
    return { name: `${NAMES[name]} cut to ${length} bytes`, packet: whole.subarray(0, length), expected };
  });
}
