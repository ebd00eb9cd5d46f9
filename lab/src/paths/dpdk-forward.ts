// DPDK sending back what it receives (testpmd's macswap): its AF_XDP port puts the received buffer itself into the tx ring. What
// counts is what arrives at the far end, not what testpmd says it sent.
import { FRAME_IS_BACK, installWayBack } from "./dpdk-way-back.js";
import type { ElsewherePath } from "./path.js";

export const dpdkForward: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-forward",
  title: "DPDK testpmd, AF_XDP, forward",
  how: "testpmd's thread takes a burst from AF_XDP's rx ring, swaps the addresses, and puts it into the tx ring; a program at the far end counts",
  needs: ["dpdk", "nativeXdp", "afXdpCopy"],
  load: "frames",
  helper: "DPDK's process",
  sees: "frame",
  timedUntil: FRAME_IS_BACK,
  copies: { count: 2, by: "the kernel, into DPDK's mbuf and out of it into an skb (net/xdp/xsk.c)" },
  install: (site) => installWayBack("net_af_xdp", site),
};
