// Every sending path there is.
import { ioUringSend } from "./io-uring-send.js";
import { netmapTransmit } from "./netmap-transmit.js";
import { nodeDgramSend } from "./node-dgram-send.js";
import { packetMmapSend } from "./packet-mmap-send.js";
import { packetSendmsg } from "./packet-sendmsg.js";
import type { SendPath, SendPathName } from "./sender.js";
import { udpSendmmsg } from "./udp-sendmmsg.js";
import { udpSendmsg } from "./udp-sendmsg.js";
import { xdpTransmit } from "./xdp-transmit.js";

/** From the most usual to the barest. */
export const sendPaths: readonly SendPath[] = [
  nodeDgramSend,
  udpSendmsg,
  udpSendmmsg,
  ioUringSend,
  packetSendmsg,
  packetMmapSend,
  netmapTransmit,
  xdpTransmit,
];

/** Finds a sending path by its name. @throws RangeError naming the paths there are. */
export function sendPathOf(name: SendPathName): SendPath {
  const found = sendPaths.find((path) => path.name === name);
  if (found) return found;
  throw new RangeError(
    `Cannot find sending path ${name} -> there are ${sendPaths.map((path) => path.name).join(", ")}`,
  );
}
