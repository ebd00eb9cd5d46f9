// The stack's own price: the program lets every packet through, the stack makes an skb of it, looks at its address, finds that
// it is nobody's, and drops it. No socket, no copy, no program that waits.
import type { ElsewherePath } from "./path.js";
import { verdictPaths } from "./verdict-path.js";

const [native, generic] = verdictPaths({
  ending: "pass",
  title: "XDP_PASS, dropped by the stack",
  how: "an XDP program counts each packet and passes it to the stack, which drops it",
  timedUntil: "the program sees the packet; what the stack does with it comes after",
});
export const xdpPass: ElsewherePath = native;
export const xdpPassGeneric: ElsewherePath = generic;
