// The comparison as figures, each one slide: how many packets, what one costs, how long it takes, and what makes it dear.
import {
  type BakeOffOutcome,
  type MeasuredResult,
  type PathOutcome,
  type PathSweepOutcome,
  provenance,
  type SweepPoint,
} from "../measure/index.js";
import type { PathName } from "../paths/index.js";
import { type Bar, barFigure, cdfFigure, type Figure, type FigureSpec, lineFigure } from "../plot/index.js";
import { isAccountedFor } from "./bench-paths-losses.js";
import { loadWords } from "./bench-paths-tables.js";
import { PUBLISHED_PPS } from "./published-rates.js";

/** A figure with the name of its file. */
export interface Slide {
  readonly name: string;
  readonly figure: Figure;
}

/** Bars of one figure. */
const MOST_BARS = 16;
/** Whose latency is drawn, as far as they are here: the driver, a ring without the stack, a socket, an event loop. */
const TIMED: readonly PathName[] = ["xdp-drop", "xdp-need-wakeup", "udp-recvmmsg", "node-dgram"];

/** Where packets end: what a figure holds when all paths together have no room in one. */
const GROUPS: readonly { readonly slug: string; readonly words: string; has(path: PathOutcome): boolean }[] =
  [
    {
      slug: "programs",
      words: "received by a program",
      has: ({ name }) => inProgram(name) && !isForward(name),
    },
    { slug: "forwarders", words: "sent back by a program", has: ({ name }) => isForward(name) },
    { slug: "kernel", words: "ended or sent on in the kernel", has: ({ name }) => !inProgram(name) },
  ];
const VERDICT = /^xdp-(drop|pass|tx|redirect|cpumap)/;
const inProgram = (name: PathName): boolean => !VERDICT.test(name);
const isForward = (name: PathName): boolean => name.endsWith("-forward");

/**
 * The comparison's figures. Left out are paths that make their packets themselves, for they carry none, and those that cannot account
 * for each.
 */
export function comparisonSlides(result: MeasuredResult<BakeOffOutcome>): Slide[] {
  const { outcome } = result;
  const shown = outcome.paths.filter((path) => path.load === "frames" && isAccountedFor(path));
  const base = { provenance: provenance(result) };
  const note = (what: string): string => `${what}; ${loadWords(outcome)}`;
  return [
    ...grouped("rate", shown, (paths, words) =>
      barFigure({
        ...{ ...base, title: `Packets a second at the largest load${words}` },
        note: note("median of rounds in turns with its 95 % interval; diamonds: published, on network cards"),
        axis: { label: "packets a second", unit: "pps", scale: "log" },
        bars: paths.map(rateBar),
      }),
    ),
    ...grouped(
      "cost",
      shown.filter(({ oneCpu }) => oneCpu !== null),
      (paths, words) =>
        barFigure({
          ...{ ...base, title: `What one CPU spends on a packet${words}` },
          note: note("injection, softirq and program in turns on one CPU: median with its 95 % interval"),
          axis: { label: "CPU time of a packet", unit: "ns" },
          bars: paths
            .map(({ title, oneCpu }) => ({
              name: title,
              value: oneCpu!.medianNs,
              low: oneCpu!.low,
              high: oneCpu!.high,
            }))
            .sort((a, b) => a.value - b.value),
        }),
    ),
    ...latencySlides(shown, base),
  ];
}

function grouped(
  slug: string,
  paths: readonly PathOutcome[],
  draw: (paths: readonly PathOutcome[], words: string) => Figure,
): Slide[] {
  if (paths.length === 0) return [];
  if (paths.length <= MOST_BARS) return [{ name: slug, figure: draw(paths, "") }];
  return GROUPS.map((group) => ({ ...group, paths: paths.filter(group.has) }))
    .filter((group) => group.paths.length > 0)
    .map((group) => ({ name: `${slug}-${group.slug}`, figure: draw(group.paths, `, ${group.words}`) }));
}

function rateBar({ name, title, max: { medianPps, low, high } }: PathOutcome): Bar {
  const published = PUBLISHED_PPS[name];
  return { name: title, value: medianPps, low, high, ...(published && { published: [published] }) };
}

/** How long packets take: the whole distribution at half of the rate without loss, and the slowest of 100 as the load grows. */
function latencySlides(paths: readonly PathOutcome[], base: Pick<FigureSpec, "provenance">): Slide[] {
  const at = (share: number, { below }: PathOutcome) => below?.latency.find((each) => each.share === share);
  const timed = paths.filter((path) => (at(0.5, path)?.buckets.length ?? 0) > 0);
  const chosen = timed.filter(({ name }) => TIMED.includes(name));
  const four = chosen.length > 0 ? chosen : timed.slice(0, TIMED.length);
  if (four.length === 0) return [];
  const axis = { label: "time from due to its end", unit: "ns", scale: "log" } as const;
  const distribution = cdfFigure({
    ...{ ...base, axis, share: "tail" as const },
    title: "How long a packet takes at half of the rate without loss",
    note: "from the moment a packet was due, whatever kept it from being sent; the tail is the share that took longer",
    series: four.map((path) => ({ name: path.title, samples: at(0.5, path)!.buckets })),
  });
  const growing = lineFigure({
    ...base,
    title: "The slowest packet of 100, as the load grows",
    note: "p99 at 20, 50, 80 and 95 % of each path's own rate without loss",
    x: { label: "share of the rate without loss", unit: "%" },
    y: axis,
    series: four.map(({ title, below }) => {
      return {
        name: title,
        points: below!.latency.map(({ share, p99Ns }) => ({ x: share * 100, y: p99Ns })),
      };
    }),
  });
  return [
    { name: "latency", figure: distribution },
    { name: "latency-load", figure: growing },
  ];
}

/** A sweep's figures: lines over a size, or bars for each path where what is read is varied. */
export function sweepSlides(
  result: MeasuredResult<PathSweepOutcome>,
  titleOf: (name: PathName) => string,
): Slide[] {
  const { axis, points } = result.outcome;
  const base = { provenance: provenance(result) };
  const came = points.filter(({ nsPerPacket }) => Number.isFinite(nsPerPacket));
  const names = [...new Set(came.map(({ path }) => path))];
  const pointsOf = (name: PathName) => came.filter(({ path }) => path === name);
  if (names.length === 0) return [];
  if (axis === "touch") {
    return names.map((name) => ({
      name: `touch-${name}`,
      figure: barFigure({
        ...{ ...base, title: `${titleOf(name)}: what reading a packet costs` },
        note: "time between two packets of 1020 bytes at the largest load: median of rounds in turns, with its 95 % interval",
        axis: { label: "time of a packet", unit: "ns" },
        bars: pointsOf(name).map(({ at, ...point }) => ({
          ...{ name: at === "bytes" ? "reads every byte" : `reads ${at}`, value: point.nsPerPacket },
          ...interval(point),
        })),
      }),
    }));
  }
  const label = axis === "batch" ? "most packets at once" : "bytes of a frame without check sequence";
  const series = names.map((name) => ({
    name: titleOf(name),
    points: pointsOf(name).map((point) => ({
      x: Number(point.at),
      y: point.nsPerPacket,
      ...interval(point),
    })),
  }));
  const figure = lineFigure({
    ...{ ...base, title: axis === "batch" ? "What a batch is worth" : "What a byte costs" },
    note: "time between two packets at the largest load: median of rounds in turns, with its 95 % interval",
    x: { label, unit: "", scale: "log" },
    y: { label: "time of a packet", unit: "ns" },
    series,
  });
  return [{ name: axis === "batch" ? "batch" : "bytes", figure }];
}

/** The time's interval, from the rate's; none where a round brought nothing. */
function interval({ max: { low, high } }: Pick<SweepPoint, "max">): { low?: number; high?: number } {
  return low > 0 ? { low: 1e9 / high, high: 1e9 / low } : {};
}
