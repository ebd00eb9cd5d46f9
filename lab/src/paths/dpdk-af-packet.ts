// DPDK over AF_PACKET's mapped ring: no system call a packet, and yet the kernel makes its skb of each one, and copies it into
// the ring, and DPDK copies it out of there.
import { installPort } from "./dpdk-port.js";
import type { ElsewherePath } from "./path.js";

export const dpdkAfPacket: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-af-packet",
  title: "DPDK testpmd, AF_PACKET",
  how: "testpmd's thread never sleeps: it looks at the mapped ring of an AF_PACKET socket, takes a burst, frees it, and looks again",
  needs: ["dpdk"],
  load: "frames",
  helper: "DPDK's process",
  sees: "frame",
  copies: {
    count: 2,
    by: "the kernel, from the skb into the ring (net/packet/af_packet.c, tpacket_rcv); DPDK, from the ring into its mbuf",
  },
  timedUntil: null, // testpmd frees a packet and tells nobody when; `dpdk-af-packet-forward` has a round trip
  install: (site) => installPort("net_af_packet", site),
};
