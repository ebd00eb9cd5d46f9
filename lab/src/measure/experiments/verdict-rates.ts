// How many packets a second does each verdict get through? All stations stand ready at once and take turns of a few
// hundredths of a second, in random order; a round holds one turn of each, so what is compared ran under the same
// conditions. The rate is that of packets which came through to their end, never of those that were offered.
import {
  type Interval,
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  type RatioClaim,
  shuffle,
} from "../../stats/index.js";
import { openStation, type Station, type StationSpec } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How often to measure. */
export interface VerdictRatesParams {
  /** Figures of each station; 10 or more for a verdict. */
  readonly rounds: number;
}

/** The stations' keys. */
export type StationName =
  | "drop"
  | "again"
  | "tx"
  | "redirect"
  | "cpumap"
  | "pass"
  | "genericDrop"
  | "genericTx"
  | "genericRedirect"
  | "genericCpumap"
  | "unread"
  | "headers"
  | "allRead";

/** What one station got through, in packets a second. */
export interface VerdictRate extends Interval {
  readonly name: string;
  readonly medianPps: number;
  /** One figure a round. */
  readonly samplesPps: readonly number[];
  /** Packets that were offered and did not come through, over all rounds; and those whose loss nobody counted. */
  readonly lost: number;
  readonly unaccounted: number;
}

/** All of them, by key. The figure that is guessed is the first ratio. */
export interface VerdictRatesOutcome {
  readonly rates: Readonly<Record<StationName, VerdictRate>>;
  /** Native drop over generic drop. */
  readonly modes: PairedComparison;
  /** Native drop over native redirect to another wire. */
  readonly redirect: PairedComparison;
  /** Drop of 1514 bytes unread over the same with every byte read. */
  readonly touch: PairedComparison;
  /** CPUs: of the injector, and so of every program; and of the far side of a cpumap. */
  readonly cpus: { readonly injector: number; readonly cpumap: number };
}

const LARGE = 1514;
const ALL_WORDS = Math.floor(LARGE / 8);

const STATIONS: Readonly<Record<StationName, StationSpec & { readonly name: string }>> = {
  drop: { name: "drop", ending: "drop", mode: "native" },
  again: { name: "drop, again", ending: "drop", mode: "native" },
  tx: { name: "tx", ending: "tx", mode: "native" },
  redirect: { name: "redirect to a veth", ending: "redirect", mode: "native" },
  cpumap: { name: "redirect to a CPU", ending: "cpumap", mode: "native" },
  pass: { name: "pass", ending: "pass", mode: "native" },
  genericDrop: { name: "drop, generic", ending: "drop", mode: "generic" },
  genericTx: { name: "tx, generic", ending: "tx", mode: "generic" },
  genericRedirect: { name: "redirect to a veth, generic", ending: "redirect", mode: "generic" },
  genericCpumap: { name: "redirect to a CPU, generic", ending: "cpumap", mode: "generic" },
  unread: { name: "1514 B, unread", ending: "drop", mode: "native", frameBytes: LARGE, words: 0 },
  headers: { name: "1514 B, headers read", ending: "drop", mode: "native", frameBytes: LARGE, words: 5 },
  allRead: { name: "1514 B, all read", ending: "drop", mode: "native", frameBytes: LARGE, words: ALL_WORDS },
};

const TURN_S = 0.03;
const DIFFERENT: RatioClaim = { relation: ">", bound: 1 };

interface Running {
  readonly key: StationName;
  readonly station: Station;
  readonly samplesPps: number[];
  lost: number;
  unaccounted: number;
}

/** One turn: everything that the machine can inject in `TURN_S`. @param counts false while warming up */
async function turn(run: Running, counts: boolean, signal: AbortSignal): Promise<void> {
  const options = { seconds: TURN_S, ratePps: Number.POSITIVE_INFINITY, signal };
  const { offered, ended, unaccounted, seconds } = await run.station.sendAt(
    Number.POSITIVE_INFINITY,
    options,
  );
  if (!counts) return;
  run.samplesPps.push(ended / seconds);
  run.lost += offered - ended;
  run.unaccounted += unaccounted;
}

function rateOf({ key, samplesPps, lost, unaccounted }: Running): VerdictRate {
  const medianPps = median(samplesPps);
  return {
    name: STATIONS[key].name,
    medianPps,
    ...medianInterval(samplesPps),
    samplesPps,
    lost,
    unaccounted,
  };
}

function openAll(cpu: number, context: Context): Running[] {
  return (Object.keys(STATIONS) as StationName[]).map((key) => {
    const station = openStation({ ...STATIONS[key], cpu });
    context.onClose(() => station.close());
    return { key, station, samplesPps: [], lost: 0, unaccounted: 0 };
  });
}

const experiment: Experiment<VerdictRatesParams, VerdictRatesOutcome> = {
  name: "verdict-rates",
  module: import.meta.url,
  question: "How many packets a second does each verdict get through?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 12 },
  unseen: [
    "the price of a packet that comes from a network card: these are recycled, so their bytes are in the cache already",
    "the injector's own work, which is in every figure: the ratios would be larger without it",
    "the far side of a cpumap has a CPU of its own, and the drop there is not in the rate of the first",
  ],
  headline: ({ modes }) => modes.medianRatio,
  async run({ rounds }, context) {
    const cpumap = context.cpus.find((cpu) => cpu !== context.cpu) ?? context.cpu;
    context.progress(0, "building the stations");
    const running = openAll(cpumap, context);
    for (let round = 0; round <= rounds; round++) {
      for (const run of shuffle(running, context.random)) {
        await turn(run, round > 0, context.signal);
        await context.breathe();
      }
      context.progress(round / rounds, round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    }
    const rates = Object.fromEntries(
      running.map((run) => [run.key, rateOf(run)]),
    ) as VerdictRatesOutcome["rates"];
    const noise = noiseFloor(rates.drop.samplesPps, rates.again.samplesPps);
    const compare = (a: StationName, b: StationName): PairedComparison =>
      pairedComparison(rates[a].samplesPps, rates[b].samplesPps, noise, DIFFERENT);
    return {
      rates,
      modes: compare("drop", "genericDrop"),
      redirect: compare("drop", "redirect"),
      touch: compare("unread", "allRead"),
      cpus: { injector: context.cpu, cpumap },
    };
  },
};
export default experiment;
