// What the DPDK paths have in common: testpmd with its port on our interface, receiving and freeing, on the consumer's CPU.
// It is a process of its own, so we know what it tells: it is asked every few milliseconds, on the injector's CPU.
import { setTimeout as delay } from "node:timers/promises";
import {
  openPortLosses,
  type PortDriver,
  type PortLosses,
  type PortStats,
  Testpmd,
  type TestpmdSpec,
} from "../dpdk/index.js";
import type { Testbed } from "../net/index.js";
import { allowedCpus } from "../sys/index.js";
import type { Elsewhere, HopCount, PathOptions, Place } from "./path.js";

const ASK_EVERY_MS = 1;
/** The most that testpmd takes. @source dpdk app/test-pmd/testpmd.h, MAX_PKT_BURST, v22.11 */
const MOST_BURST = 512;

class DpdkPort implements Elsewhere {
  private readonly testpmd: Testpmd;
  private readonly losses: PortLosses;
  private readonly death: AbortController = new AbortController();
  private last: PortStats;
  private open = true;
  private awake = false;

  constructor(testpmd: Testpmd, losses: PortLosses, first: PortStats) {
    this.testpmd = testpmd;
    this.losses = losses;
    this.last = first;
  }

  /** Its thread never sleeps while it may receive, so it may only during a run: else it would take its CPU from the other paths. */
  async wake(): Promise<void> {
    await this.testpmd.forward();
    this.awake = true;
    void this.watch();
  }

  async rest(): Promise<void> {
    this.awake = false;
    await this.testpmd.stop();
    await this.refresh();
  }

  get ended(): AbortSignal {
    return this.death.signal;
  }

  counts(): { packets: number; bytes: number } {
    return { packets: this.last.rxPackets, bytes: this.last.rxBytes };
  }

  async refresh(): Promise<void> {
    this.last = await this.testpmd.stats();
  }

  drops(): HopCount[] {
    const inFront = this.losses.read();
    const next = "send more slowly, or give the port more descriptors";
    return [
      ...inFront.map((loss) => ({ ...loss, next })),
      { hop: "no mbuf in the pool", packets: this.last.rxNoMbuf, next: "give testpmd more mbufs" },
    ];
  }

  close(): void {
    this.open = false;
    this.losses.close();
    this.testpmd.close();
  }

  private async watch(): Promise<void> {
    try {
      while (this.open && this.awake) {
        await this.refresh();
        await delay(ASK_EVERY_MS, undefined, { ref: false });
      }
    } catch (error) {
      if (this.open) this.death.abort(error);
    }
  }
}

/** Starts testpmd on the interface of `place`, its forwarding thread on a CPU of its own; it receives while it is awake. */
export async function installPort(
  driver: PortDriver,
  testbed: Testbed,
  place: Place,
  { batch, ringSize }: PathOptions,
  cpu: number,
  forward: TestpmdSpec["forward"] = "rxonly",
): Promise<Elsewhere> {
  const cpus = { main: allowedCpus()[0]!, forward: cpu };
  const burst = Math.min(batch, MOST_BURST);
  const testpmd = await Testpmd.start(testbed, "b", {
    driver,
    device: place.device,
    cpus,
    burst,
    ringSize,
    forward,
  });
  const losses = openPortLosses(testpmd);
  return new DpdkPort(testpmd, losses, await testpmd.stats());
}
