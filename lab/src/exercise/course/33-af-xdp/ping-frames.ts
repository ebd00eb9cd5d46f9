// What arrives at a program that answers ping, and what a right answer to a ping looks like: the same bytes, with
// both pairs of addresses swapped, another type, and the checksum that belongs to it.
import {
  buildFrame,
  EthernetView,
  foldSum,
  ICMP_TYPE,
  IcmpView,
  Ipv4View,
  ipv4ToText,
  isChecksumRight,
  macToText,
} from "../../../packet/index.js";
import { mismatch, type Outcome } from "../../types.js";

/** Ethernet has 14 bytes, and IPv4 without options 20. */
const IPV4_AT = 14;
const ICMP_AT = 34;
/** Identifier, sequence and payload, which an answer repeats. */
const REPEATED_AT = 38;
/** The first word of the ICMP header goes from this to 0. */
const REQUEST_WORD = 0x0800;

const ethernet = { source: "02:72:73:00:00:01", destination: "02:72:73:00:00:02" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
/** 2048 is 0x0800: where ICMP has its type and code, this UDP packet has the same two bytes as a ping. */
const ports = { sourcePort: 2048, destinationPort: 7 };

/** A frame that arrives, and whether an answer is due. */
export interface Arrival {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly isPing: boolean;
}

/** The `sequence`-th echo request from host a to host b. @param payload odd lengths too */
export function pingOf(sequence: number, payload: Uint8Array = new Uint8Array(sequence + 16)): Arrival {
  const icmp = { type: ICMP_TYPE.echoRequest, code: 0, identifier: 0x2a, sequence };
  return { name: `ping ${sequence}`, frame: buildFrame({ ethernet, ipv4, icmp, payload }), isPing: true };
}

/** A ping whose checksum is 0xfc00: to add what the type loses gives a carry, which belongs back in at the low end. */
export function pingWithCarry(): Arrival {
  const { checksum } = new IcmpView(pingOf(1, new Uint8Array(2)).frame, ICMP_AT);
  const word = foldSum(checksum + (0xfc00 ^ 0xffff));
  return { ...pingOf(1, Uint8Array.of(word >> 8, word & 0xff)), name: "a ping with checksum 0xfc00" };
}

const other = (name: string, frame: Uint8Array): Arrival => ({ name, frame, isPing: false });
const icmp = { code: 0, identifier: 0x2a, sequence: 1 };
const arp = {
  operation: 1,
  senderMac: ethernet.source,
  senderIp: ipv4.source,
  targetMac: "00:00:00:00:00:00",
  targetIp: ipv4.destination,
};

/** Frames that no one waits an answer for. */
export const OTHERS: readonly Arrival[] = [
  other("an ARP question", buildFrame({ ethernet, arp, padTo: 60 })),
  other("a UDP packet", buildFrame({ ethernet, ipv4, udp: ports, payload: "not a ping" })),
  other("an answer to a ping", buildFrame({ ethernet, ipv4, icmp: { ...icmp, type: ICMP_TYPE.echoReply } })),
];

/** Compares what was sent with what a ping asks for. @returns null where it is a right answer. */
export function judgeReply(request: Uint8Array, reply: Uint8Array): Outcome | null {
  if (reply.length !== request.length)
    return mismatch(`an answer of ${request.length} bytes`, `sent ${reply.length} bytes`);
  if (reply.every((byte) => byte === 0))
    return mismatch("the packet to be sent", "sent what lies before it", "sends from the frame's start");
  return judgeEthernet(request, reply) ?? judgeIpv4(request, reply) ?? judgeIcmp(request, reply);
}

function judgeEthernet(request: Uint8Array, reply: Uint8Array): Outcome | null {
  const [asked, sent] = [new EthernetView(request), new EthernetView(reply)];
  if (sent.etherType !== asked.etherType)
    return mismatch("an Ethernet type that stays", "changed the Ethernet type");
  if (sent.destination === asked.source && sent.source === asked.destination) return null;
  const isKept = sent.destination === asked.destination && sent.source === asked.source;
  return mismatch(
    `an answer to ${macToText(asked.source)}, from ${macToText(asked.destination)}`,
    `sent it to ${macToText(sent.destination)}, from ${macToText(sent.source)}`,
    isKept ? "keeps the MAC addresses" : undefined,
  );
}

function judgeIpv4(request: Uint8Array, reply: Uint8Array): Outcome | null {
  const [asked, sent] = [new Ipv4View(request, IPV4_AT), new Ipv4View(reply, IPV4_AT)];
  if (sent.source !== asked.destination || sent.destination !== asked.source) {
    const isKept = sent.source === asked.source && sent.destination === asked.destination;
    return mismatch(
      `an answer from ${ipv4ToText(asked.destination)} to ${ipv4ToText(asked.source)}`,
      `sent it from ${ipv4ToText(sent.source)} to ${ipv4ToText(sent.destination)}`,
      isKept ? "keeps the IP addresses" : undefined,
    );
  }
  if (isChecksumRight(reply, IPV4_AT, ICMP_AT)) return null;
  return mismatch("an IPv4 header that adds up", "changed it, and its checksum is wrong now");
}

function judgeIcmp(request: Uint8Array, reply: Uint8Array): Outcome | null {
  const [asked, sent] = [new IcmpView(request, ICMP_AT), new IcmpView(reply, ICMP_AT)];
  if (sent.type !== ICMP_TYPE.echoReply)
    return mismatch("ICMP type 0, an echo reply", `sent type ${sent.type}`);
  if (reply.subarray(REPEATED_AT).some((byte, index) => byte !== request[REPEATED_AT + index]))
    return mismatch("identifier, sequence and payload as they came", "changed them");
  if (isChecksumRight(reply, ICMP_AT)) return null;
  const found = `0x${sent.checksum.toString(16).padStart(4, "0")}`;
  return mismatch(
    "a checksum with which the ICMP message adds up",
    `sent ${found}`,
    checksumMistake(asked.checksum, sent.checksum),
  );
}

function checksumMistake(before: number, now: number): string | undefined {
  if (now === before) return "mends no checksum";
  return now === ((before + REQUEST_WORD) & 0xffff) ? "forgets the carry" : undefined;
}
