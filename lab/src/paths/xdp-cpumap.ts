// On to another CPU: the first one only decides, a kernel thread on the other does the rest; here it counts and drops.
import type { ElsewherePath } from "./path.js";
import { verdictPaths } from "./verdict-path.js";

const [native, generic] = verdictPaths({
  ending: "cpumap",
  title: "XDP_REDIRECT to a CPU",
  how: "an XDP program puts each packet into the queue to another CPU (cpumap), where a program counts and drops it",
  timedUntil: "the program on the other CPU sees the packet",
  helper: "the kernel's thread on the other CPU",
  next: "send more slowly, or let that CPU do less for a packet",
});
export const xdpCpumap: ElsewherePath = native;
export const xdpCpumapGeneric: ElsewherePath = generic;
