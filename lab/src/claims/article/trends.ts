// C01 to C04: processors, networks and the time between two packets. The first two are judged by published data, the third
// by arithmetic, the fourth by what the stack takes for a packet on this machine.
import { MAX_FRAME_BYTES, wireTimeNs } from "../../base/index.js";
import { measure, provenance } from "../../measure/index.js";
import { barFigure, lineFigure } from "../../plot/index.js";
import type { Claim, Finding } from "../claim.js";

interface Point {
  readonly year: number;
  readonly value: number;
}

/** Single-thread SpecINT x 1000. @source Karl Rupp, 42 years of microprocessor trend data (CC BY 4.0), fitted points */
const SPEC_INT: readonly Point[] = [
  { year: 1988.65, value: 83.5 },
  { year: 2005.87, value: 21_097 },
  { year: 2006.97, value: 35_227 },
  { year: 2011.16, value: 46_001 },
  { year: 2016.33, value: 73_900 },
  { year: 2017.59, value: 83_600 },
  { year: 2021.3, value: 105_300 },
];

/** Fastest Ethernet standard of its year, in Mbit/s. @source IEEE 802.3, 802.3u, z, ae, ba, bs, df */
const ETHERNET: readonly Point[] = [
  { year: 1983, value: 10 },
  { year: 1995, value: 100 },
  { year: 1998, value: 1000 },
  { year: 2002, value: 10_000 },
  { year: 2010, value: 100_000 },
  { year: 2017, value: 400_000 },
  { year: 2024, value: 800_000 },
];
const TURN = SPEC_INT[2]!;
const PUBLISHED = { machine: "published data", kernel: "no measurement", mode: "recorded" } as const;

/** Growth between two points, in percent a year. */
export function growthPercent(from: Point, to: Point): number {
  return 100 * ((to.value / from.value) ** (1 / (to.year - from.year)) - 1);
}

const before = growthPercent(SPEC_INT[0]!, TURN);
const after = growthPercent(TURN, SPEC_INT.at(-1)!);

function stagnated(): Finding {
  const times = SPEC_INT.at(-1)!.value / TURN.value;
  return {
    verdict: "contradicts",
    because: `Growth fell from ${before.toFixed(0)} to ${after.toFixed(0)} % a year, and ${after.toFixed(0)} % a year is ${times.toFixed(1)} times in 14 years: it slowed, it did not stop. Published data of one benchmark.`,
    results: [],
    figure: lineFigure({
      title: "One thread got faster after 2006 too, at a fifth of the rate",
      note: "SpecINT x 1000, points of Rupp's collection",
      provenance: PUBLISHED,
      x: { label: "year", unit: "year" },
      y: { label: "SpecINT x 1000", unit: "", scale: "log" },
      series: [{ name: "one thread", points: SPEC_INT.map(({ year, value }) => ({ x: year, y: value })) }],
    }),
  };
}

function outgrown(): Finding {
  const since2002 = growthPercent(ETHERNET[3]!, ETHERNET.at(-1)!);
  const relative = (points: readonly Point[], base: Point) =>
    points.filter(({ year }) => year >= 2002).map(({ year, value }) => ({ x: year, y: value / base.value }));
  return {
    verdict: since2002 > after ? "supports" : "contradicts",
    because: `From 2002 to 2024 the fastest Ethernet grew by ${since2002.toFixed(0)} % a year, one thread by ${after.toFixed(0)} % after 2006. Standards of their year, not what was sold.`,
    results: [],
    figure: lineFigure({
      title: "The wire grew faster than the thread that must feed it",
      note: "each relative to its own first point here; published data",
      provenance: PUBLISHED,
      x: { label: "year", unit: "year" },
      y: { label: "times the first point", unit: "×", scale: "log" },
      series: [
        { name: "Ethernet", points: relative(ETHERNET, ETHERNET[3]!) },
        { name: "one thread", points: relative(SPEC_INT, SPEC_INT[1]!) },
      ],
    }),
  };
}

const AT_10G = wireTimeNs(MAX_FRAME_BYTES, 10);
const AT_200G = wireTimeNs(MAX_FRAME_BYTES, 200);

function interval(): Finding {
  return {
    verdict: Math.round(AT_10G) === 1230 && Math.trunc(AT_200G) === 61 ? "supports" : "contradicts",
    because: `1518 bytes of frame and 20 of preamble and gap take ${AT_10G.toFixed(1)} ns at 10 GbE and ${AT_200G.toFixed(2)} ns at 200 GbE. Arithmetic.`,
    results: [],
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
        const { ns, low, high } = costs.frames.stack;
        const verdict = low > AT_200G ? "supports" : high < AT_200G ? "contradicts" : "inconclusive here";
        return {
          verdict,
          because: `The stack takes ${ns.toFixed(0)} ns to find that a frame is nobody's, ${(ns / AT_200G).toFixed(0)} times the gap at 200 GbE, ${(ns / AT_10G).toFixed(2)} times that at 10 GbE. One core, and no socket has been reached yet.`,
          figure: barFigure({
            title: "One core of the stack against the gap between two full frames",
            note: "the stack does no more here than to look up a route",
            provenance: provenance(result),
            axis: { label: "time for a packet", unit: "ns", scale: "log" },
            bars: [
              { name: "the stack, a packet", value: ns, low, high },
              { name: "gap at 10 GbE", value: AT_10G },
              { name: "gap at 200 GbE", value: AT_200G },
            ],
          }),
        };
      }),
  },
];
