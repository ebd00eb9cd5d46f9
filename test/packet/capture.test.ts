import fc from "fast-check";
import {
  type Capture,
  CaptureError,
  type CaptureFormat,
  type CapturePacket,
  type PacketToWrite,
  PCAPNG_BLOCK,
  pcapngBlock,
  readCapture,
  readPcap,
  writePcap,
  writePcapng,
} from "ringside/packet";
import { describe, expect, test } from "vitest";
import { packets } from "./arbitraries.js";

type Order = "big" | "little";
const ORDERS: Order[] = ["big", "little"];
const format: fc.Arbitrary<CaptureFormat> = fc.record({
  resolution: fc.constantFrom(1e6 as const, 1e9 as const),
  order: fc.constantFrom<Order>("big", "little"),
  linkType: fc.constantFrom(1, 101),
});
const WRITERS = { pcap: writePcap, pcapng: writePcapng };
const writer = fc.constantFrom<keyof typeof WRITERS>("pcap", "pcapng");
const packetOf = (timestampNs: bigint, ...bytes: number[]): PacketToWrite => ({
  timestampNs,
  bytes: Uint8Array.from(bytes),
});
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** What reading came to: the packets, and the error if there was one. */
async function outcome(read: () => Promise<Capture> | Capture) {
  const plain = ({ timestampNs, bytes, originalLength, linkType }: CapturePacket) =>
    [timestampNs, [...bytes], originalLength, linkType] as const;
  try {
    const capture = await read();
    return { packets: capture.packets.map(plain), error: null };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { packets: error.readable.map(plain), error: error.message };
  }
}

describe("readCapture", () => {
  test("gives back what was written, in either format, byte order and resolution", async () => {
    await fc.assert(
      fc.asyncProperty(packets, format, writer, async (written, how, kind) => {
        const capture = await readCapture(WRITERS[kind](written, how));
        const tick = how.resolution === 1e9 ? 1n : 1000n;
        expect(capture).toMatchObject({ format: kind, resolution: how.resolution, linkType: how.linkType });
        expect(capture.packets).toEqual(
          written.map((packet) => ({
            ...packet,
            timestampNs: packet.timestampNs - (packet.timestampNs % tick),
            linkType: how.linkType,
          })),
        );
      }),
    );
  });

  test("reads a stream of parts as it reads the whole", async () => {
    const file = writePcap([packetOf(5_000n, 1, 2, 3), packetOf(6_000n)]);
    async function* parts() {
      for (let at = 0; at < file.length; at += 7) yield file.subarray(at, at + 7);
    }
    expect(await readCapture(parts())).toEqual(await readCapture(file));
  });

  test("copies no packet", async () => {
    for (const write of Object.values(WRITERS)) {
      const file = write([packetOf(0n, 1, 2, 3)]);
      expect((await readCapture(file)).packets[0].bytes.buffer).toBe(file.buffer);
    }
  });

  test("leaves out what a link type field says of check sequences", async () => {
    const file = writePcap([], { order: "big", linkType: 0x2400_0001 });
    expect((await readCapture(file)).linkType).toBe(1);
  });
});

describe("pcap-parser and our own reader", () => {
  test("come to the same packets and the same error on any microsecond file, cut or overwritten", async () => {
    const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        packets,
        fc.constantFrom(...ORDERS),
        hits,
        fc.nat(),
        async (written, order, overwrites, end) => {
          const file = writePcap(written, { order });
          for (const [at, byte] of overwrites) file[at % file.length] = byte;
          const cut = file.subarray(0, end % 3 === 0 ? end % file.length : file.length);
          const ours = await outcome(() => readPcap(cut));
          if (cut.length >= 4 && cut[0] !== 0x0a) expect(await outcome(() => readCapture(cut))).toEqual(ours);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("pcapng", () => {
  const interfaceBlock = (order: Order, ...options: number[]) =>
    pcapngBlock(PCAPNG_BLOCK.interface, 8 + options.length, order, (body) => {
      body.putU16(1);
      body.putU16(0);
      body.putU32(96);
      body.put(Uint8Array.from(options));
    });
  const section = (order: Order) => writePcapng([], { order }).subarray(0, 28);
  const enhanced = (order: Order, ticks: bigint, ...bytes: number[]) =>
    pcapngBlock(PCAPNG_BLOCK.enhancedPacket, 20 + bytes.length, order, (body) => {
      body.putU32(0);
      body.putU32(Number(ticks >> 32n));
      body.putU32(Number(ticks & 0xffffffffn));
      body.putU32(bytes.length);
      body.putU32(bytes.length);
      body.put(Uint8Array.from(bytes));
    });
  const timeOf = async (...options: number[]) => {
    const file = join(section("big"), interfaceBlock("big", ...options), enhanced("big", 3n, 7));
    const { resolution, packets: read } = await readCapture(file);
    return [resolution, read[0].timestampNs];
  };

  test("may have sections of different byte order, each with interfaces of its own", async () => {
    const big = writePcapng([packetOf(1n, 1)], { order: "big", resolution: 1e9 });
    const little = writePcapng([packetOf(2000n, 2)], { order: "little", linkType: 101 });
    const { packets: read, linkType, resolution } = await readCapture(join(big, little, big));
    expect([linkType, resolution]).toEqual([1, 1e9]);
    expect(read.map((packet) => [packet.timestampNs, packet.bytes[0], packet.linkType])).toEqual([
      [1n, 1, 1],
      [2000n, 2, 101],
      [1n, 1, 1],
    ]);
  });

  test("counts time in microseconds unless told otherwise", async () => {
    expect(await timeOf()).toEqual([1e6, 3000n]);
  });

  test("counts time in powers of 10 or of 2, from any second on", async () => {
    expect(await timeOf(0, 9, 0, 1, 9, 0, 0, 0)).toEqual([1e9, 3n]);
    expect(await timeOf(0, 9, 0, 1, 0x81, 0, 0, 0)).toEqual([2, 1_500_000_000n]);
    expect(await timeOf(0, 9, 0, 1, 0xff, 0, 0, 0)).toEqual([2 ** 127, 0n]);
    expect(await timeOf(0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 2)).toEqual([1e6, 2_000_003_000n]);
    expect(await timeOf(0, 14, 0, 8, ...new Array(8).fill(255))).toEqual([1e6, -999_997_000n]);
  });

  test("keeps simple packets, which have no time, up to the snapshot length", async () => {
    const simple = pcapngBlock(PCAPNG_BLOCK.simplePacket, 4 + 96, "little", (body) => {
      body.putU32(1500);
      body.put(new Uint8Array(96).fill(5));
    });
    const { packets: read } = await readCapture(join(section("little"), interfaceBlock("little"), simple));
    expect(read).toMatchObject([
      { timestampNs: 0n, originalLength: 1500, bytes: new Uint8Array(96).fill(5) },
    ]);
  });

  test("keeps packets of the obsolete kind", async () => {
    const obsolete = pcapngBlock(PCAPNG_BLOCK.packet, 24, "big", (body) => {
      body.putU16(0);
      body.putU16(0xffff);
      body.putU32(0);
      body.putU32(3);
      body.putU32(4);
      body.putU32(60);
      body.put(Uint8Array.of(1, 2, 3, 4));
    });
    const { packets: read } = await readCapture(join(section("big"), interfaceBlock("big"), obsolete));
    expect(read).toMatchObject([
      { timestampNs: 3000n, originalLength: 60, bytes: Uint8Array.of(1, 2, 3, 4) },
    ]);
  });

  test("passes over name resolution and unknown blocks", async () => {
    const names = pcapngBlock(PCAPNG_BLOCK.nameResolution, 4, "big", () => {});
    const unknown = pcapngBlock(0x0bad, 10, "big", () => {});
    const file = join(section("big"), names, interfaceBlock("big"), unknown, enhanced("big", 1n, 9), names);
    expect((await readCapture(file)).packets).toHaveLength(1);
  });

  const good = (order: Order) => join(section(order), interfaceBlock(order), enhanced(order, 1n, 9, 9, 9, 9));
  const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const FAULTS: [name: string, tail: Uint8Array, message: string][] = [
    [
      "a block of length 0",
      Uint8Array.from([...u32(6), ...u32(0), ...u32(0)]),
      "a block of 0 bytes is announced",
    ],
    [
      "a block longer than the file",
      Uint8Array.from([...u32(6), ...u32(0xfffffffc), ...u32(0)]),
      "4294967292 bytes is announced",
    ],
    [
      "a block of a length not divisible by 4",
      Uint8Array.from([...u32(6), ...u32(13), ...u32(13), 0]),
      "a multiple of 4 from 12 to 13",
    ],
    [
      "two lengths that differ",
      Uint8Array.from([...u32(6), ...u32(12), ...u32(16)]),
      "12 bytes at its start, 16 at its end",
    ],
    ["a few bytes too many", Uint8Array.of(1, 2, 3), "3 bytes are left; a block has 12 or more"],
    ["a packet block without body", pcapngBlock(6, 0, "big", () => {}), "Cannot pass over 4 bytes"],
    [
      "a packet of no interface",
      pcapngBlock(6, 4, "big", (body) => body.putU32(8)),
      "names interface 8; its section describes 1",
    ],
    [
      "a packet longer than its block",
      pcapngBlock(6, 20, "big", (body) => {
        body.skip(12);
        body.putU32(0xffffffff);
      }),
      "a packet of 4294967295 bytes is announced; 0 bytes are left",
    ],
    [
      "a packet above the snapshot length",
      enhanced("big", 0n, ...new Uint8Array(97)),
      "keeps at most 96 of one",
    ],
    [
      "a section of neither order",
      pcapngBlock(PCAPNG_BLOCK.section, 16, "big", () => {}),
      "shows neither byte order",
    ],
    [
      "a section of version 2",
      pcapngBlock(PCAPNG_BLOCK.section, 16, "big", (body) => {
        body.putU32(0x1a2b3c4d);
        body.putU16(2);
      }),
      "it is pcapng 2.0",
    ],
    [
      "an option longer than its block",
      interfaceBlock("big", 0, 9, 255, 255),
      "Cannot pass over 65535 bytes",
    ],
  ];

  test.each(FAULTS)("with %s is refused once, with the packet before it", async (_, tail, message) => {
    const file = join(good("big"), tail);
    const error = await readCapture(file).catch((caught) => caught);
    expect(error).toBeInstanceOf(CaptureError);
    expect(error.message).toContain(message);
    expect(error.message).toContain(`Cannot read capture at byte ${good("big").length}: `);
    expect(error.message).toMatch(/the packet before it can be read -> use error.readable$/);
    expect(error.readable).toHaveLength(1);
  });

  test("without any interface is refused", async () => {
    await expect(readCapture(section("big"))).rejects.toThrow("the file describes no interface");
  });
});

describe("a capture file that is cut or hostile", () => {
  const three = [packetOf(1000n, 1, 1), packetOf(2000n), packetOf(3000n, 3, 3, 3)];
  const RECORD = 24 + 16 + 2;

  test("gives the packets before the cut, wherever it is cut", async () => {
    for (const resolution of [1e6, 1e9] as const) {
      for (const [kind, write] of Object.entries(WRITERS)) {
        const file = write(three, { resolution });
        const counts: number[] = [];
        for (let length = 0; length < file.length; length++) {
          const { packets: read } = await outcome(() => readCapture(file.subarray(0, length)));
          const before = three
            .slice(0, read.length)
            .map(({ timestampNs, bytes }) => [timestampNs, [...bytes]]);
          expect(
            read.map(([time, bytes]) => [time, bytes]),
            `${kind} cut at byte ${length}`,
          ).toEqual(before);
          counts.push(read.length);
        }
        expect(counts).toEqual([...counts].sort((a, b) => a - b));
        expect(counts.at(-1)).toBe(2);
      }
    }
  });

  test.each([1e6, 1e9] as const)(
    "of %d ticks a second is judged by length before anything is allocated",
    async (resolution) => {
      const file = writePcap(three, { resolution, order: "big" });
      file.set([255, 255, 255, 255], RECORD + 8);
      const error = await readCapture(file).catch((caught) => caught);
      expect(error).toBeInstanceOf(CaptureError);
      expect(error.message).toBe(
        "Cannot read capture at byte 42: a packet of 4294967295 bytes is announced; 19 bytes are left; " +
          "the packet before it can be read -> use error.readable",
      );
      expect(error.readable).toMatchObject([{ timestampNs: 1000n, bytes: Uint8Array.of(1, 1) }]);
      expect(error.byte).toBe(RECORD);
    },
  );

  test.each([1e6, 1e9] as const)(
    "of %d ticks a second may not keep more of a packet than it says",
    async (resolution) => {
      const file = writePcap(three, { resolution, order: "big" });
      file.set([0, 0, 0, 2], 16);
      const error = await readCapture(file).catch((caught) => caught);
      expect(error.message).toContain(
        "a packet of 3 bytes is announced; the file says it keeps at most 2 of one",
      );
      expect(error.readable).toHaveLength(2);
    },
  );

  test("is refused by name where it is no capture at all", async () => {
    const refusal = (bytes: Uint8Array) => expect(readCapture(bytes)).rejects;
    await refusal(new Uint8Array(0)).toThrow("the file has 0 bytes, too few to tell its kind");
    await refusal(new TextEncoder().encode("not a capture, but long enough")).toThrow(
      "belong to no pcap file",
    );
    await refusal(writePcap([]).subarray(0, 20)).toThrow("a pcap header alone has 24");
    const old = writePcap([], { order: "little" });
    old[6] = 3;
    await refusal(old).toThrow("it is pcap 2.3; only 2.4 is known");
  });

  test("is read or refused with CaptureError, whatever its bytes", async () => {
    const start = fc.constantFrom(
      [],
      [0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4],
      [0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0],
      [...writePcapng([])],
    );
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (head, tail) => {
        await outcome(() => readCapture(Uint8Array.of(...head, ...tail)));
      }),
      { numRuns: 2000 },
    );
  });

  test("is read or refused with CaptureError after any overwriting of a sound file", async () => {
    const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(packets, format, writer, hits, async (written, how, kind, overwrites) => {
        const file = WRITERS[kind](written, how);
        for (const [at, byte] of overwrites) file[at % file.length] = byte;
        await outcome(() => readCapture(file));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("writePcap and writePcapng", () => {
  test("refuse a packet that the file could not hold", () => {
    for (const write of Object.values(WRITERS)) {
      expect(() => write([packetOf(0n, 1, 2, 3)], { snapLength: 2 })).toThrow(
        "Cannot write packet 0 of 3 bytes: the file keeps at most 2 of one -> raise snapLength",
      );
      expect(() => write([packetOf(-1n)])).toThrow("Cannot write packet 0 at -1 ns");
      expect(() => write([packetOf(2n ** 32n * 1_000_000_000n)])).toThrow(RangeError);
    }
  });
});
