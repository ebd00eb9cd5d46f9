// What became of frames on one wire, by the counters of its two ends: what left one end, what came out of the other's ring.
import { ETHERNET_HEADER_BYTES, VLAN_HEADER_BYTES } from "../packet/index.js";
import type { Wires } from "./injection.js";
import { type Account, accountFor, type WireRefusal } from "./losses.js";
import { tallyBetween, VethCounters, type VethTally } from "./veth-counters.js";

/** How long the peer may take to empty its ring before its frames count as stuck, in ms. */
const DRAIN_MS = 100;

const never = new Int32Array(new SharedArrayBuffer(4));

/** Both ends at one moment. */
export interface WireTally {
  readonly from: VethTally;
  readonly to: VethTally;
}

/** The wire of one host's end, from there to its peer. */
export class WireCounts {
  private readonly from: VethCounters;
  private readonly to: VethCounters;

  constructor(wires: Wires, host: string) {
    const [end, peer] = [wires.end(host), wires.peer(host)];
    this.from = new VethCounters(wires.path(end.host), end.device);
    this.to = new VethCounters(wires.path(peer.host), peer.device);
  }

  read(): WireTally {
    return { from: this.from.read(), to: this.to.read() };
  }

  /** Waits until the peer has taken out of its ring what was accepted since. */
  drain(before: WireTally): void {
    const deadlineMs = performance.now() + DRAIN_MS;
    while (this.to.read().received - before.to.received < this.from.read().sent - before.from.sent) {
      if (performance.now() > deadlineMs) return;
      Atomics.wait(never, 0, 0, 0.05); // the peer's NAPI may need this very CPU
    }
  }

  /** Says where frames are that were offered since. @param frameBytes the length of each */
  accountSince(before: WireTally, offered: number, frameBytes: number): Account {
    const { from, to } = this.read();
    const refusal = this.refusalOf(frameBytes);
    return accountFor(offered, tallyBetween(before.from, from), tallyBetween(before.to, to), refusal);
  }

  /** Why the wire, as it is now, would take no frame: neither end counts such frames. @source net/core/filter.c, xdp_ok_fwd_dev */
  private refusalOf(frameBytes: number): WireRefusal {
    if (!this.from.device.isUp() || !this.to.device.isUp()) return "an end of the wire is down";
    const most = this.from.device.mtu() + ETHERNET_HEADER_BYTES + VLAN_HEADER_BYTES;
    return frameBytes > most ? "frame longer than the MTU" : "no NAPI at the peer";
  }

  close(): void {
    this.from.close();
    this.to.close();
  }
}
