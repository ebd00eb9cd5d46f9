// A checksum that the kernel left to the hardware.
import { completeChecksum } from "ringside/links";
import { buildFrame, IP_PROTOCOL, ipv4PseudoSum } from "ringside/packet";
import { expect, test } from "vitest";

const ethernet = { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
const payload = Uint8Array.from({ length: 301 }, (_, index) => index);

/** The frame as the kernel leaves it: the pseudo-header's sum, folded, where the checksum belongs. */
function withoutChecksum(frame: Uint8Array, field: number): Uint8Array {
  const bytes = frame.slice();
  let sum = ipv4PseudoSum(bytes, 14, frame.length - 34);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  [bytes[34 + field], bytes[35 + field]] = [sum >> 8, sum & 0xff];
  return bytes;
}

test.each([
  ["TCP", buildFrame({ ethernet, ipv4, tcp: { sourcePort: 1, destinationPort: 2, flags: 16 }, payload }), 16],
  ["UDP", buildFrame({ ethernet, ipv4, udp: { sourcePort: 1, destinationPort: 2 }, payload }), 6],
])("%s gets the checksum that its sender would have written", (_name, frame, field) => {
  const bytes = withoutChecksum(frame, field);
  expect(bytes).not.toEqual(frame);
  completeChecksum(bytes, 0, bytes.length);
  expect(bytes).toEqual(frame);
});

test("what is cut off, or no segment, is left alone", () => {
  const frame = buildFrame({ ethernet, ipv4, udp: { sourcePort: 1, destinationPort: 2 }, payload });
  const other = frame.slice();
  other[23] = IP_PROTOCOL.icmp;
  for (const [bytes, end] of [
    [frame, frame.length - 1],
    [frame, 30],
    [other, other.length],
  ] as const) {
    const copy = bytes.slice();
    completeChecksum(copy, 0, end);
    expect(copy).toEqual(bytes);
  }
});
