// What the kernel says of an interface, so that a result can say under which conditions it was measured.
import { CommandLog } from "./command.js";
import { tallyOf, type VethTally } from "./veth-counters.js";

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
  /** The driver's own counters, as `ethtool -S` shows them, of all queues together. */
  readonly driver: VethTally;
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
// @source include/uapi/linux/if_link.h, XDP_ATTACHED_DRV and XDP_ATTACHED_SKB
const MODES = { 1: "native", 2: "generic" } as Readonly<Record<number, "native" | "generic">>;

/** Reads everything; takes some 15 ms. @param path namespace file @param device interface name there */
export function linkFacts(path: string, device: string): LinkFacts {
  const log = new CommandLog();
  const inside = [`--net=${path}`];
  const [link] = JSON.parse(
    log.run("nsenter", ...inside, "ip", "-j", "-d", "-s", "link", "show", "dev", device),
  ) as [IpLink];
  const features = log.run("nsenter", ...inside, "ethtool", "-k", device);
  return {
    device,
    mtu: link.mtu,
    rxQueues: link.num_rx_queues ?? 1,
    xdp: link.xdp ? (MODES[link.xdp.mode] ?? "generic") : "none",
    rxPackets: link.stats64.rx.packets,
    txPackets: link.stats64.tx.packets,
    rxDropped: link.stats64.rx.dropped,
    txDropped: link.stats64.tx.dropped,
    driver: tallyOf(path, device),
    offloads: SHOWN.filter((name) => new RegExp(`^${name}: on`, "m").test(features)),
  };
}
