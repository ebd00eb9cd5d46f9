// What the kernel says of an interface, so that a result can say under which conditions it was measured.
import { execFileSync } from "node:child_process";
import type { Testbed } from "./testbed.js";

/** One interface as it is now. */
export interface LinkFacts {
  readonly device: string;
  readonly mtu: number;
  readonly rxQueues: number;
  /** `none`, or the mode read back from the kernel. */
  readonly xdp: "none" | "native" | "generic";
  readonly rxPackets: number;
  readonly txPackets: number;
  readonly rxDropped: number;
  readonly txDropped: number;
  /** Offloads that are on, by ethtool's names. */
  readonly offloads: readonly string[];
}

interface IpLink {
  readonly mtu: number;
  readonly num_rx_queues?: number;
  readonly xdp?: { readonly mode: number };
  readonly stats64: Record<"rx" | "tx", { readonly packets: number; readonly dropped: number }>;
}

const SHOWN = [
  "rx-checksumming",
  "tx-checksumming",
  "tcp-segmentation-offload",
  "generic-segmentation-offload",
  "generic-receive-offload",
];
const MODES = { 1: "native", 2: "generic" } as Readonly<Record<number, "native" | "generic">>;

function ask(testbed: Testbed, host: string, program: string, ...args: string[]): string {
  return execFileSync("nsenter", [`--net=${testbed.path(host)}`, program, ...args], { encoding: "utf8" });
}

/** Reads packet counters only: one process, for before and after. */
export function linkCounters(testbed: Testbed, device: string, host: string): IpLink {
  const [link] = JSON.parse(
    ask(testbed, host, "ip", "-j", "-d", "-s", "link", "show", "dev", device),
  ) as IpLink[];
  return link!;
}

/** Reads everything. */
export function linkFacts(testbed: Testbed, device: string, host: string): LinkFacts {
  const link = linkCounters(testbed, device, host);
  const features = ask(testbed, host, "ethtool", "-k", device);
  return {
    device,
    mtu: link.mtu,
    rxQueues: link.num_rx_queues ?? 1,
    xdp: link.xdp ? (MODES[link.xdp.mode] ?? "generic") : "none",
    rxPackets: link.stats64.rx.packets,
    txPackets: link.stats64.tx.packets,
    rxDropped: link.stats64.rx.dropped,
    txDropped: link.stats64.tx.dropped,
    offloads: SHOWN.filter((name) => new RegExp(`^${name}: on`, "m").test(features)),
  };
}
