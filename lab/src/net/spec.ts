// A testbed as plain data: hosts (namespaces) and the wires (veth pairs) between them.

/** More make no sense: queue = CPU % queues. */
const MAX_QUEUES = 64;

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
  /** Receive and transmit queues of each end, 1 to 64. A frame comes in on queue `cpu % queues` of the CPU that sent it. */
  readonly queues: number;
  /** Largest IP packet in bytes, 68 to 65535; a native XDP program takes 3506 at most: a frame must fit a page. */
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

/** `twoHosts` with a second wire behind host b, from its `veth-out` to `veth-c` of host c. */
export function threeHosts(options: TwoHostsOptions = {}): TestbedSpec {
  const { hosts, wires } = twoHosts(options);
  const a = { host: "b", device: "veth-out", mac: "02:72:73:00:00:03", addresses: [] };
  const b = { host: "c", device: "veth-c", mac: "02:72:73:00:00:04", addresses: [] };
  return { hosts: [...hosts, "c"], wires: [...wires, { ...wires[0]!, a, b }] };
}

/** @throws RangeError for what no kernel would take, before anything is made. */
export function checkSpec({ hosts, wires }: TestbedSpec): void {
  for (const host of hosts) {
    if (!/^[0-9a-z]{1,16}$/.test(host))
      refuse(`host "${host}"`, "a name is 1 to 16 small letters and digits");
  }
  if (new Set(hosts).size < hosts.length) refuse(`hosts ${hosts.join(", ")}`, "two of them have one name");
  const seen = new Set<string>();
  for (const wire of wires) {
    checkWhole(wire.queues, 1, MAX_QUEUES, "queues");
    checkWhole(wire.mtu, 68, 65_535, "bytes of MTU");
    for (const end of [wire.a, wire.b]) checkEnd(end, hosts, seen);
  }
}

function checkEnd(
  { host, device, mac, addresses }: EndSpec,
  hosts: readonly string[],
  seen: Set<string>,
): void {
  if (!hosts.includes(host)) refuse(`interface ${device}`, `there is no host "${host}"`);
  if (!/^[^\s/:]{1,15}$/.test(device))
    refuse(`interface "${device}"`, "a name has 1 to 15 characters, no / and no :");
  if (seen.has(`${host}/${device}`))
    refuse(`interface ${device}`, `host ${host} has one of that name already`);
  seen.add(`${host}/${device}`);
  if (!/^([0-9a-f][02468ace])(:[0-9a-f]{2}){5}$/i.test(mac))
    refuse(`MAC address "${mac}"`, "it is six bytes in hex, the first one even");
  for (const address of addresses) {
    if (!/^[0-9a-f.:]+\/\d{1,3}$/i.test(address))
      refuse(`address "${address}"`, "it needs its prefix length, as in 10.0.0.1/24");
  }
}

function checkWhole(value: number, least: number, most: number, unit: string): void {
  if (!Number.isInteger(value) || value < least || value > most)
    refuse(`${value} ${unit}`, `it takes ${least} to ${most}`);
}

function refuse(what: string, why: string): never {
  throw new RangeError(`Cannot plan a testbed with ${what}: ${why} -> start from twoHosts()`);
}
