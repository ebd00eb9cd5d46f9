// %% [markdown]
// # Faster than the CPU
//
// **Question:** did processors stop getting faster while networks went on, and how do you tell from data?
//
// **Minutes:** 15
//
// **Needs:** nothing (T0): no root, no network, no quiet machine.
//
// **Mode:** published data, read from the course's own folder; each figure says so. Nothing is measured here, and all of it is computed before your eyes.
// %%
import {
  barFigure, check, display, growthPercent, htmlTable, lineFigure, predict, predictionFigure, publishedSeries,
  type TrendJudge, wireTimeNs, type YearPoint,
} from "ringside";

const thread = publishedSeries("single-thread");
const ethernet = publishedSeries("ethernet");
const published = { machine: "published data", kernel: "nothing measured", mode: "recorded" } as const;
const line = ({ name, points }: { name: string; points: readonly YearPoint[] }) => ({
  name,
  points: points.map(({ year, value }) => ({ x: year, y: value })),
});
// %% [markdown]
// ## Claim
//
// > **C01.** Single-thread performance has stagnated since Dennard scaling ended in 2006. (Enberg 2018, after Karl Rupp's collection.)
// >
// > **C02.** Network cards outgrow it: 10 GbE is a commodity, the high end is at 200 GbE and rising.
//
// *Dennard scaling*: as transistors shrank, so did the power each of them took, and the clock could go up. Around 2006 that ended;
// clocks have hardly risen since. The whole course rests on what followed, so we look before we believe.
//
// The data: seven points of Rupp's *Microprocessor Trend Data* (SpecINT of one thread, times a thousand; CC BY 4.0), and the
// fastest Ethernet standard of its year (IEEE 802.3). One benchmark, fast machines of their time, standards and not sales.
//
// ## Predict
//
// By how many percent a **year** did one thread gain from 1988 to the end of 2006? And from then to 2021?
// %%
const guessBefore = predict([20, 60], "% a year");
const guessAfter = predict(1, "% a year");
// %% [markdown]
// ## Measure: two roots
//
// Growth compounds, so the yearly rate is a root: after *n* years at *r* percent a value is (1 + *r*/100)^*n* times as large.
// %%
const first = thread.points[0]!;
const turn = thread.points.find(({ year }) => year > 2006.5)!;
const last = thread.points.at(-1)!;
const before = growthPercent(first, turn);
const after = growthPercent(turn, last);
const say = (from: YearPoint, to: YearPoint, rate: number) =>
  console.log(
    `${from.year} to ${to.year}: ${rate.toFixed(1)} % a year, ${(to.value / from.value).toFixed(1)} times in all`,
  );
say(first, turn, before);
say(turn, last, after);
// %% [markdown]
// ## Plot
//
// The value axis is logarithmic: steady growth is a straight line there, and its slope is the rate.
// %%
display(
  lineFigure({
    title: "One thread: the line bends after 2006, and goes on rising",
    note: `${thread.quantity}; ${thread.source}`,
    provenance: published,
    x: { label: "year", unit: "year" },
    y: { label: thread.quantity, unit: "", scale: "log" },
    series: [line(thread)],
  }),
);
display(
  predictionFigure({
    title: "Your two guesses, and what the points say",
    provenance: published,
    axis: { label: "growth of one thread", unit: "% a year", scale: "linear" },
    predictions: [
      { name: "1988 to 2006", guess: guessBefore, measured: before },
      { name: "2006 to 2021", guess: guessAfter, measured: after },
    ],
  }),
);
// %% [markdown]
// ## Explain
//
// The rate fell to about a fifth. But *stagnated* means that nothing grew, and a thread of 2021 does three times the work of one of
// 2006. **Slowed, not stopped**: the course's claim ledger judges C01 by that number, and writes *contradicts*.
//
// Does it matter? The article's point needs no standstill. It is enough that the wire grew faster.
//
// ## Predict: the wire
//
// By how many percent a year did the fastest Ethernet grow from 2002 (10 GbE) to 2024 (800 GbE)?
// %%
const guessWire = predict([20, 40], "% a year");
// %%
const tenGig = ethernet.points.find(({ year }) => year === 2002)!;
const fastest = ethernet.points.at(-1)!;
const wire = growthPercent(tenGig, fastest);
display(
  predictionFigure({
    title: `The wire grew by ${wire.toFixed(0)} % a year, one thread by ${after.toFixed(0)} %`,
    provenance: published,
    axis: { label: "growth of the fastest Ethernet, 2002 to 2024", unit: "% a year", scale: "linear" },
    predictions: [{ name: "Ethernet", guess: guessWire, measured: wire }],
  }),
);
const since2002 = (series: typeof thread) => {
  const points = series.points.filter(({ year }) => year >= 2002);
  const relative = points.map(({ year, value }) => ({ year, value: value / points[0]!.value }));
  return line({ name: series.name, points: relative });
};
display(
  lineFigure({
    title: "The scissors: what arrives, and what must handle it",
    note: "each relative to its own first point since 2002; published data",
    provenance: published,
    x: { label: "year", unit: "year" },
    y: { label: "times the first point", unit: "×", scale: "log" },
    series: [since2002(ethernet), since2002(thread)],
  }),
);
// %% [markdown]
// ## What one thread can do for a frame
//
// Put both together: how much work can one thread do **between two full frames**, beside the end of 2006 with 10 GbE? The thread's points
// are read off between those we have, on the same straight lines.
// %%
function threadIn(year: number): number {
  const later = thread.points.find((point) => point.year >= year) ?? last;
  const earlier = [...thread.points].reverse().find((point) => point.year <= year) ?? first;
  if (later === earlier) return later.value;
  return earlier.value * (1 + growthPercent(earlier, later) / 100) ** (year - earlier.year);
}

const workAt = (year: number, gbps: number) => threadIn(year) * wireTimeNs(1518, gbps);
const generations: [number, number][] = [[2006.97, 10], [2010, 100], [2017, 400], [2021.3, 400]];
const bars = generations.map(([year, gbps]) => ({
  name: `${Math.floor(year)}, ${gbps} GbE`,
  value: workAt(year, gbps) / workAt(2006.97, 10),
}));
display(
  barFigure({
    title: "Work that one thread can do for a full frame shrank to less than a tenth",
    note: "computed from both series; the end of 2006 with 10 GbE is 1",
    provenance: { ...published, machine: "computed from published data", mode: "model" },
    axis: { label: "work for a frame, relative to 2006", unit: "×", scale: "linear" },
    bars,
  }),
);
// %% [markdown]
// **What it does not show.** A frame need not be handled by one thread: cores and queues multiplied, and that is the question of notebook 14. Memory is
// missing too: it became faster in bytes a second, hardly in nanoseconds a look (02 measures yours). And nobody *must* fill the fastest standard of the year.
//
// ## Exercise: two rates and a word
//
// Write `judgeTrend(points, turn)`: the growth from the first point to `turn` and from `turn` to the last, in percent a year, and the
// word: `"stagnated"` below 1 % a year after the turn, `"slowed"` where it grew, but less than before, else `"went on"`.
// `growthPercent` is taken away for this one: write the root yourself.
// %% id="two-rates" tags=["exercise"]
// BEGIN SOLUTION
const yearly = (from: YearPoint, to: YearPoint) =>
  100 * ((to.value / from.value) ** (1 / (to.year - from.year)) - 1);

const judgeTrend: TrendJudge = (points, turn) => {
  const before = yearly(points[0]!, turn);
  const after = yearly(turn, points.at(-1)!);
  if (after < 1) return { before, after, verdict: "stagnated" };
  return { before, after, verdict: after < before - 0.5 ? "slowed" : "went on" };
};
// END SOLUTION
// BEGIN STARTER
// | const judgeTrend: TrendJudge = (points, turn) => {
// |   return { before: 0, after: 0, verdict: "stagnated" };
// | };
// END STARTER

display(await check("01-faster-than-the-cpu/two-rates", judgeTrend));
// %%
const own = judgeTrend(thread.points, turn);
display(
  htmlTable(
    [{ name: "what your function says of one thread" }, { name: "answer" }],
    [
      ["1988 to 2006", `${own.before.toFixed(1)} % a year`],
      ["2006 to 2021", `${own.after.toFixed(1)} % a year`],
      ["in one word", own.verdict],
    ],
  ),
);
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing was made, so nothing is left.
//
// - One thread gains some 8 % a year since 2006, a fifth of what it gained before: slowed, not stopped (C01).
// - The fastest Ethernet gained more than twice that rate (C02). The time for a packet shrinks faster than the work for it gets done.
// - A claim with a date and a word in it can be checked with two roots.
//
// Next: **02-packet-budgets**, what fits into that time on your machine.
