// From the spec to the commands that make it so.
import type { EndSpec, WireSpec } from "./spec.js";

/** Makes a veth pair with each end born in its namespace: the host's own interface list never sees it. */
export function makeWire(wire: WireSpec, nameOf: (host: string) => string): string {
  const side = ({ device, mac, host }: EndSpec, kind: string): string =>
    `${kind} ${device} address ${mac} numrxqueues ${wire.queues} numtxqueues ${wire.queues} netns ${nameOf(host)}`;
  return `link add ${side(wire.a, "name")} type veth peer ${side(wire.b, "name")}`;
}

/**
 * Sets up one end. No link-local address and so no router or neighbour chatter on the wire; permanent neighbours,
 * because a program that drops everything drops ARP too.
 */
export function setUpEnd(own: EndSpec, peer: EndSpec, mtu: number): string[] {
  const dev = `dev ${own.device}`;
  return [
    `link set ${dev} addrgenmode none mtu ${mtu} up`,
    ...own.addresses.map(
      (address) => `address add ${address} ${dev}${address.includes(":") ? " nodad" : ""}`,
    ),
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
