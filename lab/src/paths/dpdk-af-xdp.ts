// DPDK over AF_XDP: the same rings and the same umem as ours, looked at by DPDK's burst loop. The kernel keeps the interface;
// a card whose driver is DPDK's own would have no kernel in between at all.
import { installPort } from "./dpdk-port.js";
import type { ElsewherePath } from "./path.js";

export const dpdkAfXdp: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-af-xdp",
  title: "DPDK testpmd, AF_XDP",
  how: "testpmd's thread never sleeps: it looks at AF_XDP's rx ring, takes a burst, frees it, and looks again; where it finds nothing its driver calls recvfrom",
  needs: ["dpdk", "nativeXdp", "afXdpCopy"],
  load: "frames",
  helper: "DPDK's process",
  sees: "frame",
  copies: {
    count: 1,
    by: "the kernel, from the driver's page into DPDK's mbuf (net/xdp/xsk.c, xsk_copy_xdp)",
  },
  timedUntil: null, // testpmd frees a packet and tells nobody when; `dpdk-forward` has a round trip
  install: (site) => installPort("net_af_xdp", site),
};
