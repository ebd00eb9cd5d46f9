// Frames that no sound sender makes, one fault each: what a parser must survive and a verifier thinks of.

import { IPV4_FLAG, TCP_FLAG } from "ringside/packet";
import { cut, frame, inTime, IPV4, IPV6, patch, ports, randomSource } from "./common.mjs";

export function malformed() {
  const { below, data } = randomSource();
  const udp = (more = {}) => frame({ ipv4: IPV4.there, udp: ports, payload: data(40), ...more });
  const tcp = () =>
    frame({ ipv4: IPV4.there, tcp: { ...ports, options: [{ name: "mss", bytes: 1460 }], flags: TCP_FLAG.syn } });
  const frames = [
    patch(udp(), 14, 0x41), // IPv4 header of 1 word
    patch(udp(), 14, 0x4f), // of 15 words: options where UDP is
    patch(udp(), 14, 0x65), // version 6 behind IPv4's EtherType
    udp({ ipv4: { ...IPV4.there, totalLength: 12 } }), // shorter than its own header
    udp({ ipv4: { ...IPV4.there, totalLength: 1500 } }), // more than the frame holds
    udp({ ipv4: { ...IPV4.there, checksum: 0x0bad } }),
    udp({ udp: { ...ports, length: 4 } }), // less than UDP's header
    udp({ udp: { ...ports, length: 900 } }),
    udp({ udp: { ...ports, checksum: 0x0bad } }),
    udp({ ipv4: { ...IPV4.there, ttl: 0 } }),
    udp({ ipv4: { source: "10.0.0.2", destination: "10.0.0.2" } }), // to itself
    frame({ ipv4: { ...IPV4.there, protocol: 17, flags: IPV4_FLAG.moreFragments, fragmentOffset: 8191 }, payload: data(64) }), // ends behind byte 65 535
    patch(tcp(), 46, 0x20), // TCP header of 2 words
    patch(tcp(), 46, 0xf0), // of 15 words
    patch(tcp(), 54, 2, 1), // an option shorter than its own two bytes
    patch(tcp(), 47, 0x3f), // all six flags at once
    frame({ ipv4: IPV4.there, tcp: { ...ports, flags: 0 } }), // none
    patch(frame({ ipv6: IPV6.there, udp: ports, payload: data(20) }), 18, 0xff, 0xff), // IPv6 payload of 65 535
    frame({ ipv6: { ...IPV6.there, nextHeader: 0 }, payload: Uint8Array.of(17, 200, ...data(30)) }), // extension of 1608 bytes
    cut(udp(), 14), // nothing behind Ethernet
    cut(udp(), 33), // a byte short of IPv4
    cut(udp(), 41), // a byte short of UDP
    cut(tcp(), 53), // a byte short of TCP
    cut(udp({ vlan: [{ vlanId: 10 }] }), 17), // a byte short of the tag
    cut(frame({ ipv6: IPV6.there, udp: ports, payload: data(20) }), 53), // a byte short of IPv6
  ];
  return inTime(frames, () => 1_000 * (1 + below(50_000)));
}
