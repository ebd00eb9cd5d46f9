// From the spec to the commands that make it so.
import type { EndSpec, WireSpec } from "./spec.js";

/** Makes a veth pair with each end born in its namespace: the host's own interface list never sees it. */
export function makeWire(wire: WireSpec, nameOf: (host: string) => string): string {
  const side = ({ device, mac, host }: EndSpec, kind: string): string =>
    `${kind} ${device} address ${mac} mtu ${wire.mtu} numrxqueues ${wire.queues} numtxqueues ${wire.queues} netns ${nameOf(host)}`;
  return `link add ${side(wire.a, "name")} type veth peer ${side(wire.b, "name")}`;
}

/**
 * sysctl's words that keep an end from talking by itself, before it is up. Without IPv6 nothing is ever sent. With an
 * IPv6 address the kernel announces it twice, up to a second apart; 1 ms gets that over with before the testbed is
 * handed out.
 */
export function quieten({ device, addresses }: EndSpec): string[] {
  const setting = addresses.some(isIpv6) ? "mldv2_unsolicited_report_interval=1" : "disable_ipv6=1";
  // -e: a kernel without IPv6 has no such setting, and needs none.
  return ["-e", "-q", "-w", `net.ipv6.conf.${device}.${setting}`];
}

/**
 * Sets up one end: no link-local address and so no router chatter; permanent neighbours, because a program that
 * drops everything drops ARP too.
 */
export function setUpEnd(own: EndSpec, peer: EndSpec): string[] {
  const dev = `dev ${own.device}`;
  return [
    `link set ${dev} addrgenmode none`,
    ...own.addresses.map((address) => `address add ${address} ${dev}${isIpv6(address) ? " nodad" : ""}`),
    `link set ${dev} up`,
    ...peer.addresses.map(
      (address) => `neighbour add ${address.split("/")[0]} lladdr ${peer.mac} ${dev} nud permanent`,
    ),
  ];
}

/**
 * ethtool's words for one end. GRO gives a veth the NAPI context without which frames that are redirected or injected
 * to it are lost without a word.
 */
export function setOffloads(device: string, offloads: boolean): string[] {
  const state = offloads ? "on" : "off";
  return ["-K", device, "gro", "on", "tso", state, "gso", state, "tx", state, "rx", state];
}

function isIpv6(address: string): boolean {
  return address.includes(":");
}
