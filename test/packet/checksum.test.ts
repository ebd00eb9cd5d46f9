import fc from "fast-check";
import {
  buildFrame,
  foldSum,
  internetChecksum,
  ipv4PseudoSum,
  ipv6PseudoSum,
  isChecksumRight,
  segmentChecksum,
  sumWords,
  updateChecksum,
} from "ringside/packet";
import { describe, expect, test } from "vitest";
import { ipv4Address, ipv6Address, uint } from "./arbitraries.js";

/** The checksum as RFC 1071 words it, one carry at a time: slow and plain. */
function naiveChecksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += bytes[i] * 256 + (i + 1 < bytes.length ? bytes[i + 1] : 0);
    if (sum > 0xffff) sum = sum - 0x10000 + 1;
  }
  return 0xffff - sum;
}

const octets = (max: number) => fc.uint8Array({ maxLength: max });

describe("internetChecksum", () => {
  test("computes the example of RFC 1071 section 3", () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(sumWords(bytes, 0, 8)).toBe(0x2ddf0);
    expect(foldSum(0x2ddf0)).toBe(0xddf2);
    expect(internetChecksum(bytes)).toBe(0x220d);
  });

  test("agrees with the plain definition on any bytes, also an odd number of them", () => {
    fc.assert(
      fc.property(octets(200), (bytes) => {
        expect(internetChecksum(bytes)).toBe(naiveChecksum([...bytes]));
      }),
    );
  });

  test("does not lose carries on a megabyte of ones", () => {
    const bytes = new Uint8Array(1 << 20).fill(0xff);
    expect(internetChecksum(bytes)).toBe(0);
  });

  test("sums alike wherever the bytes lie in memory, and though that memory ends in the middle of a word", () => {
    fc.assert(
      fc.property(octets(300), uint(3), uint(3), uint(2), (bytes, viewAt, start, behind) => {
        const memory = new Uint8Array(viewAt + start + bytes.length + behind).fill(0xa5);
        const view = memory.subarray(viewAt);
        view.set(bytes, start);
        const right = naiveChecksum([...bytes]);
        // A short piece is added up by words from the second time on that its memory is met.
        for (let time = 0; time < 3; time++)
          expect(internetChecksum(view, start, start + bytes.length)).toBe(right);
      }),
    );
  });

  test.each([65_532, 65_535, 65_536])("does not lose carries on %i bytes of ones", (length) => {
    const bytes = new Uint8Array(length).fill(0xff);
    expect(internetChecksum(bytes)).toBe(naiveChecksum([...bytes]));
  });

  test("sums in pieces what it sums at once, if all but the last are even", () => {
    fc.assert(
      fc.property(octets(99), octets(99), (head, tail) => {
        const even = head.subarray(0, head.length & ~1);
        const whole = Uint8Array.of(...even, ...tail);
        const pieces = sumWords(tail, 0, tail.length, sumWords(even, 0, even.length));
        expect(foldSum(pieces)).toBe(foldSum(sumWords(whole, 0, whole.length)));
      }),
    );
  });

  test("makes data that contain it right, and no longer right after any bit flips", () => {
    fc.assert(
      fc.property(octets(60), fc.nat(), (data, flip) => {
        const bytes = Uint8Array.of(0, 0, ...data);
        const checksum = internetChecksum(bytes);
        bytes.set([checksum >> 8, checksum & 255]);
        expect(isChecksumRight(bytes)).toBe(true);
        bytes[(flip >> 3) % bytes.length] ^= 1 << (flip & 7);
        expect(isChecksumRight(bytes)).toBe(false);
      }),
    );
  });
});

describe("updateChecksum", () => {
  test("gives the example of RFC 1624 section 4, where RFC 1141 is wrong", () => {
    expect(updateChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
  });

  test("gives what computing anew gives, for any word of any data", () => {
    fc.assert(
      fc.property(
        fc.array(uint(16), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        uint(16),
        (words, pick, newWord) => {
          // Data of nothing but zeros have two checksums that count as equal; a real header is never all zeros.
          const bytes = Uint8Array.from([0x45, 0, ...words.flatMap((word) => [word >> 8, word & 255])]);
          const before = internetChecksum(bytes);
          const index = pick % words.length;
          bytes.set([newWord >> 8, newWord & 255], 2 + index * 2);
          expect(updateChecksum(before, words[index], newWord)).toBe(internetChecksum(bytes));
        },
      ),
    );
  });
});

describe("pseudo headers", () => {
  const ethernet = { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" };
  const ports = { sourcePort: 5, destinationPort: 7 };

  test("of IPv4 sum addresses, protocol and length", () => {
    fc.assert(
      fc.property(ipv4Address, ipv4Address, octets(30), (source, destination, payload) => {
        const frame = buildFrame({ ethernet, ipv4: { source, destination }, udp: ports, payload });
        const length = 8 + payload.length;
        const pseudo = [...frame.subarray(26, 34), 0, 17, length >> 8, length & 255];
        const naive = naiveChecksum([...pseudo, ...frame.subarray(34)]);
        expect(naive).toBe(0);
        expect(isChecksumRight(frame, 34, frame.length, ipv4PseudoSum(frame, 14, length))).toBe(true);
      }),
    );
  });

  test("of IPv6 sum addresses, a length of 32 bits and the protocol", () => {
    fc.assert(
      fc.property(ipv6Address, ipv6Address, octets(30), (source, destination, payload) => {
        const frame = buildFrame({ ethernet, ipv6: { source, destination }, tcp: ports, payload });
        const length = 20 + payload.length;
        const pseudo = [...frame.subarray(22, 54), 0, 0, length >> 8, length & 255, 0, 0, 0, 6];
        expect(naiveChecksum([...pseudo, ...frame.subarray(54)])).toBe(0);
        expect(isChecksumRight(frame, 54, frame.length, ipv6PseudoSum(frame, 14, 6, length))).toBe(true);
      }),
    );
  });

  test("lead UDP to send 0xffff where the checksum is 0, and TCP to send 0", () => {
    const bytes = Uint8Array.of(0xff, 0xff);
    expect(segmentChecksum(bytes, 0, 2, 0, 17)).toBe(0xffff);
    expect(segmentChecksum(bytes, 0, 2, 0, 6)).toBe(0);
  });
});
