// The mix that the course's programs meet: some of everything, sound and broken, in one small file.

import { buildFrame, ETHER_TYPE, IPV4_FLAG, TCP_FLAG } from "ringside/packet";
import {
  answerPorts,
  back,
  cut,
  frame,
  inTime,
  IPV4,
  IPV6,
  MAC,
  patch,
  ports,
  randomSource,
  there,
} from "./common.mjs";

const { below, data } = randomSource();
const udp = (payload, more = {}) =>
  frame({ ipv4: { ...IPV4.there, identification: below(65536) }, udp: ports, payload, ...more });

function arpAndPing() {
  const ask = {
    operation: 1,
    senderMac: MAC.a,
    senderIp: "10.0.0.1",
    targetMac: "00:00:00:00:00:00",
    targetIp: "10.0.0.2",
  };
  const answer = {
    operation: 2,
    senderMac: MAC.b,
    senderIp: "10.0.0.2",
    targetMac: MAC.a,
    targetIp: "10.0.0.1",
  };
  const frames = [
    frame({ ethernet: { source: MAC.a, destination: MAC.all }, arp: ask }),
    frame({ ethernet: back, arp: answer }),
  ];
  for (const sequence of [1, 2]) {
    const payload = data(56);
    const echo = { identifier: 7, sequence };
    frames.push(frame({ ipv4: IPV4.there, icmp: { type: 8, ...echo }, payload }));
    frames.push(frame({ ethernet: back, ipv4: IPV4.back, icmp: { type: 0, ...echo }, payload }));
  }
  return frames;
}

function udpOfAllSizes() {
  const sound = [0, 1, 18, 99, 512, 1472].map((length) => udp(data(length)));
  const withoutChecksum = udp(data(20), { udp: { ...ports, checksum: 0 } });
  const answer = frame({ ethernet: back, ipv4: IPV4.back, udp: answerPorts, payload: data(33) });
  return [...sound, withoutChecksum, answer];
}

function tcpConversation() {
  const { syn, ack, psh, fin, rst } = TCP_FLAG;
  const [x, y] = [below(2 ** 31), below(2 ** 31)];
  const clock = (value, echo) => [{ name: "nop" }, { name: "nop" }, { name: "timestamps", value, echo }];
  const opening = (value, echo) => [
    { name: "mss", bytes: 1460 },
    { name: "sackPermitted" },
    { name: "timestamps", value, echo },
    { name: "nop" },
    { name: "windowScale", shift: 7 },
  ];
  const a = (flags, sequence, acknowledgment, options, payload = "") =>
    frame({
      ipv4: IPV4.there,
      tcp: { ...ports, flags, sequence, acknowledgment, options, window: 501 },
      payload,
    });
  const b = (flags, sequence, acknowledgment, options, payload = "") =>
    frame({
      ethernet: back,
      ipv4: IPV4.back,
      tcp: { ...answerPorts, flags, sequence, acknowledgment, options, window: 509 },
      payload,
    });
  return [
    a(syn, x, 0, opening(1000, 0)),
    b(syn | ack, y, x + 1, opening(9000, 1000)),
    a(ack, x + 1, y + 1, clock(1001, 9000)),
    a(ack | psh, x + 1, y + 1, clock(1002, 9000), "hello, ring\n"),
    b(ack | psh, y + 1, x + 13, clock(9003, 1002), "hello, side\n"),
    a(fin | ack, x + 13, y + 13, clock(1004, 9003)),
    b(fin | ack, y + 13, x + 14, clock(9005, 1004)),
    a(ack, x + 14, y + 14, clock(1006, 9005)),
    b(rst, y + 14, 0, []),
  ];
}

function taggedFrames() {
  const qinq = [{ vlanId: 100, priority: 5 }, { vlanId: 10 }];
  return [
    udp(data(30), { vlan: [{ vlanId: 10, priority: 3 }] }),
    frame({ vlan: [{ vlanId: 4094, dropEligible: true }], ipv6: IPV6.there, udp: ports, payload: data(12) }),
    udp(data(40), { vlan: qinq }),
    frame({ vlan: qinq, ipv4: IPV4.there, icmp: { type: 8, identifier: 9, sequence: 1 }, payload: data(16) }),
  ];
}

function ipv6Frames() {
  const payload = data(24);
  const echo = { identifier: 11, sequence: 1 };
  const inside = buildFrame({ ethernet: there, ipv6: IPV6.there, udp: ports, payload: data(32) }).subarray(
    54,
  );
  const extended = (nextHeader, extension, segment) =>
    frame({ ipv6: { ...IPV6.there, nextHeader }, payload: Uint8Array.of(...extension, ...segment) });
  return [
    frame({ ipv6: { ...IPV6.there, flowLabel: 0x12345 }, udp: ports, payload }),
    frame({ ipv6: IPV6.there, tcp: { ...ports, flags: TCP_FLAG.syn, sequence: 1 } }),
    frame({ ipv6: IPV6.there, icmp: { type: 128, ...echo }, payload }),
    frame({ ethernet: back, ipv6: IPV6.back, icmp: { type: 129, ...echo }, payload }),
    extended(0, [17, 0, 1, 4, 0, 0, 0, 0], inside), // hop-by-hop options, padding inside
    extended(60, [17, 0, 1, 4, 0, 0, 0, 0], inside), // destination options
    extended(44, [17, 0, 0, 1, 0, 0, 0, 42], inside.subarray(0, 24)), // first fragment
    extended(44, [17, 0, 0, 24, 0, 0, 0, 42], inside.subarray(24)), // last fragment
  ];
}

function otherTypes() {
  const ethernet = (etherType) => ({ source: MAC.a, destination: "01:80:c2:00:00:0e", etherType });
  const lldp = [2, 7, 4, 2, 0, 0, 0, 0, 0x0a, 4, 3, 7, 0x76, 0x30, 6, 2, 0, 120, 0, 0];
  return [
    frame({ ethernet: ethernet(ETHER_TYPE.lldp), payload: Uint8Array.from(lldp) }),
    frame({ ethernet: ethernet(0x88b5), payload: data(46) }), // for local experiments
    frame({ ethernet: ethernet(38), payload: Uint8Array.of(0x42, 0x42, 3, ...new Uint8Array(35)) }), // 802.2, spanning tree
  ];
}

function fragmentsAndOptions() {
  const whole = buildFrame({ ethernet: there, ipv4: IPV4.there, udp: ports, payload: data(100) }).subarray(
    34,
  );
  const piece = (from, to, flags) =>
    frame({
      ipv4: { ...IPV4.there, identification: 77, protocol: 17, fragmentOffset: from / 8, flags },
      payload: whole.subarray(from, to),
    });
  const withOptions = (...options) =>
    udp(data(10), { ipv4: { ...IPV4.there, options: Uint8Array.from(options) } });
  return [
    piece(0, 48, IPV4_FLAG.moreFragments),
    piece(48, 96, IPV4_FLAG.moreFragments),
    piece(96, 108, 0),
    withOptions(0x94, 4, 0, 0), // router alert
    withOptions(7, 7, 4, 0, 0, 0, 0, 0), // record route, one slot, end of list
  ];
}

function brokenFrames() {
  const tcp = (at, value) => {
    const options = [{ name: "mss", bytes: 1460 }];
    return patch(frame({ ipv4: IPV4.there, tcp: { ...ports, options, flags: TCP_FLAG.syn } }), at, value);
  };
  return [
    patch(udp(data(20)), 14, 0x44), // IPv4 header of 4 words
    patch(udp(data(20)), 14, 0x55), // IP version 5
    udp(data(20), { ipv4: { ...IPV4.there, totalLength: 1000 } }), // announces more than there is
    udp(data(20), { ipv4: { ...IPV4.there, checksum: 0xdead } }),
    udp(data(20), { udp: { ...ports, length: 200 } }), // more than IP leaves
    udp(data(20), { udp: { ...ports, checksum: 0xdead } }),
    tcp(46, 0x30), // TCP header of 3 words
    tcp(55, 0), // a TCP option of length 0
    cut(udp(data(400)), 96),
    cut(udp(data(400)), 36), // inside the UDP header
    cut(udp(data(60), { vlan: [{ vlanId: 10 }] }), 16), // inside the VLAN tag
  ];
}

/** Frames of which hardly anything was captured: 0 to 13 bytes, never a whole Ethernet header. */
const runts = () => Array.from({ length: 14 }, (_, kept) => cut(udp(data(18)), kept));

/** All packets of the course's mix, in order, each some microseconds after the one before. */
export function courseMix() {
  const parts = [arpAndPing, udpOfAllSizes, tcpConversation, taggedFrames, ipv6Frames];
  parts.push(otherTypes, fragmentsAndOptions, brokenFrames, runts);
  return inTime(
    parts.flatMap((part) => part()),
    () => 1 + below(2_000_000),
  );
}
