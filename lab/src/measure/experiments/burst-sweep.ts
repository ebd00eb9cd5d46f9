// What is a burst worth? The same loop takes 1, 4, ... packets a look, once from a port with nothing behind it, so that only the
// loop's own price is left, and once from AF_XDP at the largest load that the injector makes. Bursts take turns, in random
// order.
import { Testpmd } from "../../dpdk/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import type { Interval, PairedComparison } from "../../stats/index.js";
import { pinThread } from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { checkSizes, sweepSizes } from "../size-sweep.js";

/** Which bursts, how often. */
export interface BurstSweepParams {
  /** Packets a look, 1 to 512 each; 1 and 32 among them. */
  readonly bursts: readonly number[];
  /** Figures of each; 10 or more for a verdict. */
  readonly rounds: number;
}

/** One burst. */
export interface BurstPoint extends Interval {
  readonly burst: number;
  readonly medianPps: number;
  readonly samplesPps: readonly number[];
}

/** The sweep. The figure that is guessed is how many times as fast a burst of 32 is as one of 1, on net_null. */
export interface BurstSweepOutcome {
  readonly nothing: readonly BurstPoint[];
  readonly afXdp: readonly BurstPoint[];
  /** A burst of 32, testpmd's own, over one of 1: on net_null, and on net_af_xdp. */
  readonly loop: PairedComparison;
  readonly received: PairedComparison;
  readonly cpus: { readonly injector: number; readonly forward: number };
}

const TURN_S = 0.05;

interface Port {
  readonly testbed: Testbed;
  readonly testpmd: Testpmd;
}

/** One turn. @returns Packets a second that the port gave. */
type Turn = (port: Port, signal: AbortSignal) => Promise<number>;

const takeNothing: Turn = async ({ testpmd }) => {
  const [before, startedMs] = [await testpmd.stats(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, TURN_S * 1000));
  const after = await testpmd.stats();
  return ((after.rxPackets - before.rxPackets) / (performance.now() - startedMs)) * 1000;
};

function receiveOn(port: Port): Turn {
  const injector = port.testbed.injector("a");
  return async ({ testpmd }, signal) => {
    const before = await testpmd.stats();
    const load = { seconds: TURN_S, ratePps: Number.POSITIVE_INFINITY, signal };
    const { seconds } = await injector.inject(Number.POSITIVE_INFINITY, load);
    const after = await testpmd.stats();
    return (after.rxPackets - before.rxPackets) / seconds;
  };
}

async function openPort(driver: "net_null" | "net_af_xdp", context: Context): Promise<Port> {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const cpus = { main: context.cpus[0]!, forward: context.cpu };
  return { testbed, testpmd: await Testpmd.start(testbed, "b", { driver, device: "veth-b", cpus }) };
}

/** Runs one turn of a burst; the first packets after a change are not counted. */
async function turnOf(port: Port, burst: number, turn: Turn, context: Context): Promise<number> {
  await port.testpmd.setBurst(burst);
  await port.testpmd.forward();
  const pps = await turn(port, context.signal);
  await port.testpmd.stop();
  return pps;
}

async function sweep(
  port: Port,
  turn: Turn,
  { bursts, rounds }: BurstSweepParams,
  context: Context,
): Promise<{ points: BurstPoint[]; comparison: PairedComparison }> {
  const { rates, comparison } = await sweepSizes(
    port.testpmd.spec.driver,
    { sizes: bursts, rounds },
    (burst) => turnOf(port, burst, turn, context),
    context,
  );
  return { points: rates.map(({ size, ...rate }) => ({ burst: size, ...rate })), comparison };
}

const experiment: Experiment<BurstSweepParams, BurstSweepOutcome> = {
  name: "burst-sweep",
  module: import.meta.url,
  question: "What is a burst worth to DPDK's loop?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { bursts: [1, 2, 4, 8, 16, 32, 64, 256], rounds: 10 },
  unseen: [
    "a card's doorbell, which a burst pays for once: here there is none",
    "the price of a packet's bytes: testpmd frees each packet unread",
  ],
  headline: ({ loop }) => loop.medianRatio,
  async run(params, context) {
    checkSizes("bursts", params.bursts);
    pinThread(context.cpus.slice(0, 1));
    const empty = await openPort("net_null", context);
    const nothing = await sweep(empty, takeNothing, params, context);
    await empty.testpmd.quit();
    const port = await openPort("net_af_xdp", context);
    const afXdp = await sweep(port, receiveOn(port), params, context);
    await port.testpmd.quit();
    const cpus = { injector: context.cpus[0]!, forward: context.cpu };
    return {
      nothing: nothing.points,
      afXdp: afXdp.points,
      loop: nothing.comparison,
      received: afXdp.comparison,
      cpus,
    };
  },
};
export default experiment;
