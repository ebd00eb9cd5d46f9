// Packets that programs are known to trip over: each kind whole, then cut behind every byte, then bytes at random that only
// begin like something.
import { buildFrame, type FrameSpec } from "ringside/packet";
import { seededRandom } from "ringside/stats";

const ethernet = { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
const ipv6 = { source: "fd00::1", destination: "fd00::2" };
const udp = { sourcePort: 5000, destinationPort: 7 };
const tcp = { sourcePort: 5000, destinationPort: 7 };
const make = (spec: Omit<FrameSpec, "ethernet">): Uint8Array => buildFrame({ ethernet, ...spec });

function patched(packet: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = packet.slice();
  copy.set(bytes, at);
  return copy;
}

/** IPv6 with extension headers between it and UDP: each as its kind and its length in units of 8 bytes. */
function extended(...extensions: readonly (readonly [kind: number, units: number])[]): Uint8Array {
  const plain = make({ ipv6, udp });
  const kinds = [...extensions.map(([kind]) => kind), 17];
  const chain = extensions.flatMap(([, units], i) => [
    kinds[i + 1]!,
    units - 1,
    ...new Array<number>(units * 8 - 2).fill(0),
  ]);
  const whole = Uint8Array.from([...plain.subarray(0, 54), ...chain, ...plain.subarray(54)]);
  return patched(whole, 20, kinds[0]!);
}

/** One packet of each kind. */
export const KINDS: Readonly<Record<string, Uint8Array>> = {
  "UDP over IPv4": make({ ipv4, udp, payload: new Uint8Array(8) }),
  "TCP over IPv4": make({ ipv4, tcp }),
  "IPv4 with options": make({ ipv4: { ...ipv4, options: new Uint8Array(40).fill(1) }, udp }),
  "first fragment": make({ ipv4: { ...ipv4, flags: 1 }, udp }),
  "later fragment": make({ ipv4: { ...ipv4, fragmentOffset: 185 }, payload: new Uint8Array(24) }),
  "IPv4 that says version 6": patched(make({ ipv4, udp }), 14, 0x65),
  "IPv4 with a header of 4 bytes": patched(make({ ipv4, udp }), 14, 0x41),
  VLAN: make({ vlan: [{ vlanId: 7 }], ipv4, udp }),
  "VLAN before ARP": patched(make({ vlan: [{ vlanId: 7 }], ipv4, udp }), 16, 0x08, 0x06),
  QinQ: make({ vlan: [{ vlanId: 7 }, { vlanId: 8 }], ipv4, udp }),
  "two customer tags": patched(make({ vlan: [{ vlanId: 7 }, { vlanId: 8 }], ipv4, udp }), 12, 0x81, 0x00),
  "VLAN before IPv6": make({ vlan: [{ vlanId: 7 }], ipv6, udp }),
  "UDP over IPv6": make({ ipv6, udp }),
  "TCP over IPv6": make({ ipv6, tcp }),
  "IPv6 that says version 4": patched(make({ ipv6, udp }), 14, 0x45),
  "one extension": extended([0, 1]),
  "a long extension": extended([60, 3]),
  "four extensions": extended([0, 1], [43, 2], [60, 1], [43, 1]),
  "five extensions": extended([0, 1], [43, 1], [60, 1], [43, 1], [60, 1]),
  "IPv6 fragment": extended([44, 1]),
  "an extension longer than the packet": patched(extended([0, 1]), 55, 255),
  "a length, not a type": patched(make({ ipv4, udp }), 12, 0x00, 0x2e),
  "nothing known": make({ payload: new Uint8Array(46) }),
};

/** Each kind whole and cut behind every byte, from none on; nothing but zeros, nothing but ones, and the longest. */
export function everyCut(): Uint8Array[] {
  const cuts = Object.values(KINDS).flatMap((packet) =>
    Array.from({ length: packet.length + 1 }, (_, length) => packet.slice(0, length)),
  );
  const plain = [14, 60, 3520].flatMap((length) => [
    new Uint8Array(length),
    new Uint8Array(length).fill(0xff),
  ]);
  return [...cuts, ...plain];
}

const BEGINNINGS = [[0x08, 0x00, 0x45], [0x86, 0xdd, 0x60], [0x81, 0x00], [0x88, 0xa8], [0x08, 0x06], []];

/** Bytes at random behind a known beginning. @param seed the same seed gives the same packets */
export function randomBytes(seed: number, count: number): Uint8Array[] {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: count }, () => {
    const packet = Uint8Array.from({ length: below(160) }, () => below(256));
    if (packet.length > 20) packet.set(BEGINNINGS[below(BEGINNINGS.length)]!, 12);
    // Small numbers make chains of headers that go on for a while.
    for (let at = 20; at < packet.length; at += 8)
      if (below(2) === 0) packet.set([[0, 43, 60, 17][below(4)]!, below(3)].slice(0, packet.length - at), at);
    return packet;
  });
}
