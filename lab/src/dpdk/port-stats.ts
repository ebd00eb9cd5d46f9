// What testpmd prints, read back as data. Its answers are for people: frames of `#`, two columns, units nowhere.

/** What a port has counted since it was started. @source dpdk app/test-pmd/config.c, nic_stats_display, v22.11 */
export interface PortStats {
  /** Packets that the driver handed to the application. */
  readonly rxPackets: number;
  readonly rxBytes: number;
  /** Packets that the driver knows it lost, for want of a descriptor. */
  readonly rxMissed: number;
  readonly rxErrors: number;
  /** How often the mempool was empty when a packet needed a buffer. */
  readonly rxNoMbuf: number;
  readonly txPackets: number;
  readonly txBytes: number;
  readonly txErrors: number;
}

const NAMES: Readonly<Record<string, keyof PortStats>> = {
  "RX-packets": "rxPackets",
  "RX-bytes": "rxBytes",
  "RX-missed": "rxMissed",
  "RX-errors": "rxErrors",
  "RX-nombuf": "rxNoMbuf",
  "TX-packets": "txPackets",
  "TX-bytes": "txBytes",
  "TX-errors": "txErrors",
};

/**
 * Reads the answer to `show port stats 0`.
 *
 * @throws Error where a counter is missing: another version may print it otherwise.
 */
export function parsePortStats(text: string): PortStats {
  const stats: Partial<Record<keyof PortStats, number>> = {};
  for (const [, name, value] of text.matchAll(/([RT]X-\w+):\s*(\d+)/g)) {
    const key = NAMES[name!];
    if (key !== undefined) stats[key] = Number(value);
  }
  const missing = Object.entries(NAMES).filter(([, key]) => stats[key] === undefined);
  if (missing.length === 0) return stats as PortStats;
  throw new Error(
    `Cannot read testpmd's port statistics: ${missing.map(([name]) => name).join(", ")} not among "${text.trim().slice(0, 200)}" -> use the DPDK of your distribution, or mend lab/src/dpdk/port-stats.ts`,
  );
}
