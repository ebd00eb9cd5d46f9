// A UDP socket on the load's port.
import { AF_INET, bind, close, ipv4SocketAddress, SOCK_DGRAM, socket } from "../sys/index.js";
import type { Place } from "./path.js";
import { setReceiveBuffer } from "./socket-queue.js";

/** Opens and binds it. @param packets how many its buffer holds @throws SysError EADDRINUSE where the port is taken */
export function openUdpSocket({ address, port }: Place, packets: number): number {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    setReceiveBuffer(fd, packets);
    bind(fd, ipv4SocketAddress(address, port), `UDP socket to ${address}:${port}`);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
