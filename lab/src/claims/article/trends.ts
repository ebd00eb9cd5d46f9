// C01 to C04: processors, networks and the time between two packets. The first two are judged by published data, the third
// by arithmetic, the fourth by what the stack takes for a packet on this machine.
import { MAX_FRAME_BYTES, wireTimeNs } from "../../base/index.js";
import { measure, provenance, publishedSeries } from "../../measure/index.js";
import { barFigure, type LineSeries, lineFigure } from "../../plot/index.js";
import { growthPercent } from "../../stats/index.js";
import type { Claim, Finding } from "../claim.js";

/** Just after Dennard scaling had ended, which the article dates to 2006. */
const TURN_YEAR = 2006.5;
const PUBLISHED = { machine: "published data", kernel: "no measurement", mode: "recorded" } as const;

/** The growth of one thread before and after the turn, in percent a year, and by how much it grew after it. */
export function threadGrowth(): { before: number; after: number; times: number; years: number } {
  const { points } = publishedSeries("single-thread");
  const [first, turn, last] = [points[0]!, points.find(({ year }) => year > TURN_YEAR)!, points.at(-1)!];
  return {
    before: growthPercent(first, turn),
    after: growthPercent(turn, last),
    times: last.value / turn.value,
    years: Math.round(last.year - turn.year),
  };
}

function stagnated(): Finding {
  const { before, after, times, years } = threadGrowth();
  const { name, quantity, points } = publishedSeries("single-thread");
  return {
    verdict: after < 1 ? "supports" : "contradicts",
    because: `Growth fell from ${before.toFixed(0)} to ${after.toFixed(0)} % a year, and ${after.toFixed(0)} % a year is ${times.toFixed(1)} times in ${years} years: it slowed, it did not stop. Published data of one benchmark.`,
    results: [],
    sources: ["datasets/figures/single-thread.json"],
    figure: lineFigure({
      title: "One thread got faster after 2006 too, at a fifth of the rate",
      note: `${quantity}; points of Karl Rupp's collection`,
      provenance: PUBLISHED,
      x: { label: "year", unit: "year" },
      y: { label: quantity, unit: "", scale: "log" },
      series: [{ name, points: points.map(({ year, value }) => ({ x: year, y: value })) }],
    }),
  };
}

/** Points from a year on, each relative to the first of them. */
function relativeSince(year: number, name: string): LineSeries {
  const points = publishedSeries(name).points.filter((point) => point.year >= year);
  return { name, points: points.map((point) => ({ x: point.year, y: point.value / points[0]!.value })) };
}

function outgrown(): Finding {
  const ethernet = publishedSeries("ethernet").points.filter(({ year }) => year >= 2002);
  const [first, last] = [ethernet[0]!, ethernet.at(-1)!];
  const wire = growthPercent(first, last);
  const { after } = threadGrowth();
  return {
    verdict: wire > after ? "supports" : "contradicts",
    because: `From ${first.year} to ${last.year} the fastest Ethernet grew by ${wire.toFixed(0)} % a year, one thread by ${after.toFixed(0)} % after 2006. Standards of their year, not what was sold.`,
    results: [],
    sources: ["datasets/figures/ethernet.json", "datasets/figures/single-thread.json"],
    figure: lineFigure({
      title: "The wire grew faster than the thread that must feed it",
      note: "each relative to its own first point here; published data",
      provenance: PUBLISHED,
      x: { label: "year", unit: "year" },
      y: { label: "times the first point", unit: "×", scale: "log" },
      series: [relativeSince(2002, "ethernet"), relativeSince(2002, "single-thread")],
    }),
  };
}

/** Time between two full frames, in ns. */
export const AT_10G: number = wireTimeNs(MAX_FRAME_BYTES, 10);
export const AT_200G: number = wireTimeNs(MAX_FRAME_BYTES, 200);

function interval(): Finding {
  return {
    verdict: Math.round(AT_10G) === 1230 && Math.trunc(AT_200G) === 61 ? "supports" : "contradicts",
    because: `1518 bytes of frame and 20 of preamble and gap take ${AT_10G.toFixed(1)} ns at 10 GbE and ${AT_200G.toFixed(2)} ns at 200 GbE. Arithmetic.`,
    results: [],
    sources: ["arithmetic: bytes on the wire * 8 / rate"],
    figure: barFigure({
      title: "Time between two full frames",
      provenance: PUBLISHED,
      axis: { label: "time between two frames", unit: "ns", scale: "log" },
      bars: [10, 40, 100, 200].map((gigabits) => ({
        name: `${gigabits} GbE`,
        value: wireTimeNs(MAX_FRAME_BYTES, gigabits),
      })),
    }),
  };
}

export const trendClaims: readonly Claim[] = [
  {
    id: "C01",
    statement: "Single-thread performance has stagnated since Dennard scaling ended in 2006.",
    examine: stagnated,
  },
  {
    id: "C02",
    statement: "Network cards outgrow it: 10 GbE is a commodity, the high end is at 200 GbE and rising.",
    examine: outgrown,
  },
  {
    id: "C03",
    statement: "Between two 1538-byte packets there are 1230 ns at 10 GbE and 61 ns at 200 GbE.",
    examine: interval,
  },
  {
    id: "C04",
    statement: "The in-kernel stack cannot keep up with such packet rates.",
    examine: (examiner) =>
      examiner.ask(measure.dropBySource, "×", {}, ({ costs }, result) => {
        // Injection and driver are in both; what the stack's end takes beyond the driver's is the stack's own.
        const { stack, native } = costs.frames;
        const [ns, low, high] = [stack.ns - native.ns, stack.low - native.high, stack.high - native.low];
        const verdict = low > AT_200G ? "supports" : high < AT_200G ? "contradicts" : "inconclusive here";
        return {
          verdict,
          because: `A frame that ends in the stack, which finds that it is nobody's, takes ${stack.ns.toFixed(0)} ns, one that ends in the driver ${native.ns.toFixed(0)}. What lies between, ${ns.toFixed(0)} ns [${low.toFixed(0)}, ${high.toFixed(0)}], is ${(ns / AT_200G).toFixed(1)} times the gap at 200 GbE and ${(ns / AT_10G).toFixed(2)} times that at 10 GbE. One core, and no socket has been reached yet.`,
          figure: barFigure({
            title: "One core of the stack against the gap between two full frames",
            note: "the stack does no more here than to look up a route; injection and driver are in the first two bars",
            provenance: provenance(result),
            axis: { label: "time for a packet", unit: "ns", scale: "linear" },
            bars: [
              { name: "to the stack's end", value: stack.ns, low: stack.low, high: stack.high },
              { name: "to the driver's end", value: native.ns, low: native.low, high: native.high },
              {
                name: "what the stack adds",
                value: Math.max(0, ns),
                low: Math.max(0, low),
                high: Math.max(0, high),
              },
              { name: "gap at 10 GbE", value: AT_10G },
              { name: "gap at 200 GbE", value: AT_200G },
            ],
          }),
        };
      }),
  },
];
