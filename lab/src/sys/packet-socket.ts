// AF_PACKET sockets: every frame of an interface, as it is on the wire. What is here they have in common; how packets come
// out of one without a system call each is `packet-receiver.ts`, how they go in `packet-sender.ts`.
// @source packet(7); include/uapi/linux/if_packet.h, v6.18
import { SysError } from "../base/index.js";
import { AF_PACKET, bind, getSocketOption, SOCK_RAW, setSocketOption, socket } from "./socket.js";

export const SOL_PACKET = 263;
export const PACKET_RX_RING = 5;
export const PACKET_STATISTICS = 6;
export const PACKET_TX_RING = 13;
const PACKET_VERSION = 10;
const PACKET_IGNORE_OUTGOING = 23;

/** Versions of the ring's layout. */
export const TPACKET_V2 = 1;
export const TPACKET_V3 = 2;

/** Every protocol. */
export const ETH_P_ALL = 3;
const ADDRESS_BYTES = 20;
/** struct tpacket_stats. */
const STATISTICS_BYTES = 8;
const STATISTICS_DROPS_AT = 4;

/**
 * Opens an AF_PACKET socket that hears nothing before it is bound.
 *
 * @param version the layout of its ring, where it is to have one
 * @throws SysError EPERM without CAP_NET_RAW
 */
export function openPacketSocket(version?: number): number {
  const fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (version !== undefined) setPacketOption(fd, PACKET_VERSION, [version], "ring version");
  return fd;
}

/** Sets an option that is a row of 32-bit numbers in host order. */
export function setPacketOption(fd: number, name: number, words: readonly number[], what: string): void {
  setSocketOption(fd, SOL_PACKET, name, new Uint8Array(Uint32Array.from(words).buffer), what);
}

/** Keeps out frames that this machine sends. */
export function ignoreOutgoing(fd: number): void {
  setPacketOption(fd, PACKET_IGNORE_OUTGOING, [1], "a packet socket to incoming frames alone");
}

/**
 * Binds to an interface: from here on frames come.
 *
 * @param ifindex of the socket's own namespace
 * @param protocol EtherType in host order, `ETH_P_ALL`, or 0 to hear nothing
 */
export function bindPacketSocket(fd: number, ifindex: number, protocol: number, interfaceName: string): void {
  const address = new DataView(new ArrayBuffer(ADDRESS_BYTES));
  address.setUint16(0, AF_PACKET, true);
  address.setUint16(2, protocol, false);
  address.setUint32(4, ifindex, true);
  bind(fd, new Uint8Array(address.buffer), `packet socket to ${interfaceName}`);
}

/** Packets that found the socket's buffer full; the kernel starts over each time it is asked. @source packet(7), PACKET_STATISTICS */
export function packetDrops(fd: number): number {
  const bytes = getSocketOption(fd, SOL_PACKET, PACKET_STATISTICS, STATISTICS_BYTES, "AF_PACKET statistics");
  return new DataView(bytes.buffer).getUint32(STATISTICS_DROPS_AT, true);
}

/** Says what a refused ring most likely means. */
export function explainRing(error: unknown, wanted: string): unknown {
  if (!(error instanceof SysError) || (error.code !== "EINVAL" && error.code !== "ENOMEM")) return error;
  const next =
    error.code === "EINVAL"
      ? "make a block a multiple of 4096 bytes that holds whole frames"
      : "ask for fewer blocks";
  return new SysError(
    error.call,
    error.code,
    `Cannot make a packet ring of ${wanted}: ${error.code} -> ${next}`,
  );
}
