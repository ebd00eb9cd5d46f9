// What does a core spend on a packet that a card could take off it? Two parts: the driver, up to the program's first instruction,
// and the program. The kernel times programs itself when it runs them again and again on one packet; the driver is what is left of
// a packet that is injected and dropped at once.
import { buildKvRequest, KV_PORT, loadCache } from "../../keyvalue/index.js";
import { buildFrame } from "../../packet/index.js";
import { type Interval, median, medianInterval, shuffle } from "../../stats/index.js";
import { TestRun } from "../../sys/index.js";
import { loadXdp, openStation, type XdpProgram } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How often to measure. */
export interface OffloadCostsParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** What one thing costs, in ns. */
export interface OffloadCost extends Interval {
  readonly name: string;
  readonly ns: number;
  readonly samplesNs: readonly number[];
}

/** The figure that is guessed is `packet`. */
export interface OffloadCostsOutcome {
  /** A packet that is injected and dropped by the shortest program there is: source, driver and program. */
  readonly packet: OffloadCost;
  /** The same less its program. */
  readonly driver: OffloadCost;
  readonly programs: readonly OffloadCost[];
}

const REPEATS = 20_000;
const TURN_S = 0.03;
const SERVER = "10.0.0.2";
const PROGRAMS = ["drop", "pass", "count", "tx", "redirect"] as const;

interface Timed {
  readonly name: string;
  readonly run: TestRun;
  readonly samplesNs: number[];
}

/** A GET whose key no cache has, so that it passes unchanged however often it is run. */
const request: Uint8Array = buildFrame({
  ethernet: { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" },
  ipv4: { source: "10.0.0.1", destination: SERVER },
  udp: { sourcePort: 7001, destinationPort: KV_PORT },
  payload: buildKvRequest("get", 1, 1),
});

function openPrograms(context: Context): Timed[] {
  const open = (name: string, load: () => XdpProgram): Timed => {
    const program = load();
    context.onClose(() => program.close());
    const run = new TestRun(program.program.fd, request);
    context.onClose(() => run.close());
    return { name, run, samplesNs: [] };
  };
  const cache = (): XdpProgram => loadCache(SERVER, { capacity: 64, port: KV_PORT, locked: true });
  return [...PROGRAMS.map((name) => open(name, () => loadXdp(name))), open("kv_cache, a miss", cache)];
}

function costOf(name: string, samplesNs: readonly number[]): OffloadCost {
  return { name, ns: median(samplesNs), ...medianInterval(samplesNs), samplesNs };
}

const experiment: Experiment<OffloadCostsParams, OffloadCostsOutcome> = {
  name: "offload-costs",
  module: import.meta.url,
  question: "What does a core spend on a packet that a network card could take off it?",
  needs: ["quiet", "root"],
  unit: "ns",
  defaults: { rounds: 12 },
  unseen: [
    "a card's descriptors, its DMA and its cache misses: the packet is in memory, and warm, so a real driver costs more",
    "the injector's own work, which is in the packet and in the driver",
  ],
  headline: ({ packet }) => packet.ns,
  async run({ rounds }, context) {
    const station = openStation({ ending: "drop", mode: "native" });
    context.onClose(() => station.close());
    const timed = openPrograms(context);
    const packetNs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const { ended, seconds } = await station.sendAt(Number.POSITIVE_INFINITY, {
        seconds: TURN_S,
        ratePps: Number.POSITIVE_INFINITY,
        signal: context.signal,
      });
      if (round > 0) packetNs.push((seconds * 1e9) / ended);
      for (const { run, samplesNs } of shuffle(timed, context.random)) {
        const { durationNs } = run.run(REPEATS);
        if (round > 0) samplesNs.push(durationNs);
        await context.breathe();
      }
      context.progress(round / rounds, `round ${round} of ${rounds}`);
    }
    const programs = timed.map(({ name, samplesNs }) => costOf(name, samplesNs));
    const [shortest] = programs;
    return {
      packet: costOf("packet, dropped at once", packetNs),
      driver: costOf(
        "driver",
        packetNs.map((ns, i) => Math.max(0, ns - shortest!.samplesNs[i]!)),
      ),
      programs,
    };
  },
};
export default experiment;
