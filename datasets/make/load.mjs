// Two loads that packet processing is measured with: a mix of sizes, and as many of the smallest as a wire can carry.

import { frame, inTime, IPV4, ports, randomSource } from "./common.mjs";

const UDP_OVERHEAD = 14 + 20 + 8;
/** Frame lengths without the check sequence, and how many of each make a dozen. @source Spirent's "simple IMIX": 7 x 64, 4 x 594, 1 x 1518 */
const IMIX = [
  { length: 60, share: 7 },
  { length: 590, share: 4 },
  { length: 1514, share: 1 },
];

/** Four dozens of packets in an order that is random within each dozen, 10 µs apart. */
export function imix() {
  const { below, data } = randomSource();
  const dozen = IMIX.flatMap(({ length, share }) => Array(share).fill(length));
  const lengths = [0, 1, 2, 3].flatMap(() => {
    const left = [...dozen];
    return dozen.map(() => left.splice(below(left.length), 1)[0]);
  });
  const frames = lengths.map((length, identification) =>
    frame({ ipv4: { ...IPV4.there, identification }, udp: ports, payload: data(length - UDP_OVERHEAD) }),
  );
  return inTime(frames, () => 10_000);
}

/** 64 bytes with the check sequence, at 10 Gbit/s: one every 67.2 ns, which a clock of 1 ns shows as 67 or 68. */
export function minimumFlood() {
  const { below, data } = randomSource();
  const frames = Array.from({ length: 256 }, (_, identification) => {
    const source = `198.18.${below(256)}.${1 + below(254)}`; // RFC 2544's range for benchmarks
    const udp = { sourcePort: 1024 + below(64_000), destinationPort: 4242 };
    return frame({ ipv4: { source, destination: "198.19.0.2", identification }, udp, payload: data(18) });
  });
  let sent = 0;
  return inTime(frames, () => Math.floor(67.2 * ++sent) - Math.floor(67.2 * (sent - 1)));
}
