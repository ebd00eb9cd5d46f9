// AF_PACKET sends the frame as we made it, headers and all: one system call a packet and one skb, but no routing and no UDP.
import { bindPacketSocket, interfaceIndex, openPacketSocket } from "../../sys/index.js";
import { OneMessage } from "./one-message.js";
import type { SendPath, SendPlace } from "./sender.js";

function open({ device, frames }: SendPlace): OneMessage {
  const fd = openPacketSocket();
  bindPacketSocket(fd, interfaceIndex(device), 0, device);
  return new OneMessage(fd, "an AF_PACKET socket", frames, true);
}

export const packetSendmsg: SendPath = {
  name: "packet-sendmsg",
  title: "AF_PACKET sendmsg",
  how: "one system call a frame: the kernel copies it into a new skb and hands that to the driver, past the stack",
  needs: ["veth"],
  copies: { count: 1, by: "the kernel, from our buffer into the skb (net/packet/af_packet.c, packet_snd)" },
  open,
  openTwin: (place) => open(place).twin(),
};
