// What an RDMA device's driver counts, and what the interface below it counts. With soft-RoCE both are the kernel's.
import { readdirSync, readFileSync } from "node:fs";
import { RDMA_DEVICES } from "../sys/index.js";
import { atEnd, type RdmaEnd } from "./end.js";

/** Counted since the device was made. */
export interface RdmaCounters {
  /** Packets of the wire's interface, both ways. */
  readonly packets: { readonly sent: number; readonly received: number };
  /** The driver's own, by its names, e.g. `sent_pkts`, `rcvd_pkts`. @source drivers/infiniband/sw/rxe/rxe_hw_counters.c */
  readonly driver: Readonly<Record<string, number>>;
}

/** Reads the counters of a device and of its interface. */
export function portCounters(end: RdmaEnd): RdmaCounters {
  const folder = `${RDMA_DEVICES}/${end.device}/ports/1/hw_counters`;
  const names = readdirSync(folder).filter((name) => name !== "lifespan");
  const table = atEnd(end, () => readFileSync("/proc/thread-self/net/dev", "utf8"));
  return {
    packets: packetsOf(table, end.netdev),
    driver: Object.fromEntries(names.map((name) => [name, numberIn(`${folder}/${name}`)])),
  };
}

/**
 * An interface's packets.
 *
 * @param table what proc(5) calls /proc/net/dev: a line each, the name, then 8 columns of what came in and 8 of what went out
 * @throws Error where it has no such interface
 */
export function packetsOf(table: string, netdev: string): RdmaCounters["packets"] {
  const line = table.split("\n").find((each) => each.trim().startsWith(`${netdev}:`));
  if (line === undefined)
    throw new Error(`Cannot read the packets of ${netdev}: it is gone -> make the wire again`);
  const columns = line
    .slice(line.indexOf(":") + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  return { sent: columns[9]!, received: columns[1]! };
}

function numberIn(file: string): number {
  return Number(readFileSync(file, "utf8"));
}
