// A testbed as plain data: hosts (namespaces) and the wires (veth pairs) between them.

/** One end of a wire: an interface in a host. */
export interface EndSpec {
  readonly host: string;
  /** Interface name, 1 to 15 characters. */
  readonly device: string;
  /** e.g. `02:72:73:00:00:01` */
  readonly mac: string;
  /** Addresses with prefix length, e.g. `10.0.0.1/24`. */
  readonly addresses: readonly string[];
}

/** A veth pair. */
export interface WireSpec {
  readonly a: EndSpec;
  readonly b: EndSpec;
  /** Receive and transmit queues of each end, 1 or more. */
  readonly queues: number;
  /** Largest IP packet in bytes, 68 to 9000. */
  readonly mtu: number;
  /** Segmentation and checksum offloads on both ends. Off, a frame on the wire is what a program sees. */
  readonly offloads: boolean;
}

export interface TestbedSpec {
  readonly hosts: readonly string[];
  readonly wires: readonly WireSpec[];
}

/** What may differ in the course's usual testbed. */
export interface TwoHostsOptions {
  readonly queues?: number;
  readonly mtu?: number;
  readonly offloads?: boolean;
  /** Adds fd00::1 and fd00::2. Off, because an IPv6 address announces itself: frames of 90 bytes that nobody counted on. */
  readonly ipv6?: boolean;
}

/**
 * The course's usual testbed: hosts `a` and `b` with one wire, `veth-a` 10.0.0.1 to `veth-b` 10.0.0.2, and
 * nothing on it that the lab did not send.
 */
export function twoHosts({
  queues = 1,
  mtu = 1500,
  offloads = false,
  ipv6 = false,
}: TwoHostsOptions = {}): TestbedSpec {
  const end = (host: string, number: number): EndSpec => ({
    host,
    device: `veth-${host}`,
    mac: `02:72:73:00:00:0${number}`,
    addresses: ipv6 ? [`10.0.0.${number}/24`, `fd00::${number}/64`] : [`10.0.0.${number}/24`],
  });
  return { hosts: ["a", "b"], wires: [{ a: end("a", 1), b: end("b", 2), queues, mtu, offloads }] };
}

/** @throws RangeError for what no kernel would take, before anything is made. */
export function checkSpec(spec: TestbedSpec): void {
  for (const host of spec.hosts) {
    if (!/^[0-9a-z]{1,16}$/.test(host))
      refuse(`host "${host}"`, "a name is 1 to 16 small letters and digits");
  }
  if (new Set(spec.hosts).size < spec.hosts.length) refuse(spec.hosts.join(", "), "two hosts have one name");
  const seen = new Set<string>();
  for (const wire of spec.wires) {
    if (!(Number.isInteger(wire.queues) && wire.queues >= 1))
      refuse(`${wire.queues} queues`, "a wire has 1 or more");
    for (const end of [wire.a, wire.b]) {
      if (!spec.hosts.includes(end.host)) refuse(end.device, `there is no host "${end.host}"`);
      if (!/^[^\s/]{1,15}$/.test(end.device))
        refuse(`"${end.device}"`, "an interface name has 1 to 15 characters");
      const key = `${end.host}/${end.device}`;
      if (seen.has(key)) refuse(end.device, `host ${end.host} has an interface of that name already`);
      seen.add(key);
    }
  }
}

function refuse(what: string, why: string): never {
  throw new RangeError(`Cannot plan a testbed with ${what}: ${why} -> start from twoHosts()`);
}
