// DPDK sending back over AF_PACKET's two mapped rings: the slots of the one are not those of the other, so where AF_XDP's port hands
// on the buffer itself, DPDK copies from slot to mbuf and from mbuf to slot.
import { FRAME_IS_BACK, installWayBack } from "./dpdk-way-back.js";
import type { ElsewherePath } from "./path.js";

export const dpdkAfPacketForward: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-af-packet-forward",
  title: "DPDK testpmd, AF_PACKET, forward",
  how: "testpmd's thread takes a burst from AF_PACKET's receive ring, swaps the addresses, copies it into the transmit ring, and calls sendto once; a program at the far end counts",
  needs: ["dpdk", "nativeXdp"],
  load: "frames",
  helper: "DPDK's process",
  sees: "frame",
  timedUntil: FRAME_IS_BACK,
  copies: {
    count: 3,
    by: "the kernel, from the skb into the receive ring (net/packet/af_packet.c, tpacket_rcv); DPDK, from there into its mbuf and on into the transmit ring; the skb that leaves points into that",
  },
  install: (site) => installWayBack("net_af_packet", site),
};
