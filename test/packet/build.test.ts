import fc from "fast-check";
import { buildFrame, describeFrame, parseIpv4, parseTcp, parseUdp } from "ringside/packet";
import { describe, expect, test } from "vitest";
import { frameSpec } from "./arbitraries.js";

const ethernet = { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };
const ports = { sourcePort: 5000, destinationPort: 7 };

describe("buildFrame", () => {
  test("makes frames in which nothing is wrong", () => {
    fc.assert(
      fc.property(frameSpec, (spec) => {
        const { problems, layers } = describeFrame(buildFrame(spec));
        expect(problems).toEqual([]);
        const innermost = ["udp", "tcp", "icmp", "arp"].find((key) => key in spec);
        expect(layers.some(({ name }) => name.startsWith(innermost as string))).toBe(true);
      }),
    );
  });

  test("writes known bytes for a known frame", () => {
    const frame = buildFrame({ ethernet, ipv4, udp: ports, payload: "hello" });
    expect(Buffer.from(frame).toString("hex")).toBe(
      ["020000000002020000000001", "0800", "45000021000000004011", "66ca", "0a0000010a000002"].join("") +
        ["13880007000d", "9470", "68656c6c6f"].join(""),
    );
  });

  test("fills in lengths, and pads behind them", () => {
    const frame = buildFrame({ ethernet, ipv4, udp: ports, payload: "hi", padTo: 60 });
    expect(frame.length).toBe(60);
    expect(parseIpv4(frame, 14).totalLength).toBe(30);
    expect(parseUdp(frame, 34).length).toBe(10);
  });

  test("lets what the spec says stand, right or wrong", () => {
    const frame = buildFrame({
      ethernet: { ...ethernet, etherType: 0x0800 },
      ipv4: { ...ipv4, totalLength: 4000, checksum: 0xdead },
      tcp: { ...ports, checksum: 1 },
    });
    expect(parseIpv4(frame, 14)).toMatchObject({ totalLength: 4000, checksum: 0xdead });
    expect(parseTcp(frame, 34).checksum).toBe(1);
    expect(describeFrame(frame).problems).toContain("the IPv4 header checksum at byte 24 is wrong");
  });

  test("refuses a frame with two headers of one layer", () => {
    const build = () => buildFrame({ ethernet, ipv4, udp: ports, tcp: ports });
    expect(build).toThrow("Cannot build a frame with udp and tcp");
  });
});
