import { type EndSpec, Testbed, type TestbedSpec, twoHosts, type WireSpec } from "ringside/net";
import { describe, expect, test } from "vitest";

const usual = twoHosts();
const wire = usual.wires[0]!;
const withWire = (change: Partial<WireSpec>): TestbedSpec => ({ ...usual, wires: [{ ...wire, ...change }] });
const withEnd = (change: Partial<EndSpec>): TestbedSpec => withWire({ a: { ...wire.a, ...change } });

describe("a spec is refused before anything is made", () => {
  test.each<[string, TestbedSpec, string]>([
    ["no queue", withWire({ queues: 0 }), "with 0 queues: it takes 1 to 64"],
    ["an MTU below IPv4's least", withWire({ mtu: 67 }), "with 67 bytes of MTU: it takes 68 to 65535"],
    [
      "an interface name of 16 characters",
      withEnd({ device: "veth-abcdefghijk" }),
      "a name has 1 to 15 characters",
    ],
    ["an unknown host", withEnd({ host: "c" }), 'with interface veth-a: there is no host "c"'],
    [
      "an interface name twice in a host",
      { ...usual, wires: [wire, wire] },
      "host a has one of that name already",
    ],
    ["a host name twice", { ...usual, hosts: ["a", "b", "a"] }, "two of them have one name"],
    ["a host name with a dash", { ...usual, hosts: ["a-1"] }, "a name is 1 to 16 small letters and digits"],
    [
      "a multicast MAC address",
      withEnd({ mac: "01:00:5e:00:00:01" }),
      "six bytes in hex, the first one even",
    ],
    ["an address without prefix", withEnd({ addresses: ["10.0.0.1"] }), "it needs its prefix length"],
  ])("with %s", (_, spec, message) => {
    expect(() => Testbed.create(spec)).toThrow(RangeError);
    expect(() => Testbed.create(spec)).toThrow(`${message}`);
  });
});
