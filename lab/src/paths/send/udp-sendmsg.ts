// The socket's own way out: for each packet one system call, one skb, headers built and a route looked up by the stack.
import { OneMessage } from "./one-message.js";
import type { SendPath, SendPlace } from "./sender.js";
import { openUdpOut } from "./udp-out.js";

const open = (place: SendPlace): OneMessage =>
  new OneMessage(openUdpOut(place), "a UDP socket", place.frames, false);

export const udpSendmsg: SendPath = {
  name: "udp-sendmsg",
  title: "UDP sendmsg",
  how: "one system call a packet: the stack copies the payload into a new skb, builds the headers, and hands it to the driver",
  needs: ["veth"],
  copies: { count: 1, by: "the kernel, from our buffer into the skb (net/ipv4/ip_output.c, ip_make_skb)" },
  open,
  openTwin: (place) => open(place).twin(),
};
