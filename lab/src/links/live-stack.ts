// Everything that must be in place before our stack speaks with a kernel's: a wire, on its far end the XDP
// program that hands every packet to us instead of to that host's kernel, a socket, and the stack on it.
import { Testbed, twoHosts } from "../net/index.js";
import { type FrameLink, Stack, type StackSpec } from "../stack/index.js";
import { inNamespace } from "../sys/index.js";
import { attachXdp, loadXdp, openXdpSocketOn } from "../xdp/index.js";
import { machineClock } from "./machine-clock.js";
import { PacketLink } from "./packet-link.js";
import { XdpLink } from "./xdp-link.js";

/** How to build it. */
export interface LiveStackSpec extends Partial<Pick<StackSpec, "tcp" | "seed" | "address" | "sendsLater">> {
  /** How frames reach the stack; `afXdp` unless given. */
  readonly over?: "afXdp" | "packetMmap";
  readonly busyPoll?: boolean;
  /** Puts something between the link and the stack, e.g. a `TapLink`. */
  readonly wrap?: (link: FrameLink) => FrameLink;
  /** The host it takes the place of; `b` unless given. */
  readonly host?: string;
}

/** A stack in a host's place. */
export interface LiveStack {
  readonly testbed: Testbed;
  readonly stack: Stack;
  readonly link: XdpLink | PacketLink;
  /** Removes everything. A second call does nothing. */
  close(): void;
}

/** Slots of each ring, and twice as many frames. */
const RING_SIZE = 2048;

/**
 * Puts a stack of ours in the place of a host's kernel.
 *
 * @throws SysError EPERM without root
 */
export function openStackOn(testbed: Testbed, spec: LiveStackSpec = {}): Pick<LiveStack, "stack" | "link"> {
  const host = spec.host ?? "b";
  const end = testbed.end(host);
  const { mac, device, addresses } = end;
  const { mtu } = testbed.facts(host);
  const link =
    spec.over === "packetMmap"
      ? inNamespace(testbed.path(host), () => new PacketLink({ interfaceName: device, mac, mtu }))
      : openXdpLink(testbed, host, mtu, spec.busyPoll ?? false);
  testbed.own(link);
  const address = spec.address ?? addresses[0].split("/")[0];
  const { tcp, seed, sendsLater = false } = spec;
  const options = { sendsLater, ...(tcp && { tcp }), ...(seed !== undefined && { seed }) };
  return {
    link,
    stack: new Stack({ link: spec.wrap?.(link) ?? link, clock: machineClock, address, ...options }),
  };
}

function openXdpLink(testbed: Testbed, host: string, mtu: number, busyPoll: boolean): XdpLink {
  const program = loadXdp("xsk_redirect");
  attachXdp(testbed, host, program);
  const umem = { frameSize: 2048, frameCount: 2 * RING_SIZE };
  const socket = testbed.own(openXdpSocketOn(testbed, host, { ringSize: RING_SIZE, umem }));
  const link = new XdpLink({ socket, mac: testbed.end(host).mac, mtu, busyPoll });
  socket.attach(program.object.map("xsks"));
  return link;
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
