// What does DPDK receive of what was injected, and what does its thread do while nothing comes? Packets are counted by
// testpmd, socket buffers and system calls by tracepoints, CPU time by the scheduler: none of them asks another.
import { type PortDriver, Testpmd, type TestpmdSpec } from "../../dpdk/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { pinThread } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How much to inject, and how long to watch an idle thread. */
export interface DpdkPortsParams {
  readonly frames: number;
  readonly idleSeconds: number;
}

/** One port. */
export interface DpdkPort {
  readonly name: string;
  readonly driver: PortDriver;
  /** What was injected, and what testpmd received of it: packets, and bytes. null where no wire leads to the port. */
  readonly load: { readonly injected: number; readonly received: number; readonly bytes: number } | null;
  /** Socket buffers that entered the receiver's stack for those packets. */
  readonly skbs: number;
  /** The forwarding thread while nothing came. net_null always has a packet: there it works. */
  readonly idle: {
    readonly seconds: number;
    /** Share of a CPU, 0 to 1. */
    readonly cpuShare: number;
    readonly syscalls: Readonly<Record<string, number>>;
    /** How often it went to sleep by itself, and how often it was pushed off its CPU. */
    readonly voluntary: number;
    readonly involuntary: number;
  };
}

/** All ports. The figure that is guessed is the idle CPU share of the first, in %. */
export interface DpdkPortsOutcome {
  readonly ports: readonly DpdkPort[];
}

const PORTS: readonly (Pick<TestpmdSpec, "driver" | "busyPoll"> & { readonly name: string })[] = [
  { name: "net_af_xdp", driver: "net_af_xdp" },
  { name: "net_af_xdp, busy polling off", driver: "net_af_xdp", busyPoll: false },
  { name: "net_af_packet", driver: "net_af_packet" },
  { name: "net_null", driver: "net_null" },
];

const BURST = 512;
/** How long testpmd may take to receive a burst before it counts as lost, in ms. */
const LATE_MS = 500;
const BREATH_MS = 50;

async function watchIdle(testpmd: Testpmd, seconds: number, context: Context): Promise<DpdkPort["idle"]> {
  const watched = { tids: [testpmd.forwardTid()] };
  const [startedMs, cpuBefore] = [performance.now(), testpmd.forwardCpuNs()];
  const { counts } = await countDuring({ syscalls: watched, switches: watched }, async () => {
    while (performance.now() - startedMs < seconds * 1000) {
      await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
      await context.breathe();
    }
  });
  const elapsedNs = (performance.now() - startedMs) * 1e6;
  const { voluntary = 0, involuntary = 0 } = counts.switches[0] ?? {};
  return {
    seconds: elapsedNs / 1e9,
    cpuShare: (testpmd.forwardCpuNs() - cpuBefore) / elapsedNs,
    syscalls: counts.syscalls.byName,
    voluntary,
    involuntary,
  };
}

/** Injects in bursts that its ring can hold, and waits for each. */
async function sendAll(
  testbed: Testbed,
  testpmd: Testpmd,
  frames: number,
  signal: AbortSignal,
): Promise<DpdkPort["load"]> {
  const injector = testbed.injector("a");
  const before = await testpmd.stats();
  let [injected, now] = [0, before];
  while (injected < frames) {
    injected += (await injector.inject(Math.min(BURST, frames - injected), { signal })).offered;
    const deadline = performance.now() + LATE_MS;
    do now = await testpmd.stats();
    while (now.rxPackets - before.rxPackets < injected && performance.now() < deadline);
  }
  return { injected, received: now.rxPackets - before.rxPackets, bytes: now.rxBytes - before.rxBytes };
}

async function observe(
  port: (typeof PORTS)[number],
  { frames, idleSeconds }: DpdkPortsParams,
  context: Context,
): Promise<DpdkPort> {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const [main = 0] = context.cpus;
  const spec = { ...port, device: "veth-b", cpus: { main, forward: context.cpu } };
  const testpmd = await Testpmd.start(testbed, "b", spec);
  await testpmd.forward();
  const idle = await watchIdle(testpmd, idleSeconds, context);
  const { name, driver } = port;
  if (driver === "net_null") return finish({ name, driver, load: null, skbs: 0, idle });
  const namespaces = [testbed.path("b")];
  const { result, counts } = await countDuring({ skbs: { namespaces } }, () =>
    sendAll(testbed, testpmd, frames, context.signal),
  );
  return finish({ name, driver, load: result, skbs: counts.skbs.own.entered, idle });

  async function finish(seen: DpdkPort): Promise<DpdkPort> {
    await testpmd.quit();
    testbed.close();
    return seen;
  }
}

const experiment: Experiment<DpdkPortsParams, DpdkPortsOutcome> = {
  name: "dpdk-ports",
  module: import.meta.url,
  question: "What does DPDK receive, and what does its thread do while nothing comes?",
  needs: ["root"],
  unit: "%",
  defaults: { frames: 20_000, idleSeconds: 1 },
  unseen: [
    "a card that DPDK drives itself: here the kernel keeps the interface, and DPDK sits on its sockets",
    "speed: packets come in bursts that the ring holds, and tracing slows them",
  ],
  headline: ({ ports }) => ports[0]!.idle.cpuShare * 100,
  async run(params, context) {
    // The forwarding thread has this CPU to itself; what injects and asks is on the first one.
    pinThread(context.cpus.slice(0, 1));
    const ports: DpdkPort[] = [];
    for (const port of PORTS) {
      context.progress(ports.length / PORTS.length, port.name);
      ports.push(await observe(port, params, context));
    }
    return { ports };
  },
};
export default experiment;
