import fc from "fast-check";
import { buildFrame, describeFrame, type FrameDescription } from "ringside/packet";
import { describe, expect, test } from "vitest";
import { frameSpec } from "./arbitraries.js";

const ethernet = { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
const udp = { sourcePort: 5000, destinationPort: 7 };

/** Every byte belongs to a field; two fields share a byte only if both say which bits are theirs. */
function expectFullCover({ fields, layers }: FrameDescription, length: number): void {
  const owners = Array.from({ length }, () => 0);
  let from = 0;
  for (const field of fields) {
    expect(field.offset).toBeGreaterThanOrEqual(from);
    expect(field.offset + field.length).toBeLessThanOrEqual(length);
    from = field.offset;
    for (let at = field.offset; at < field.offset + field.length; at++) {
      if (owners[at] > 0) expect(field.bits, `${field.name} at byte ${at}`).toBeDefined();
      owners[at]++;
    }
  }
  expect(owners.indexOf(0), "a byte that belongs to no field").toBe(-1);
  const covered = layers.reduce((sum, layer) => sum + layer.length, 0);
  expect(covered, "layers follow each other without gap").toBe(length);
}

describe("describeFrame", () => {
  test("says what a person would say", () => {
    const frame = buildFrame({ ethernet, vlan: [{ vlanId: 10 }], ipv4, udp, payload: "hello", padTo: 60 });
    expect(describeFrame(frame).text).toBe(
      [
        " byte  layer     frame of 60 bytes",
        "    0  ethernet  02:00:00:00:00:01 -> 02:00:00:00:00:02, VLAN (0x8100)",
        "   14  vlan      id 10, priority 0, IPv4 (0x0800)",
        "   18  ipv4      10.0.0.1 -> 10.0.0.2, UDP, ttl 64, 33 bytes, checksum right",
        "   38  udp       port 5000 -> 7, 13 bytes, checksum right",
        "   46  payload   5 bytes",
        "   51  padding   9 bytes",
      ].join("\n"),
    );
  });

  test("gives each field its place, for a picture of the bytes", () => {
    const { fields } = describeFrame(buildFrame({ ethernet, ipv4, udp, payload: "hello" }));
    expect(fields.find(({ name }) => name === "udp.length")).toEqual({
      name: "udp.length",
      offset: 38,
      length: 2,
      value: "13",
      layer: "udp",
    });
    expect(fields.find(({ name }) => name === "ipv4.headerWords")).toMatchObject({
      offset: 14,
      length: 1,
      value: "5",
      bits: { width: 4, shift: 0 },
    });
  });

  test("names the first field that a cut frame lacks, and who announced it", () => {
    const { problems, fields } = describeFrame(buildFrame({ ethernet, ipv4, udp }).subarray(0, 38));
    expect(problems).toEqual([
      "the IPv4 header announced 28 bytes; 24 are here",
      "Cannot read field udp.length at byte 38: frame has 38 bytes; the IPv4 header announced 28",
    ]);
    expect(fields.at(-1)).toMatchObject({ name: "udp.destinationPort", value: "7" });
  });

  test("does not take padding for a header that IP left no room for", () => {
    const frame = buildFrame({ ethernet, ipv4: { ...ipv4, protocol: 17 }, payload: "abcd", padTo: 60 });
    const { problems, layers } = describeFrame(frame);
    expect(problems).toEqual([
      "Cannot read field udp.length at byte 38: frame has 60 bytes; the IPv4 header announced 24",
    ]);
    expect(layers.at(-1)).toMatchObject({ name: "padding", offset: 38, length: 22 });
  });

  test("covers every byte at every length of any sound frame", () => {
    fc.assert(
      fc.property(frameSpec, (spec) => {
        const frame = buildFrame(spec);
        for (let length = 0; length <= frame.length; length++) {
          expectFullCover(describeFrame(frame.subarray(0, length)), length);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("covers every byte of a frame in which any bytes were overwritten", () => {
    const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(frameSpec, hits, (spec, overwrites) => {
        const frame = buildFrame(spec);
        for (const [at, byte] of overwrites) frame[at % frame.length] = byte;
        expectFullCover(describeFrame(frame), frame.length);
      }),
      { numRuns: 2000 },
    );
  });

  test("covers every byte of noise that claims to be IP", () => {
    const noise = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(noise, fc.constantFrom([8, 0, 0x45], [8, 0, 0x4f], [0x86, 0xdd, 0x60]), (bytes, type) => {
        const frame = Uint8Array.of(...new Uint8Array(12), ...type, ...bytes);
        expectFullCover(describeFrame(frame), frame.length);
      }),
      { numRuns: 2000 },
    );
  });
});
