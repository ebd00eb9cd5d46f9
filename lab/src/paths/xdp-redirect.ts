// On to another interface, as a router's fast path does. A program at the other end of that wire counts what came.
import type { ElsewherePath } from "./path.js";
import { verdictPaths } from "./verdict-path.js";

const [native, generic] = verdictPaths({
  ending: "redirect",
  title: "XDP_REDIRECT to a veth",
  how: "an XDP program sends each packet out of another interface (devmap); a program at its far end counts and drops it",
  timedUntil: "a program at the far end of the second wire sees the packet",
  genericCopies: {
    count: 1,
    by: "the veth at the far end, before its native program (drivers/net/veth.c, veth_convert_skb_to_xdp_buff)",
  },
  leadsOn: true,
  next: "send more slowly, and see that the far end polls: a program there, or GRO",
});
export const xdpRedirect: ElsewherePath = native;
export const xdpRedirectGeneric: ElsewherePath = generic;
