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
import type { Elsewhere, HelperThread, HopCount, Site } from "./path.js";

const ASK_EVERY_MS = 1;
/** The most that testpmd takes. @source dpdk app/test-pmd/testpmd.h, MAX_PKT_BURST, v22.11 */
const MOST_BURST = 512;

class DpdkPort implements Elsewhere {
  private readonly testpmd: Testpmd;
  private readonly losses: PortLosses;
  private readonly death: AbortController = new AbortController();
  private readonly passedBy: () => number;
  private last: PortStats;
  private open = true;
  private awake = false;

  /** @param passedBy frames that the interface handed to the stack, past the port */
  constructor(testpmd: Testpmd, losses: PortLosses, first: PortStats, passedBy: () => number) {
    this.testpmd = testpmd;
    this.losses = losses;
    this.passedBy = passedBy;
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

  get worker(): HelperThread {
    const { testpmd } = this;
    return { tid: testpmd.forwardTid(), cpuNs: () => testpmd.forwardCpuNs() };
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
      {
        hop: "no socket on its queue: gone to the stack",
        packets: this.passedBy(),
        next: `bind to the queue that packets come in on, not to ${this.testpmd.spec.queue}`,
      },
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
  { testbed, place, options: { batch, ringSize }, cpu }: Site,
  forward: TestpmdSpec["forward"] = "rxonly",
): Promise<Elsewhere> {
  const cpus = { main: allowedCpus()[0]!, forward: cpu };
  const burst = Math.min(batch, MOST_BURST);
  const testpmd = await Testpmd.start(testbed, "b", {
    driver,
    device: place.device,
    queue: place.queue,
    cpus,
    burst,
    ringSize,
    forward,
  });
  const losses = openPortLosses(testpmd);
  const passedBy = driver === "net_af_xdp" ? goneToStack(testbed) : (): number => 0;
  return new DpdkPort(testpmd, losses, await testpmd.stats(), passedBy);
}

/** Counts from now on what the redirecting program of DPDK's driver lets pass: to queues without a socket. */
function goneToStack(testbed: Testbed): () => number {
  const count = (): number => {
    const { received, dropped, redirected, transmitted, failed } = testbed.facts("b").driver;
    return received - dropped - redirected - transmitted - failed;
  };
  const start = count();
  return () => count() - start;
}
