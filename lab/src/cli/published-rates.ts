// What others published for the same ways, on network cards: to set beside a veth's figures, where the order may be the same and the
// distances cannot.
import type { PathName } from "../paths/index.js";
import type { PublishedValue } from "../plot/index.js";

/** Packets a second of one core, by the path that is nearest to what was measured. */
export const PUBLISHED_PPS: Partial<Record<PathName, PublishedValue>> = {
  "xdp-drop": { value: 24e6, source: "XDP, ConnectX-5, CoNEXT'18" },
  "xdp-redirect": { value: 8.65e6, source: "XDP, ConnectX-5, CoNEXT'18" },
  "dpdk-af-xdp": { value: 43.5e6, source: "DPDK's own driver, ConnectX-5, CoNEXT'18" },
  "xdp-need-wakeup": { value: 12.2e6, source: "AF_XDP zero-copy, ConnectX-5, 2019" },
  "xdp-forward": { value: 9.4e6, source: "AF_XDP zero-copy, ConnectX-5, 2019" },
  "netmap-port": { value: 14.88e6, source: "netmap, 10 GbE's line rate at 900 MHz, ATC'12" },
};

/** The same in a table, with what no path of ours stands for: what, how much, where. */
export const PUBLISHED_ROWS: readonly (readonly [string, string, string])[] = [
  ["XDP drop, one core", "24 Mpps", "Høiland-Jørgensen et al., CoNEXT 2018: 64 B, E5-1650v4, ConnectX-5"],
  ["DPDK drop, one core", "43.5 Mpps", "the same"],
  ["iptables raw drop, one core", "4.8 Mpps", "the same"],
  ["connection tracking before the drop, one core", "1.8 Mpps", "the same"],
  ["a program that does nothing, a packet", "13.3 ns", "the same"],
  ["XDP redirect, one core", "8.65 Mpps", "the same"],
  ["load balancer: Katran (XDP) and IPVS (stack), one core", "5.2 and 1.2 Mpps", "the same"],
  ["latency at 100 pps", "XDP 82 µs, DPDK 2 µs", "the same"],
  ["latency at 1 Mpps", "XDP 7 µs, DPDK 3 µs", "the same"],
  [
    "AF_XDP receive, transmit, forward, one stream",
    "12.2, 33.3, 9.4 Mpps",
    "Toukan and Mikityanskiy, AF_XDP in mlx5e, merged for Linux 5.3 in 2019: zero-copy, Xeon E5-2620 v3, ConnectX-5 Ex, retpolines off; with them 9.9, 21.3, 6.8",
  ],
  ["AF_XDP on a veth, 512 B", "0.829, then 1.045 Mpps", "before and after one copy was removed"],
  ["netmap", "14.88 Mpps", "Rizzo, ATC 2012: one core at 900 MHz, the line rate of 10 GbE"],
  [
    "ixy forward, one core at 3.3 GHz",
    "C 27.4, JavaScript 4.95 Mpps",
    "Emmerich et al., ANCS 2019: drivers in user space for 10 GbE cards, in several languages",
  ],
  ["ixy's p99 at 1 Mpps", "JavaScript 116 µs, C 3.9 µs", "the same"],
  ["one way from program to program", "IX 5.7 µs, Linux 24 µs", "Belay et al., OSDI 2014"],
  [
    "memcached GET in XDP (BMC), over its server alone",
    "× 18",
    "Ghigoff et al., NSDI 2021; by the paper's abstract",
  ],
  [
    "mTCP over Linux, small messages",
    "× 25",
    "Jeong et al., NSDI 2014: a stack in user space; by the paper's abstract",
  ],
  ["MegaPipe over Linux", "+29 % (long) to +582 % (short connections)", "OSDI 2012, by its abstract"],
  ["Affinity-Accept, Apache on 48 cores", "+24 %", "EuroSys 2012, by its abstract"],
  ["Fastsocket, 24 cores over one", "× 20.4", "ASPLOS 2016, by its abstract"],
  [
    "stacks in user space: Arrakis, Snap, Demikernel",
    "Redis at 9 times the rate; > 3 times the Gbit/s of a core; under 1 µs an I/O",
    "in this order, by their abstracts",
  ],
];

/** The table for a terminal: a line a row. */
export function publishedLines(): string[] {
  return PUBLISHED_ROWS.map(([what, figure, where]) => `${what}: ${figure} (${where})`);
}
