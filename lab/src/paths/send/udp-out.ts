// What the UDP senders have in common: a connected socket, so that no packet brings its address along, and calls that say in
// one place what a refusal means.
import {
  AF_INET,
  bind,
  close,
  connect,
  EAGAIN,
  EINTR,
  ENOBUFS,
  ipv4SocketAddress,
  SOCK_DGRAM,
  SOL_SOCKET,
  setSocketOption,
  socket,
  sysError,
} from "../../sys/index.js";
import type { SendPlace } from "./sender.js";

const SO_SNDBUFFORCE = 32;
/** Room for what a burst takes: a veth hands an skb on at once, so little ever waits. */
const BUFFER_BYTES = 4 << 20;

/**
 * Opens a UDP socket from the load's port to the same port of the far end.
 *
 * @param connects whether it remembers where to; else each packet brings the address along
 */
export function openUdpOut({ address, farAddress, port }: SendPlace, connects = true): number {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    const room = new Uint8Array(Uint32Array.of(BUFFER_BYTES).buffer);
    setSocketOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, room, "send buffer");
    bind(fd, ipv4SocketAddress(address, port), `UDP socket to ${address}:${port}`);
    if (connects) connect(fd, ipv4SocketAddress(farAddress, port), `UDP socket to ${farAddress}:${port}`);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Whether a call that failed only had no room at the moment. @param result the negative error number @throws SysError for any other failure */
export function isFull(result: number, call: string, what: string): boolean {
  if (result === -EAGAIN || result === -ENOBUFS || result === -EINTR) return true;
  throw sysError(call, `send by ${what}`, -result);
}
