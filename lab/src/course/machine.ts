// The side panel's eyes: once a second, and only while somebody looks, what the CPUs did, which testbeds there are, and how full
// the rings of their makers' AF_XDP sockets are. Looking costs a little time of a CPU, which it says.

import { busyReason, type CpuTicks, cpuLoads, GATE_LIMITS, readCpuTicks } from "../measure/index.js";
import { observeTestbeds, type SeenDevice } from "../net/index.js";
import { observeRings } from "../xdp/index.js";
import type { DeviceView, MachineView, RingView } from "./protocol.js";

const PERIOD_MS = 1_000;

export class MachineWatch {
  private readonly lookers = new Set<(machine: MachineView) => void>();
  private timer: NodeJS.Timeout | null = null;
  private before: CpuTicks[] = [];

  /** Tells the looker once a second from now on. @returns ends it */
  look(looker: (machine: MachineView) => void): () => void {
    this.lookers.add(looker);
    if (this.timer === null) {
      this.before = readCpuTicks();
      this.timer = setTimeout(() => void this.tick(), PERIOD_MS);
    }
    return () => {
      this.lookers.delete(looker);
      if (this.lookers.size > 0 || this.timer === null) return;
      clearTimeout(this.timer);
      this.timer = null;
    };
  }

  private async tick(): Promise<void> {
    const now = readCpuTicks();
    const machine = await this.read(now);
    this.before = now;
    for (const looker of this.lookers) looker(machine);
    if (this.lookers.size > 0) this.timer = setTimeout(() => void this.tick(), PERIOD_MS);
    else this.timer = null;
  }

  private async read(now: CpuTicks[]): Promise<MachineView> {
    const cpus = cpuLoads(this.before, now);
    const started = performance.now();
    const mayLook = process.geteuid?.() === 0;
    const seen = mayLook ? await observeTestbeds().catch(() => []) : [];
    return {
      cpus,
      busy: busyReason(cpus, GATE_LIMITS),
      testbeds: seen.map(({ name, maker, hosts }) => ({
        name,
        maker,
        hosts: hosts.map((host) => ({ name: host.name, devices: host.devices.map(viewDevice) })),
        sockets: ringsOf(maker),
      })),
      unseen: mayLook ? "" : "Testbeds need root: start the lab with sudo to make and to see them.",
      costMs: performance.now() - started,
    };
  }
}

/** A maker that ends while it is looked at has no rings any more. */
function ringsOf(maker: number): readonly (readonly RingView[])[] {
  try {
    return observeRings(maker);
  } catch {
    return [];
  }
}

function viewDevice({ name, peer, xdp, rxPackets, txPackets, driver }: SeenDevice): DeviceView {
  const counts: [string, number][] = [
    ["sent by the stack", txPackets - (driver?.sent ?? 0)],
    ["sent as XDP frames", driver?.sent ?? 0],
    ["refused, peer's ring full", driver?.refused ?? 0],
    ["received", rxPackets],
    ["dropped by XDP", driver?.dropped ?? 0],
    ["redirected by XDP", driver?.redirected ?? 0],
    ["sent back by XDP", driver?.transmitted ?? 0],
    ["lost on a redirect", driver?.failed ?? 0],
  ];
  return {
    name,
    peer: peer === null ? "" : `${peer.host} ${peer.device}`,
    program: xdp === null ? "" : `${xdp.name}, ${xdp.mode}`,
    counts: counts.filter(([what, packets]) => packets > 0 || what === "received"),
  };
}
