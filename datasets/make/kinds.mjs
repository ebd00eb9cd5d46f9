// One capture for each thing that a header walk gets wrong: tags, IPv6's chain of headers, fragments.

import { buildFrame, IPV4_FLAG, TCP_FLAG } from "ringside/packet";
import { answerPorts, back, frame, inTime, IPV4, IPV6, MAC, ports, randomSource, there } from "./common.mjs";

const spaced = (frames, below) => inTime(frames, () => 1_000 * (1 + below(50_000)));
/** A frame's bytes behind Ethernet and IP, to be cut up or put behind other headers. */
const segmentOf = (spec, headerBytes) => buildFrame({ ethernet: there, ...spec }).subarray(14 + headerBytes);

/** None, one and two tags; priority without a network; the reserved network 4095; ARP, ping and TCP behind tags. */
export function vlan() {
  const { below, data } = randomSource();
  const tagged = (vlan, payload) => frame({ vlan, ipv4: IPV4.there, udp: ports, payload });
  const qinq = [{ vlanId: 200, priority: 6 }, { vlanId: 10 }];
  const ask = { operation: 1, senderMac: MAC.a, senderIp: "10.0.0.1", targetMac: "00:00:00:00:00:00", targetIp: "10.0.0.2" };
  const ten = [{ vlanId: 10 }];
  return spaced(
    [
      frame({ ipv4: IPV4.there, udp: ports, payload: data(20) }),
      frame({ ethernet: { source: MAC.a, destination: MAC.all }, vlan: ten, arp: ask }),
      frame({ vlan: ten, ipv4: IPV4.there, icmp: { type: 8, identifier: 1, sequence: 1 }, payload: data(56) }),
      frame({ ethernet: back, vlan: ten, ipv4: IPV4.back, icmp: { type: 0, identifier: 1, sequence: 1 }, payload: data(56) }),
      tagged([{ vlanId: 0, priority: 7 }], data(24)),
      tagged([{ vlanId: 4094, dropEligible: true }], data(24)),
      tagged([{ vlanId: 4095 }], data(24)),
      frame({ vlan: ten, ipv4: IPV4.there, tcp: { ...ports, flags: TCP_FLAG.syn, sequence: below(2 ** 31) } }),
      frame({ vlan: ten, ipv6: IPV6.there, udp: ports, payload: data(24) }),
      tagged(qinq, data(32)),
      frame({ ethernet: back, vlan: qinq, ipv6: IPV6.back, udp: answerPorts, payload: data(32) }),
    ],
    below,
  );
}

/** Neighbour discovery, ping, UDP, TCP; flow label; each extension header that a filter has to step over. */
export function ipv6() {
  const { below, data } = randomSource();
  const inside = segmentOf({ ipv6: IPV6.there, udp: ports, payload: data(40) }, 40);
  const behind = (nextHeader, ...headers) =>
    frame({ ipv6: { ...IPV6.there, nextHeader }, payload: Uint8Array.of(...headers, ...inside) });
  const pad = [1, 4, 0, 0, 0, 0];
  const target = [0xfd, ...Array(14).fill(0), 2];
  const neighbour = (type, ethernet, ip, option, mac) =>
    frame({
      ethernet,
      ipv6: { ...ip, hopLimit: 255 },
      icmp: { type },
      payload: Uint8Array.of(...target, option, 1, 2, 0, 0, 0, 0, mac),
    });
  const multicast = { source: "fd00::1", destination: "ff02::1:ff00:2" };
  const echo = { identifier: 3, sequence: 1 };
  return spaced(
    [
      neighbour(135, { source: MAC.a, destination: "33:33:ff:00:00:02" }, multicast, 1, 0x0a),
      neighbour(136, back, IPV6.back, 2, 0x0b),
      frame({ ipv6: IPV6.there, icmp: { type: 128, ...echo }, payload: data(56) }),
      frame({ ethernet: back, ipv6: IPV6.back, icmp: { type: 129, ...echo }, payload: data(56) }),
      frame({ ipv6: { ...IPV6.there, flowLabel: below(2 ** 20), trafficClass: 0xb8 }, udp: ports, payload: data(40) }),
      frame({ ipv6: IPV6.there, tcp: { ...ports, flags: TCP_FLAG.syn, sequence: below(2 ** 31) } }),
      behind(0, 17, 0, ...pad), // hop-by-hop options
      behind(60, 17, 0, ...pad), // destination options
      behind(0, 60, 0, ...pad, 17, 0, ...pad), // both
      behind(44, 17, 0, 0, 0, 0, 0, 0, 9), // an atomic fragment: the header, and nothing cut off
    ],
    below,
  );
}

/** In order, backwards, with a hole, overlapping, too small to hold a port; and the same of IPv6. */
export function fragments() {
  const { below, data } = randomSource();
  let identification = 100;
  const pieces = (cuts, { lying = 0 } = {}) => {
    const whole = segmentOf({ ipv4: IPV4.there, udp: ports, payload: data(cuts.at(-1) - 8) }, 20);
    identification++;
    return cuts.slice(1).map((to, index) => {
      const from = cuts[index];
      const flags = to === cuts.at(-1) ? 0 : IPV4_FLAG.moreFragments;
      const fragmentOffset = (from - (index > 0 ? lying : 0)) / 8;
      return frame({
        ipv4: { ...IPV4.there, identification, protocol: 17, flags, fragmentOffset },
        payload: whole.subarray(from, to),
      });
    });
  };
  const six = segmentOf({ ipv6: IPV6.there, udp: ports, payload: data(1400) }, 40);
  const sixPiece = (from, to, more) =>
    frame({
      ipv6: { ...IPV6.there, nextHeader: 44 },
      payload: Uint8Array.of(17, 0, from >> 8, (from & 0xf8) | more, 0, 0, 0, 77, ...six.subarray(from, to)),
    });
  const holed = pieces([0, 64, 128, 172]);
  return spaced(
    [
      ...pieces([0, 480, 960, 1208]),
      ...pieces([0, 480, 960, 1208]).reverse(),
      holed[0],
      holed[2],
      ...pieces([0, 96, 140], { lying: 24 }), // the second begins inside the first
      ...pieces([0, 8, 68]), // the first holds a UDP header and no data
      sixPiece(0, 704, 1),
      sixPiece(704, six.length, 0),
    ],
    below,
  );
}
