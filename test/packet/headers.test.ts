import fc from "fast-check";
import * as packet from "ringside/packet";
import { describe, expect, test } from "vitest";
import * as any from "./arbitraries.js";

interface Protocol {
  name: string;
  headers: fc.Arbitrary<object>;
  emit: (header: never, bytes: Uint8Array, start: number) => number;
  parse: (bytes: Uint8Array, start: number) => object;
  print: (header: never) => string;
  fields: Readonly<Record<string, packet.Field>>;
  view: packet.HeaderView;
}

const PROTOCOLS: Protocol[] = [
  {
    name: "Ethernet",
    headers: any.ethernet,
    emit: packet.emitEthernet,
    parse: packet.parseEthernet,
    print: packet.printEthernet,
    fields: packet.ETHERNET_FIELDS,
    view: new packet.EthernetView(),
  },
  {
    name: "VLAN",
    headers: any.vlan,
    emit: packet.emitVlan,
    parse: packet.parseVlan,
    print: packet.printVlan,
    fields: packet.VLAN_FIELDS,
    view: new packet.VlanView(),
  },
  {
    name: "ARP",
    headers: any.arp,
    emit: packet.emitArp,
    parse: packet.parseArp,
    print: packet.printArp,
    fields: packet.ARP_FIELDS,
    view: new packet.ArpView(),
  },
  {
    name: "IPv4",
    headers: any.ipv4,
    emit: packet.emitIpv4,
    parse: packet.parseIpv4,
    print: packet.printIpv4,
    fields: packet.IPV4_FIELDS,
    view: new packet.Ipv4View(),
  },
  {
    name: "IPv6",
    headers: any.ipv6,
    emit: packet.emitIpv6,
    parse: packet.parseIpv6,
    print: packet.printIpv6,
    fields: packet.IPV6_FIELDS,
    view: new packet.Ipv6View(),
  },
  {
    name: "ICMP",
    headers: any.icmp,
    emit: packet.emitIcmp,
    parse: packet.parseIcmp,
    print: packet.printIcmp,
    fields: packet.ICMP_FIELDS,
    view: new packet.IcmpView(),
  },
  {
    name: "UDP",
    headers: any.udp,
    emit: packet.emitUdp,
    parse: packet.parseUdp,
    print: packet.printUdp,
    fields: packet.UDP_FIELDS,
    view: new packet.UdpView(),
  },
  {
    name: "TCP",
    headers: any.tcp,
    emit: packet.emitTcp,
    parse: packet.parseTcp,
    print: packet.printTcp,
    fields: packet.TCP_FIELDS,
    view: new packet.TcpView(),
  },
];

describe.each(PROTOCOLS)("$name", ({ headers, emit, parse, print, fields, view }) => {
  test("reads back any header it wrote, at any offset, and touches no byte outside", () => {
    fc.assert(
      fc.property(headers, fc.nat(20), (header, start) => {
        const bytes = new Uint8Array(120).fill(0xee);
        const end = emit(header as never, bytes, start);
        expect(parse(bytes, start)).toEqual(header);
        expect(bytes.subarray(0, start).every((byte) => byte === 0xee)).toBe(true);
        expect(bytes.subarray(end).every((byte) => byte === 0xee)).toBe(true);
      }),
    );
  });

  test("writes every bit of its header, whatever stood there before", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const [zeros, ones] = [new Uint8Array(100), new Uint8Array(100).fill(255)];
        const end = emit(header as never, zeros, 0);
        emit(header as never, ones, 0);
        expect(ones.subarray(0, end)).toEqual(zeros.subarray(0, end));
      }),
    );
  });

  test("names the field that a frame is too short for, on reading and on writing", () => {
    fc.assert(
      fc.property(headers, fc.nat(5), (header, start) => {
        const whole = new Uint8Array(120);
        const end = emit(header as never, whole, start);
        for (let length = 0; length < end; length++) {
          expect(() => parse(whole.slice(0, length), start)).toThrow(packet.FieldError);
          expect(() => emit(header as never, new Uint8Array(length), start)).toThrow(packet.FieldError);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("shows the same values through its view, which copies nothing", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = new Uint8Array(100);
        emit(header as never, bytes, 3);
        view.at(bytes, 3);
        for (const key of Object.keys(fields)) {
          const seen = (view as unknown as Record<string, unknown>)[key];
          const wanted = (header as Record<string, unknown>)[key];
          if (typeof seen !== "number" || typeof wanted === "undefined") continue;
          const text = packet.fieldToText(bytes, 3, fields[key]);
          if (typeof wanted === "string") expect(text).toBe(wanted);
          else expect(seen).toBe(Number(wanted));
        }
      }),
    );
  });

  test("has a table whose fields overlap in no bit and leave none out", () => {
    const taken = new Set<number>();
    for (const { name, offset, length, shift, width } of Object.values(fields)) {
      const last = (offset + length) * 8 - shift;
      for (let bit = last - width; bit < last; bit++) {
        expect(taken.has(bit), `${name}, bit ${bit}`).toBe(false);
        taken.add(bit);
      }
    }
    expect(taken.size).toBe(Math.max(...taken) + 1);
    expect(taken.size % 8).toBe(0);
  });

  test("prints any header in one line", () => {
    fc.assert(
      fc.property(headers, (header) => {
        expect(print(header as never)).toMatch(/^[^\n]+$/);
      }),
    );
  });
});

test("what is read from a Buffer is a copy, although Buffer's own slice makes none", () => {
  const header = { ...fc.sample(any.ipv4, { seed: 1, numRuns: 1 })[0], options: Uint8Array.of(1, 1, 1, 0) };
  const bytes = Buffer.alloc(60);
  packet.emitIpv4(header, bytes);
  const { options } = packet.parseIpv4(bytes);
  bytes.fill(255);
  expect(options).toEqual(Uint8Array.of(1, 1, 1, 0));
});

describe("headers that cannot be", () => {
  const bytes = new Uint8Array(60);

  test("are refused with the field, the byte and the cause", () => {
    const udp = new packet.UdpView(new Uint8Array(36), 34);
    expect(() => udp.length).toThrow(
      "Cannot read field udp.length at byte 38: frame has 36 bytes; the field ends at byte 40 -> compare with frame.length first",
    );
    expect(() => packet.parseUdp(bytes)).toThrow(
      "udp.length at byte 4: it says 0 bytes; the header alone has 8",
    );
    expect(() => packet.parseIpv4(bytes)).toThrow("ipv4.version at byte 0: it says 0, not 4");
    expect(() => packet.parseIpv4(Uint8Array.of(0x44, ...bytes))).toThrow(
      "ipv4.headerWords at byte 0: it says 4 words",
    );
    expect(() => packet.parseIpv4(Uint8Array.of(0x45, 0, 0, 19, ...bytes))).toThrow(
      "ipv4.totalLength at byte 2",
    );
    expect(() => packet.parseIpv6(bytes)).toThrow("ipv6.version at byte 0: it says 0, not 6");
    expect(() => packet.parseTcp(bytes)).toThrow("tcp.headerWords at byte 12: it says 0 words");
    expect(() => packet.parseArp(bytes)).toThrow("this packet is not about IPv4 over Ethernet");
  });

  test("are not written: a value too wide is refused with the range", () => {
    const write = (value: number) => () => packet.writeField(bytes, 0, packet.UDP_FIELDS.sourcePort, value);
    expect(write(65536)).toThrow(
      "Cannot write field udp.sourcePort at byte 0: 65536 is no whole number of 16 bits",
    );
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(write(value)).toThrow(packet.FieldError);
    expect(() => packet.writeField(bytes, 0, packet.VLAN_FIELDS.vlanId, 4096)).toThrow("try 0 to 4095");
  });

  test("have an option length of 0 or 1, which must not go round for ever", () => {
    for (const length of [0, 1, 9]) {
      const options = Uint8Array.of(2, length, 0, 0, 0, 0, 0, 0);
      expect(() => packet.walkOptions(options, 0, 8, "tcp")).toThrow(`option 2 says ${length} bytes; 2 to 8`);
    }
    expect(() => packet.walkOptions(Uint8Array.of(1, 1, 1, 2), 0, 4, "tcp")).toThrow(packet.FieldError);
  });
});

describe("walkIpv6Extensions", () => {
  test("finds UDP behind hop-by-hop options, authentication and destination options", () => {
    const chain = Uint8Array.of(
      51,
      0,
      1,
      4,
      0,
      0,
      0,
      0,
      60,
      4,
      ...new Uint8Array(22),
      17,
      1,
      ...new Uint8Array(14),
      0,
    );
    const found = packet.walkIpv6Extensions(chain, 0, chain.length, 0);
    expect(found.extensions.map(({ kind, length }) => [kind, length])).toEqual([
      [0, 8],
      [51, 24],
      [60, 16],
    ]);
    expect([found.protocol, found.offset]).toEqual([17, 48]);
  });

  test("stops at a later fragment, whose next bytes are no header", () => {
    const later = Uint8Array.of(17, 0, 0, 8, 0, 0, 0, 1);
    expect(packet.walkIpv6Extensions(later, 0, 8, 44)).toMatchObject({
      isFragment: true,
      isLaterFragment: true,
    });
    const atomic = Uint8Array.of(17, 0, 0, 0, 0, 0, 0, 1);
    expect(packet.walkIpv6Extensions(atomic, 0, 8, 44)).toMatchObject({
      isFragment: false,
      isLaterFragment: false,
    });
  });

  test("ends on any bytes, with an answer or a FieldError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(0, 43, 44, 51, 60), (bytes, next) => {
        try {
          expect(packet.walkIpv6Extensions(bytes, 0, bytes.length, next).offset).toBeLessThanOrEqual(
            bytes.length,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(packet.FieldError);
        }
      }),
    );
  });
});
