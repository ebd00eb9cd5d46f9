// DPDK sending back what it receives (testpmd's macswap): its AF_XDP port puts the received buffer itself into the tx ring. What
// counts is what arrives at the far end, not what testpmd says it sent.
import { installPort } from "./dpdk-port.js";
import type { ElsewherePath } from "./path.js";
import { openWayBack } from "./way-back.js";

export const dpdkForward: ElsewherePath = {
  ends: "elsewhere",
  name: "dpdk-forward",
  title: "DPDK testpmd, forward",
  how: "testpmd's thread takes a burst from AF_XDP's rx ring, swaps the addresses, and puts it into the tx ring; a program at the far end counts",
  needs: ["dpdk", "nativeXdp", "afXdpCopy"],
  load: "frames",
  helper: "DPDK's process",
  sees: "frame",
  timedUntil: "a program on the injecting interface sees the frame come back: a round trip",
  copies: { count: 2, by: "the kernel, into DPDK's mbuf and out of it into an skb (net/xdp/xsk.c)" },
  async install(site) {
    const back = openWayBack(site.testbed, site.timed);
    const port = await installPort("net_af_xdp", site, "macswap");
    return {
      ...(back.times && { times: back.times }),
      counts: () => back.tally(),
      drops: () => [...port.drops(), ...back.drops()],
      wake: () => port.wake!(),
      rest: () => port.rest!(),
      worker: port.worker!,
      get ended() {
        return port.ended!;
      },
      close: () => port.close(),
    };
  },
};
