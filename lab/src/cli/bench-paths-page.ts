// The comparison as one page for a lecture: the figures, each path's events and latencies as tables, what others published, and what
// this wire cannot show. Where a part was refused the page says why in its place.
import { formatCount } from "../base/index.js";
import type { BakeOffOutcome, benchmarks, PathOutcome, PathSweepOutcome, Result } from "../measure/index.js";
import type { FoundRate, PathName } from "../paths/index.js";
import { escapeXml, htmlDocument } from "../plot/index.js";
import { coresBusy, timedLines } from "./bench-paths-below.js";
import { comparisonSlides, type Slide, sweepSlides } from "./bench-paths-figures.js";
import { list, type Page, paragraph, refusal, table } from "./bench-paths-html.js";
import { isAccountedFor, voidLines } from "./bench-paths-losses.js";
import type { Comparison } from "./bench-paths-measure.js";
import { orderWords } from "./bench-paths-order.js";
import { SENDING_HEAD, sendingCells, sendingNotes } from "./bench-paths-sending.js";
import { cpuWords, languageLine, loadWords } from "./bench-paths-tables.js";
import { PUBLISHED_ROWS } from "./published-rates.js";

/** What kept the rate without loss from being higher. */
const LIMITS: Readonly<Record<FoundRate["limit"], string>> = {
  loss: "loss",
  source: "the injector",
  range: "the range that was searched",
};

/** The page of a comparison. */
export function comparisonPage({
  bakeOff,
  sending,
  languages,
  sendLanguages,
}: Pick<Comparison, "bakeOff" | "sending" | "languages" | "sendLanguages">): Page {
  const slides = bakeOff.status === "ok" ? comparisonSlides(bakeOff) : [];
  const html = htmlDocument("Every way for a packet to reach a program", [
    ...(bakeOff.status === "ok" ? outcomeParts(bakeOff.outcome, slides) : [refusal(bakeOff)]),
    ...(sending === undefined ? [] : sendingParts(sending)),
    "<h2>TypeScript against C</h2>",
    languagePart(languages),
    ...(sendLanguages === undefined
      ? []
      : ["<h2>TypeScript against C, sending</h2>", languagePart(sendLanguages)]),
    "<h2>Published by others, on network cards unless it says a veth</h2>",
    table(["what", "figure", "where"], PUBLISHED_ROWS),
    "<h2>What this wire cannot show</h2>",
    list(bakeOff.unseen),
    `<p class="results">Result: ${escapeXml(bakeOff.id)}</p>`,
  ]);
  return { html, slides };
}

function languagePart(part: Comparison["languages"] | NonNullable<Comparison["sendLanguages"]>): string {
  if (part.status !== "ok") return refusal(part);
  return list(part.outcome.pairs.map((pair) => languageLine(pair).replaceAll(/ {2,}/g, " ")));
}

/** The page of a sweep. */
export function sweepPage(result: Result<PathSweepOutcome>, titleOf: (name: PathName) => string): Page {
  const slides = result.status === "ok" ? sweepSlides(result, titleOf) : [];
  const html = htmlDocument("What makes a packet dear", [
    paragraph(result.question),
    ...(result.status === "ok" ? slides.map(({ figure }) => figure.svg) : [refusal(result)]),
    "<h2>What this cannot show</h2>",
    list(result.unseen),
    `<p class="results">Result: ${escapeXml(result.id)}</p>`,
  ]);
  return { html, slides };
}

/** The way out as a table, and what its columns are. */
function sendingParts(sending: Result<benchmarks.SendPathsOutcome>): string[] {
  const heading = "<h2>The way out</h2>";
  if (sending.status !== "ok") return [heading, refusal(sending)];
  const { paths } = sending.outcome;
  return [heading, table(SENDING_HEAD, paths.map(sendingCells)), list(sendingNotes(sending.outcome))];
}

function outcomeParts(outcome: BakeOffOutcome, slides: readonly Slide[]): string[] {
  const { paths: all, missing, cpus } = outcome;
  const paths = all.filter(isAccountedFor);
  return [
    paragraph(
      `One wire, one load: ${loadWords(outcome)}. CPU ${cpus.injector} injects and runs the softirq, CPU ${cpus.consumer} consumes. A path has figures only where each of its packets came or was lost at a named hop.`,
    ),
    list(voidLines(all)),
    ...slides.map(({ figure }) => figure.svg),
    ...orderWords(paths).map(paragraph),
    "<h2>What a packet costs in events, exactly counted</h2>",
    table(
      ["path", "calls to receive", "skbs", "NAPI polls", "context switches", "copies", "which copies"],
      paths.flatMap(eventRow),
    ),
    paragraph(
      "A dash: no thread receives, the softirq that brings a packet ends it. What is counted is the path's loop while it only looks, in bursts; the loop that is rated waits by one more call wherever it finds nothing. Counting pauses between bursts: a thread that spins is pushed off its CPU meanwhile, and DPDK's AF_XDP port calls the kernel whenever it finds its ring empty.",
    ),
    "<h2>Latency from the moment a packet was due</h2>",
    table(
      ["path", "share of the rate without loss", "kpps", "p50 µs", "p90 µs", "p99 µs", "p99.9 µs", "most µs"],
      paths.flatMap(latencyRows),
    ),
    list(timedLines(paths)),
    "<h2>The largest rates without loss, and what each core did at the largest load</h2>",
    table(
      [
        "path",
        "ns a packet",
        "no loss",
        "at most 0.5 %",
        "kept from more by",
        `CPU ${cpus.injector} busy`,
        `CPU ${cpus.consumer} busy`,
        "of it the thread's, ns a packet",
      ],
      paths.map((path) => coreRow(path, cpus)),
    ),
    paragraph(
      "ns a packet: the time between two that came, not work. The thread's: CPU time of whoever ends the packets there, a program of ours, DPDK's thread, or the kernel's own behind a redirect to a CPU, and after the plus the kernel's thread that receives for ours (SQPOLL); a dash where the softirq that brings a packet ends it. One that never sleeps is charged for its looks in vain.",
    ),
    "<h2>Where packets were lost at the largest load</h2>",
    table(["path", "offered", "received", "lost where"], paths.map(lossRow)),
    list([
      ...paths
        .filter(({ load }) => load === "itself")
        .map(
          ({ title, how, max }) => `${title}: ${(max.medianPps / 1e6).toFixed(1)} Mpps, not drawn: ${how}`,
        ),
      ...missing.map(({ title, reason }) => `${title}: not here: ${reason}`),
    ]),
  ];
}

function eventRow({ title, events, copies }: PathOutcome): string[][] {
  if (events === null) return [];
  const each = (count: number | null | undefined): string =>
    count === null || count === undefined ? "-" : (count / events.packets).toFixed(3);
  const { switches } = events;
  const left = switches === null ? null : switches.voluntary + switches.involuntary;
  const counts = [events.receiving, events.skbs, events.napi.polls, left].map(each);
  return [[title, ...counts, String(copies.count), copies.by]];
}

function latencyRows({ title, below }: PathOutcome): string[][] {
  const us = (ns: number): string => (ns < 1e6 ? (ns / 1000).toFixed(1) : formatCount(Math.round(ns / 1000)));
  const taken = (below?.latency ?? []).filter(({ received }) => received > 0);
  return taken.map(({ share, ratePps, p50Ns, p90Ns, p99Ns, p999Ns, maxNs }) => [
    title,
    `${Math.round(share * 100)} %`,
    (ratePps / 1000).toFixed(ratePps < 10_000 ? 1 : 0),
    ...[p50Ns, p90Ns, p99Ns, p999Ns, maxNs].map(us),
  ]);
}

function coreRow({ title, nsPerPacket, below, max }: PathOutcome, cpus: BakeOffOutcome["cpus"]): string[] {
  const kpps = (pps: number | undefined): string =>
    pps === undefined ? "-" : `${Math.round(pps / 1000)} kpps`;
  const busy = coresBusy({ max }, cpus).map((percent) => (percent === "-" ? percent : `${percent} %`));
  const limit = below === null ? "-" : LIMITS[below.ndr.limit];
  const ns = (each: number | null): string => (each === null ? "-" : each.toFixed(0));
  const rates = [kpps(below?.ndr.ratePps), kpps(below?.pdr.ratePps)];
  return [title, ns(nsPerPacket), ...rates, limit, ...busy, cpuWords(max)];
}

function lossRow({ title, max: { offered, received, losses } }: PathOutcome): string[] {
  const hops = losses.map(({ hop, packets }) => `${hop}: ${formatCount(packets)}`).join("; ");
  return [title, formatCount(offered), formatCount(received), hops || "nowhere"];
}
