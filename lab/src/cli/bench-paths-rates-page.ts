// "bench paths --rate" as a page: the table, and how latency grows with the rate.
import { type benchmarks, provenance, type Result } from "../measure/index.js";
import { escapeXml, htmlDocument, lineFigure } from "../plot/index.js";
import { timedLines } from "./bench-paths-below.js";
import type { Slide } from "./bench-paths-figures.js";
import { list, type Page, paragraph, refusal, table } from "./bench-paths-html.js";
import { lossLines, RATE_HEAD_WITH_UNITS, RATE_UNITS, rateCells, rateLoad } from "./bench-paths-rates.js";
import { MOST_LINES } from "./bench-paths-request.js";

type Outcome = benchmarks.FixedRatesOutcome;

/** The rates as a page, with a figure where there is more than one rate and no more paths than a figure holds. */
export function ratesPage(result: Result<Outcome>): Page {
  const slides = result.status === "ok" ? rateSlides(result) : [];
  const html = htmlDocument("Every way for a packet to reach a program, at fixed rates", [
    paragraph(result.question),
    ...(result.status === "ok" ? parts(result.outcome, slides) : [refusal(result)]),
    "<h2>What this cannot show</h2>",
    list(result.unseen),
    `<p class="results">Result: ${escapeXml(result.id)}</p>`,
  ]);
  return { html, slides };
}

function parts(outcome: Outcome, slides: readonly Slide[]): string[] {
  const { paths } = outcome;
  return [
    ...slides.map(({ figure }) => figure.svg),
    table(
      RATE_HEAD_WITH_UNITS,
      paths.flatMap((path) => path.rates.map((at) => rateCells(path, at))),
    ),
    paragraph(`${rateLoad(outcome)}; ${RATE_UNITS}.`),
    list([...lossLines(paths), ...timedLines(paths)]),
    list(outcome.missing.map(({ title, reason }) => `${title}: not here: ${reason}`)),
  ];
}

function rateSlides(result: Extract<Result<Outcome>, { status: "ok" }>): Slide[] {
  const timed = result.outcome.paths.filter(({ rates }) => rates.every(({ latency }) => latency !== null));
  const rates = result.outcome.paths[0]?.rates.length ?? 0;
  if (rates < 2 || timed.length === 0 || timed.length > MOST_LINES) return [];
  const figure = lineFigure({
    provenance: provenance(result),
    title: "The slowest packet of 100, at rates that were set",
    note: "p99 from the moment a packet was due; a point is one run",
    x: { label: "offered packets a second", unit: "pps", scale: "log" },
    y: { label: "time from due to its end", unit: "ns", scale: "log" },
    series: timed.map(({ title, rates }) => ({
      name: title,
      points: rates.map(({ ratePps, latency }) => ({ x: ratePps, y: latency!.p99Ns })),
    })),
  });
  return [{ name: "rates-latency", figure }];
}
