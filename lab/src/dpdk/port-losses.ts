// What was lost in front of a port. testpmd's drivers tell only a part of it; the kernel counts all of it, with the socket
// behind the port, and lends us that socket.
import { AF_PACKET, AF_XDP, borrowSockets, close, packetDrops } from "../sys/index.js";
import { readXskStatistics } from "../xdp/index.js";
import type { Testpmd } from "./testpmd.js";

/** Packets that one hop in front of the port lost. */
export interface PortLoss {
  readonly hop: string;
  readonly packets: number;
}

/** Reads the losses in front of a port, again and again. */
export interface PortLosses {
  /** Since it was opened. */
  read(): PortLoss[];
  close(): void;
}

/** Opens the kernel's counters behind a port. @throws SysError EPERM without root */
export function openPortLosses({ pid, spec }: Testpmd): PortLosses {
  if (spec.driver === "net_null") return { read: () => [], close: () => undefined };
  const isXdp = spec.driver === "net_af_xdp";
  const sockets = borrowSockets(pid, isXdp ? AF_XDP : AF_PACKET);
  const read = isXdp ? xdpLosses(sockets) : packetLosses(sockets);
  return { read, close: () => sockets.forEach(close) };
}

function xdpLosses(sockets: readonly number[]): () => PortLoss[] {
  return () => {
    const all = sockets.map(readXskStatistics);
    const sum = (name: "rxRingFull" | "rxDropped"): number =>
      all.reduce((total, one) => total + one[name], 0);
    return [
      { hop: "rx ring full", packets: sum("rxRingFull") },
      { hop: "no frame in the fill ring", packets: sum("rxDropped") },
    ];
  };
}

/** Reading sets these counters to 0, so they are added up here. */
function packetLosses(sockets: readonly number[]): () => PortLoss[] {
  let packets = 0;
  return () => {
    for (const fd of sockets) packets += packetDrops(fd);
    return [{ hop: "receive ring full", packets }];
  };
}
