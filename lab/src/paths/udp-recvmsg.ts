// The UDP socket as every textbook has it: one system call a packet.
import { OneByOne, oneByOneTwin } from "./one-by-one.js";
import type { PathOptions, Place, ThreadPath } from "./path.js";
import { bufferDrops } from "./socket-queue.js";
import { openUdpSocket } from "./udp-socket.js";

function open(place: Place, options: PathOptions): OneByOne {
  return new OneByOne(openUdpSocket(place, options.ringSize), "a UDP socket", options, bufferDrops);
}

export const udpRecvmsg: ThreadPath = {
  ends: "thread",
  name: "udp-recvmsg",
  title: "UDP recvmsg",
  how: "the stack makes an skb of each frame, finds the socket, and queues it there; we fetch one packet with one system call",
  needs: ["veth"],
  load: "frames",
  sees: "payload",
  copies: { count: 1, by: "the kernel, from the skb into our buffer (net/ipv4/udp.c, udp_recvmsg)" },
  open,
  openTwin: (place, options) => oneByOneTwin(open(place, options), options),
};
