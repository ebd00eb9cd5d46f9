// The same wire for ordinary UDP: a socket in one end's network namespace, bound to its interface, so that packets go out by the wire even
// where both ends are in one namespace and the other end's address is of this very machine.
import {
  AF_INET,
  bind,
  close,
  ipv4SocketAddress,
  patient,
  receive,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
  send,
  setSocketOption,
  socket,
} from "../sys/index.js";
import { atEnd, type RdmaEnd } from "./end.js";

const SO_BINDTODEVICE = 25;
const SO_RCVTIMEO = 20;
const UDP_PORT = 3636;
/** A lost datagram must not keep its reader for ever. */
const PATIENCE_MS = 10_000;

/** One end's socket. */
export interface WireSocket {
  /** Sends to the other end. One system call. */
  send(bytes: Uint8Array): void;
  /** Waits for a datagram, asleep. One system call. @returns Its length, `null` after ten seconds without one, more where patience is asked for. */
  receive(bytes: Uint8Array): number | null;
  close(): void;
}

/** Opens a socket of one end of an RDMA wire. @param own this end @param peer the other's address */
export function openWireSocket(own: RdmaEnd, peer: string): WireSocket {
  const fd = atEnd(own, () => socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  try {
    const device = new TextEncoder().encode(`${own.netdev}\0`);
    setSocketOption(fd, SOL_SOCKET, SO_BINDTODEVICE, device, `socket ${fd} to ${own.netdev}`);
    const patience = new Uint8Array(BigInt64Array.of(BigInt(patient(PATIENCE_MS)) / 1000n, 0n).buffer);
    setSocketOption(fd, SOL_SOCKET, SO_RCVTIMEO, patience, `the patience of socket ${fd}`);
    bind(fd, ipv4SocketAddress(own.address, UDP_PORT), `${own.address}:${UDP_PORT}`);
  } catch (error) {
    close(fd);
    throw error;
  }
  const to = ipv4SocketAddress(peer, UDP_PORT);
  return {
    send: (bytes) => void send(fd, bytes, to),
    receive: (bytes) => receive(fd, bytes),
    close: () => close(fd),
  };
}
