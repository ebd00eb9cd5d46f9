// AF_PACKET, what tcpdump used before it had a ring: a tap at the stack's door. Each frame has its skb already; the tap gets a
// clone of it, and one system call copies one frame to us. The stack goes on with the original as if nobody had looked.

import { ETHER_TYPE } from "../packet/index.js";
import { bindPacketSocket, close, interfaceIndex, openPacketSocket, packetDrops } from "../sys/index.js";
import { OneByOne, oneByOneTwin } from "./one-by-one.js";
import type { HopCount, PathOptions, Place, ThreadPath } from "./path.js";
import { setReceiveBuffer } from "./socket-queue.js";

function openHere({ device }: Place, packets: number): number {
  const fd = openPacketSocket();
  try {
    setReceiveBuffer(fd, packets);
    bindPacketSocket(fd, interfaceIndex(device), ETHER_TYPE.ipv4, device);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** Counts what found the buffer full. The kernel starts over each time it is asked, so the sum is kept here. */
function dropCounter(): (fd: number) => HopCount {
  let packets = 0;
  return (fd) => {
    packets += packetDrops(fd);
    return {
      hop: "socket buffer full",
      packets,
      next: "read more often, or make the buffer larger: SO_RCVBUF",
    };
  };
}

function open(place: Place, options: PathOptions): OneByOne {
  return new OneByOne(openHere(place, options.ringSize), "an AF_PACKET socket", options, dropCounter());
}

export const packetRecvmsg: ThreadPath = {
  ends: "thread",
  name: "packet-recvmsg",
  title: "AF_PACKET recvmsg",
  how: "a tap at the entrance of the stack queues a clone of each skb; we fetch one frame with one system call",
  needs: ["veth"],
  load: "frames",
  sees: "frame",
  copies: {
    count: 1,
    by: "the kernel, from the skb into our buffer (net/packet/af_packet.c, packet_recvmsg)",
  },
  open,
  openTwin: (place, options) => oneByOneTwin(open(place, options), options),
};
