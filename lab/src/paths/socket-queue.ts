// The part that every path over a plain socket has: a receive buffer that holds as many packets as a ring would, a way to
// sleep until something is there, and the kernel's count of what found the buffer full.
import {
  EAGAIN,
  EINTR,
  getSocketOption,
  POLLIN,
  poll,
  SOL_SOCKET,
  setSocketOption,
  sysError,
} from "../sys/index.js";
import type { HopCount } from "./path.js";

const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const MEMINFO_BYTES = 36;
const MEMINFO_DROPS = 8;
/** What an injected packet takes of a receive buffer: its page and its skb. The kernel doubles what it is asked for. @source net/core/xdp.c, xdp_build_skb_from_frame */
const PACKET_TRUESIZE = 4096 + 512;

/** Makes a socket's buffer hold so many packets, above the limit of the machine. @source socket(7), SO_RCVBUFFORCE */
export function setReceiveBuffer(fd: number, packets: number): void {
  const value = Uint32Array.of((packets * PACKET_TRUESIZE) / 2);
  setSocketOption(
    fd,
    SOL_SOCKET,
    SO_RCVBUFFORCE,
    new Uint8Array(value.buffer),
    `receive buffer for ${packets} packets`,
  );
}

/** Packets that found the socket's buffer full since it was opened. @source include/uapi/linux/sock_diag.h, SK_MEMINFO_DROPS */
export function bufferDrops(fd: number): HopCount {
  const info = getSocketOption(fd, SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES, "the socket's memory");
  const packets = new DataView(info.buffer).getUint32(MEMINFO_DROPS * 4, true);
  return {
    hop: "socket buffer full",
    packets,
    next: "read more often, or make the buffer larger: SO_RCVBUF",
  };
}

/** Whether a call that failed only had nothing to give. @param result the negative error number @throws SysError for any other failure */
export function isEmpty(result: number, call: string, what: string): boolean {
  if (result === -EAGAIN || result === -EINTR) return true;
  throw sysError(call, `receive on ${what}`, -result);
}

/** Sleeps until a packet waits. @returns False after the time. */
export function waitForPacket(fd: number, waitMs: number): boolean {
  return poll(fd, POLLIN, waitMs) !== 0;
}
