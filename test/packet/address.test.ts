import { isIPv6 } from "node:net";
import fc from "fast-check";
import { ipv4FromText, ipv4ToText, ipv6FromText, ipv6ToText, macFromText, macToText } from "ringside/packet";
import { describe, expect, test } from "vitest";
import { uint } from "./arbitraries.js";

describe("addresses", () => {
  test("survive the way to text and back", () => {
    fc.assert(
      fc.property(uint(48), uint(32), fc.uint8Array({ minLength: 16, maxLength: 16 }), (mac, ipv4, ipv6) => {
        expect(macFromText(macToText(mac))).toBe(mac);
        expect(ipv4FromText(ipv4ToText(ipv4))).toBe(ipv4);
        expect(ipv6FromText(ipv6ToText(ipv6))).toEqual(ipv6);
      }),
    );
  });

  test("write IPv6 in the one form of RFC 5952", () => {
    const cases = {
      "0:0:0:0:0:0:0:0": "::",
      "0:0:0:0:0:0:0:1": "::1",
      "2001:DB8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
      "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
      "1:0:0:2:0:0:0:3": "1:0:0:2::3",
      "fe80:0:0:0:0:0:0:0": "fe80::",
      "::ffff:10.0.0.1": "::ffff:a00:1",
    };
    for (const [text, canonical] of Object.entries(cases))
      expect(ipv6ToText(ipv6FromText(text))).toBe(canonical);
  });

  test("read as IPv6 exactly what Node.js takes for it, zones left aside", () => {
    const piece = fc.constantFrom("", ":", "::", "0", "1", "fe80", "12345", "g", "10.0.0.1", "1.2.3");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), fc.constantFrom(":", ""), (pieces, joint) => {
        const text = pieces.join(joint);
        let isRead = true;
        try {
          ipv6FromText(text);
        } catch {
          isRead = false;
        }
        expect(isRead, text).toBe(isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("say what an address should look like", () => {
    expect(() => macFromText("2:0:0:0:0:1")).toThrow('Cannot read MAC address "2:0:0:0:0:1"');
    for (const text of ["", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.1 ", "0x0a.0.0.1"]) {
      expect(() => ipv4FromText(text), text).toThrow('try "10.0.0.1"');
    }
    for (const text of ["", ":", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7:8:9"]) {
      expect(() => ipv6FromText(text), text).toThrow(RangeError);
    }
  });
});
