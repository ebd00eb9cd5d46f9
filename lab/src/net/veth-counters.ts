// A veth counts at both ends what it did with each frame, but only ethtool shows it. Asked directly, without starting
// ethtool, the answer takes microseconds; so an injector can ask between two batches.
import { type Device, ETH_GSTRING_BYTES, openDevice } from "./device.js";

/** What one end of a veth did since it was made. Counts of all its queues together. */
export interface VethTally {
  /** Frames that were redirected out of this end and accepted by the peer's ring. */
  readonly sent: number;
  /** Frames that found the peer's ring full. */
  readonly refused: number;
  /** Frames that this end's NAPI took out of its ring. */
  readonly received: number;
  /** Of these, frames whose native program answered DROP or ABORTED. */
  readonly dropped: number;
  /** Of these, frames that went to another interface or an AF_XDP socket. */
  readonly redirected: number;
  /** Of these, frames that the program sent back. */
  readonly transmitted: number;
  /** Of these, frames lost because a redirect or transmit failed, e.g. into a full ring of an AF_XDP socket or of the peer. */
  readonly failed: number;
}

// Names as the driver gives them, without `rx_queue_0_`. @source drivers/net/veth.c, veth_rq_stats_desc
const NAMES: Readonly<Record<string, keyof VethTally>> = {
  xdp_xmit: "sent",
  xdp_xmit_errors: "refused",
  xdp_packets: "received",
  xdp_drops: "dropped",
  xdp_redirect: "redirected",
  xdp_tx: "transmitted",
  xdp_tx_errors: "failed",
  drops: "failed",
};

/** Reads one end's counters again and again. Close it when done. */
export class VethCounters {
  readonly device: Device;
  private readonly columns: readonly (keyof VethTally | undefined)[];

  /** @param path namespace file @param name the veth's end in it */
  constructor(path: string, name: string) {
    this.device = openDevice(path, name);
    const strings = this.device.statisticNames();
    this.columns = Array.from({ length: strings.length / ETH_GSTRING_BYTES }, (_, index) => {
      const bytes = strings.subarray(index * ETH_GSTRING_BYTES, (index + 1) * ETH_GSTRING_BYTES);
      const name = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
      return NAMES[name.replace(/^[rt]x_queue_\d+_/, "")];
    });
  }

  /** The counters as they are now. */
  read(): VethTally {
    const tally = { sent: 0, refused: 0, received: 0, dropped: 0, redirected: 0, transmitted: 0, failed: 0 };
    const values = this.device.statistics(this.columns.length);
    for (let column = 0; column < this.columns.length; column++) {
      const name = this.columns[column];
      if (name !== undefined)
        tally[name] += values.getUint32(column * 8, true) + values.getUint32(column * 8 + 4, true) * 2 ** 32;
    }
    return tally;
  }

  close(): void {
    this.device.close();
  }
}

/** What happened between two readings. */
export function tallyBetween(before: VethTally, after: VethTally): VethTally {
  const difference = { ...after };
  for (const name of new Set(Object.values(NAMES))) difference[name] -= before[name];
  return difference;
}

/** Reads one end's counters once. @param path namespace file */
export function tallyOf(path: string, device: string): VethTally {
  const counters = new VethCounters(path, device);
  try {
    return counters.read();
  } finally {
    counters.close();
  }
}
