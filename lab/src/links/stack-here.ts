// A stack of ours on an interface of the namespace that the calling thread is in. It takes plain data and no testbed, so that each
// end of a wire can have a thread of its own.
import { type FrameLink, Stack, type StackSpec } from "../stack/index.js";
import { attachXdpHere, loadXdp, openXdpSocket } from "../xdp/index.js";
import { machineClock } from "./machine-clock.js";
import { PacketLink } from "./packet-link.js";
import { XdpLink } from "./xdp-link.js";

/** Where the stack lives: what a thread must know of its interface. */
export interface StackPlace {
  readonly interfaceName: string;
  readonly mac: string;
  /** Largest IP packet in bytes. */
  readonly mtu: number;
  /** e.g. `10.0.0.2` */
  readonly address: string;
}

/** How to build it. */
export interface StackHereSpec extends Partial<Pick<StackSpec, "tcp" | "seed" | "sendsLater">> {
  /** How frames reach the stack; `afXdp` unless given. */
  readonly over?: "afXdp" | "packetMmap";
  readonly busyPoll?: boolean;
  /** Puts something between the link and the stack, e.g. a `TapLink`. */
  readonly wrap?: (link: FrameLink) => FrameLink;
}

/** A stack and the link under it. */
export interface PlacedStack {
  readonly stack: Stack;
  readonly link: XdpLink | PacketLink;
  /** Gives everything back. A second call does nothing. */
  close(): void;
}

/** Slots of each ring, and twice as many frames. */
const RING_SIZE = 2048;
/** In frames of 2048 bytes: 8 MiB for the buffers of connections, the same memory as the frames'. */
const SPARE_FRAMES = 4096;

/**
 * Opens a stack on an interface of the calling thread's namespace.
 *
 * @throws SysError EPERM without root; nothing stays open then
 */
export function openStackHere(place: StackPlace, spec: StackHereSpec = {}): PlacedStack {
  const owned: { close(): void }[] = [];
  const close = (): void => {
    for (const resource of owned.splice(0).reverse()) resource.close();
  };
  const own = <T extends { close(): void }>(resource: T): T => {
    owned.push(resource);
    return resource;
  };
  try {
    const link = own(
      spec.over === "packetMmap" ? new PacketLink(place) : openXdpLink(place, spec.busyPoll ?? false, own),
    );
    const { tcp, seed, sendsLater = false } = spec;
    const options = { sendsLater, ...(tcp && { tcp }), ...(seed !== undefined && { seed }) };
    const { address } = place;
    const stack = new Stack({ link: spec.wrap?.(link) ?? link, clock: machineClock, address, ...options });
    return { link, stack, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** What must be in place: the program that hands every packet to us, and a socket in its map. */
function openXdpLink(
  { interfaceName, mac, mtu }: StackPlace,
  busyPoll: boolean,
  own: <T extends { close(): void }>(resource: T) => T,
): XdpLink {
  const program = own(loadXdp("xsk_redirect"));
  own(attachXdpHere(program, interfaceName));
  const umem = { frameSize: 2048, frameCount: 2 * RING_SIZE + SPARE_FRAMES };
  const socket = own(openXdpSocket({ interfaceName, ringSize: RING_SIZE, umem }));
  const link = new XdpLink({ socket, frames: 2 * RING_SIZE, mac, mtu, busyPoll });
  socket.attach(program.object.map("xsks"));
  return link;
}
