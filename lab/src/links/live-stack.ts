// Everything that must be in place before our stack speaks with a kernel's: a wire, on its far end the XDP
// program that hands every packet to us instead of to that host's kernel, a socket, and the stack on it.
import { Testbed, twoHosts } from "../net/index.js";
import { inNamespace } from "../sys/index.js";
import { openStackHere, type PlacedStack, type StackHereSpec, type StackPlace } from "./stack-here.js";

/** How to build it. */
export interface LiveStackSpec extends StackHereSpec {
  /** Its address; the host's own unless given. */
  readonly address?: string;
  /** The host it takes the place of; `b` unless given. */
  readonly host?: string;
}

/** A stack in a host's place. */
export interface LiveStack extends PlacedStack {
  readonly testbed: Testbed;
}

/** What a thread must know to open a stack in a host's place. @param host of a testbed whose wires are up */
export function stackPlace(testbed: Testbed, host: string): StackPlace {
  const { device, mac, addresses } = testbed.end(host);
  return {
    interfaceName: device,
    mac,
    mtu: testbed.facts(host).mtu,
    address: addresses[0]!.split("/")[0]!,
  };
}

/**
 * Puts a stack of ours in the place of a host's kernel. The testbed closes it, if nobody did before.
 *
 * @throws SysError EPERM without root
 */
export function openStackOn(
  testbed: Testbed,
  { host = "b", address, ...spec }: LiveStackSpec = {},
): PlacedStack {
  const place = stackPlace(testbed, host);
  const own = address === undefined ? place : { ...place, address };
  return testbed.own(inNamespace(testbed.path(host), () => openStackHere(own, spec)));
}

/** Host a with a kernel, our stack in the place of host b's. @throws SysError EPERM without root */
export function openLiveStack(spec: LiveStackSpec = {}): LiveStack {
  const testbed = Testbed.create(twoHosts());
  try {
    return { testbed, ...openStackOn(testbed, spec), close: () => testbed.close() };
  } catch (error) {
    testbed.close();
    throw error;
  }
}
