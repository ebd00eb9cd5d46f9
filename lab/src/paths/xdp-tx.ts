// Back out of the door it came in by, with the two MAC addresses swapped: what a load balancer on one interface does. A
// program at the far end counts what came back.
import type { ElsewherePath } from "./path.js";
import { verdictPaths } from "./verdict-path.js";

const [native, generic] = verdictPaths({
  ending: "tx",
  title: "XDP_TX",
  how: "an XDP program swaps the addresses of each packet and sends it back; a program at the far end counts and drops it",
  timedUntil: "a program on the injecting interface sees the packet come back: a round trip",
  genericCopies: {
    count: 1,
    by: "the veth at the far end, before its native program (drivers/net/veth.c, veth_convert_skb_to_xdp_buff)",
  },
  next: "send more slowly, and see that the far end polls: a program there, or GRO",
});
export const xdpTx: ElsewherePath = native;
export const xdpTxGeneric: ElsewherePath = generic;
