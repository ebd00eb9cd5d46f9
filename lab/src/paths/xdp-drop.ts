// The shortest path there is: the packet ends where the driver meets it. Whatever another path costs more than this one, it
// pays for what it does with the packet.
import type { ElsewherePath } from "./path.js";
import { verdictPaths } from "./verdict-path.js";

const [native, generic] = verdictPaths({
  ending: "drop",
  title: "XDP_DROP",
  how: "an XDP program counts each packet and drops it",
  timedUntil: "the program sees the packet, which ends there",
});
export const xdpDrop: ElsewherePath = native;
export const xdpDropGeneric: ElsewherePath = generic;
