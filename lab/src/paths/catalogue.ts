// Every path there is, in the order in which a table shows them: from the most of the kernel to the least.

import { dpdkAfPacket } from "./dpdk-af-packet.js";
import { dpdkAfPacketForward } from "./dpdk-af-packet-forward.js";
import { dpdkAfXdp } from "./dpdk-af-xdp.js";
import { dpdkForward } from "./dpdk-forward.js";
import { dpdkNull } from "./dpdk-null.js";
import { ioUringMultishot } from "./io-uring-multishot.js";
import { ioUringSqpoll } from "./io-uring-sqpoll.js";
import { netmapForward } from "./netmap-forward.js";
import { netmapPort } from "./netmap-port.js";
import { nodeDgram } from "./node-dgram.js";
import { packetMmap } from "./packet-mmap.js";
import { packetRecvmsg } from "./packet-recvmsg.js";
import type { Path, PathName } from "./path.js";
import { udpRecvmmsg } from "./udp-recvmmsg.js";
import { udpRecvmsg } from "./udp-recvmsg.js";
import { xdpBusyPoll } from "./xdp-busy-poll.js";
import { xdpCpumap, xdpCpumapGeneric } from "./xdp-cpumap.js";
import { xdpDrop, xdpDropGeneric } from "./xdp-drop.js";
import { xdpForward } from "./xdp-forward.js";
import { xdpNeedWakeup, xdpNeedWakeupGeneric } from "./xdp-need-wakeup.js";
import { xdpPass, xdpPassGeneric } from "./xdp-pass.js";
import { xdpPoll } from "./xdp-poll.js";
import { xdpRedirect, xdpRedirectGeneric } from "./xdp-redirect.js";
import { xdpTx, xdpTxGeneric } from "./xdp-tx.js";

/** All paths. */
export const paths: readonly Path[] = [
  nodeDgram,
  udpRecvmsg,
  udpRecvmmsg,
  ioUringMultishot,
  ioUringSqpoll,
  packetRecvmsg,
  packetMmap,
  xdpNeedWakeupGeneric,
  xdpPoll,
  xdpNeedWakeup,
  xdpBusyPoll,
  xdpForward,
  netmapPort,
  netmapForward,
  dpdkAfPacket,
  dpdkAfXdp,
  dpdkAfPacketForward,
  dpdkForward,
  dpdkNull,
  xdpPassGeneric,
  xdpPass,
  xdpCpumapGeneric,
  xdpRedirectGeneric,
  xdpTxGeneric,
  xdpDropGeneric,
  xdpCpumap,
  xdpRedirect,
  xdpTx,
  xdpDrop,
];

/** @throws RangeError naming the paths there are. */
export function pathOf(name: PathName): Path {
  const found = paths.find((path) => path.name === name);
  if (found) return found;
  throw new RangeError(`Cannot find path ${name} -> there are ${paths.map((path) => path.name).join(", ")}`);
}
