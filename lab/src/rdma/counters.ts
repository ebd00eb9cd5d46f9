// What an RDMA device's driver counts, and what the interface below it counts. With soft-RoCE both are the kernel's.
import { readdirSync, readFileSync } from "node:fs";

/** Counted since the device was made. */
export interface RdmaCounters {
  /** Packets of the wire's interface, both ways. */
  readonly packets: { readonly sent: number; readonly received: number };
  /** The driver's own, by its names, e.g. `sent_pkts`, `rcvd_pkts`. @source drivers/infiniband/sw/rxe/rxe_hw_counters.c */
  readonly driver: Readonly<Record<string, number>>;
}

/** Reads the counters of a device and of its interface. */
export function portCounters({ device, netdev }: { device: string; netdev: string }): RdmaCounters {
  const folder = `/sys/class/infiniband/${device}/ports/1/hw_counters`;
  const names = readdirSync(folder).filter((name) => name !== "lifespan");
  const statistic = (name: string): number => numberIn(`/sys/class/net/${netdev}/statistics/${name}`);
  return {
    packets: { sent: statistic("tx_packets"), received: statistic("rx_packets") },
    driver: Object.fromEntries(names.map((name) => [name, numberIn(`${folder}/${name}`)])),
  };
}

function numberIn(file: string): number {
  return Number(readFileSync(file, "utf8"));
}
