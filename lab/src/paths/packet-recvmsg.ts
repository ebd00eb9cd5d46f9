// AF_PACKET, what tcpdump used before it had a ring: a tap at the stack's door. Each frame has its skb already; the tap gets a
// clone of it, and one system call copies one frame to us. The stack goes on with the original as if nobody had looked.

import { ETHER_TYPE } from "../packet/index.js";
import { AF_PACKET, bind, close, getSocketOption, interfaceIndex, SOCK_RAW, socket } from "../sys/index.js";
import { OneByOne, oneByOneTwin } from "./one-by-one.js";
import type { HopCount, PathOptions, Place, ThreadPath } from "./path.js";
import { setReceiveBuffer } from "./socket-queue.js";

const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const STATISTICS_BYTES = 8;

/** The protocol in network order, as socket(2) wants it. */
function wireOrder(etherType: number): number {
  return ((etherType & 0xff) << 8) | (etherType >> 8);
}

/** `struct sockaddr_ll` for IPv4 frames of one interface. @source packet(7) */
function packetAddress(device: string): Uint8Array {
  const address = new DataView(new ArrayBuffer(20));
  address.setUint16(0, AF_PACKET, true);
  address.setUint16(2, ETHER_TYPE.ipv4, false);
  address.setInt32(4, interfaceIndex(device), true);
  return new Uint8Array(address.buffer);
}

function openPacketSocket({ device }: Place, packets: number): number {
  const fd = socket(AF_PACKET, SOCK_RAW, wireOrder(ETHER_TYPE.ipv4));
  try {
    setReceiveBuffer(fd, packets);
    bind(fd, packetAddress(device), `AF_PACKET socket to ${device}`);
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
    const bytes = getSocketOption(
      fd,
      SOL_PACKET,
      PACKET_STATISTICS,
      STATISTICS_BYTES,
      "AF_PACKET statistics",
    );
    packets += new DataView(bytes.buffer).getUint32(4, true); // struct tpacket_stats, tp_drops
    return {
      hop: "socket buffer full",
      packets,
      next: "read more often, or make the buffer larger: SO_RCVBUF",
    };
  };
}

function open(place: Place, options: PathOptions): OneByOne {
  return new OneByOne(
    openPacketSocket(place, options.ringSize),
    "an AF_PACKET socket",
    options,
    dropCounter(),
  );
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
