// What becomes of a packet under each thing that XDP can do with it? The program says what it wanted; whether the packet
// came through is for others to count: driver, far end, socket. Both sides are laid next to each other, and the socket
// buffers that the packets cost on the way.
import type { XdpMode } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import { ENDINGS, type Ending, openStation, type Station, type StationCount } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

/** What to count. */
export interface VerdictCountsParams {
  /** Packets for each verdict in each mode. */
  readonly frames: number;
  readonly endings: readonly Ending[];
  readonly modes: readonly XdpMode[];
}

/** One verdict in one mode. */
export interface VerdictCount extends Omit<StationCount, "mode"> {
  readonly ending: Ending;
  /** Read back from the kernel. */
  readonly mode: XdpMode;
  /** Socket buffers that entered a stack on the packets' way, of any host. */
  readonly skbs: number;
  /** Their deaths with work undone, by the kernel's reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** All of them. The figure that is guessed is `nativeSkbs`. */
export interface VerdictCountsOutcome {
  readonly counts: readonly VerdictCount[];
  /** Socket buffers of all verdicts but pass, in native mode. */
  readonly nativeSkbs: number;
}

/** Frames before those that count: the first ones fill the kernel's own caches. */
const WARM_UP = 64;

async function countOne(
  ending: Ending,
  mode: XdpMode,
  frames: number,
  context: Context,
): Promise<VerdictCount> {
  let station: Station | undefined;
  context.onClose(() => station?.close());
  const other = context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu;
  station = openStation({ ending, mode, cpu: other });
  const { testbed } = station;
  await station.send(WARM_UP, context.signal);
  const namespaces = testbed.spec.hosts.map((host) => testbed.path(host));
  const { result, counts } = await countDuring(
    { skbs: { namespaces } },
    () => station!.send(frames, context.signal),
    context.signal,
  );
  station.close();
  const { entered, reasons } = counts.skbs.own;
  if (result.mode !== mode)
    throw new Error(
      `Cannot count ${ending}: asked for ${mode} mode, got ${result.mode} -> count in ${result.mode} mode, as this driver does`,
    );
  return { ...result, ending, mode, skbs: entered, reasons };
}

const experiment: Experiment<VerdictCountsParams, VerdictCountsOutcome> = {
  name: "verdict-counts",
  module: import.meta.url,
  question: "What becomes of a packet under each XDP verdict?",
  needs: ["root"],
  unit: "skbs",
  defaults: { frames: 20_000, endings: ENDINGS, modes: ["native", "generic"] },
  unseen: [
    "a network card's own part: a veth has no hardware, its ring is in memory",
    "speed: packets are sent in bursts that every queue on the way can hold, and tracing slows them",
  ],
  headline: ({ nativeSkbs }) => nativeSkbs,
  async run({ frames, endings, modes }, context) {
    const wanted = modes.flatMap((mode) => endings.map((ending) => ({ ending, mode })));
    const counts: VerdictCount[] = [];
    for (const { ending, mode } of wanted) {
      context.progress(counts.length / wanted.length, `${ending}, ${mode} mode`);
      counts.push(await countOne(ending, mode, frames, context));
      await context.breathe();
    }
    const native = counts.filter(({ ending, mode }) => mode === "native" && ending !== "pass");
    return { counts, nativeSkbs: native.reduce((sum, { skbs }) => sum + skbs, 0) };
  },
};
export default experiment;
