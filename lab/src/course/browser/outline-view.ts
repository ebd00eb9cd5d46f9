// The course at a glance, twice: as a list beside every page, and as the first page itself.

import type { OutlineEntry } from "../protocol.js";
import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** Draws the list. @param here slug of the notebook that is open, or empty */
export function drawOutline(nav: HTMLElement, entries: readonly OutlineEntry[], here: string): void {
  const items = entries.map((entry) => {
    const link = make(
      "a",
      { href: `/n/${entry.slug}`, ...(entry.slug === here && { "aria-current": "page" }) },
      make("span", { class: "outline-title" }, entry.title),
    );
    link.prepend(ring(entry));
    const exercises = make("span", { class: "outline-more" }, progressWords(entry));
    link.append(exercises);
    return make("li", {}, link);
  });
  nav.replaceChildren(
    make("h2", {}, make("a", { href: "/", ...(here === "" && { "aria-current": "page" }) }, "The course")),
    make("ol", {}, ...items),
  );
}

/** Draws the first page. */
export function drawHome(main: HTMLElement, entries: readonly OutlineEntry[]): void {
  document.title = "Ringside";
  const begun = entries.some(({ ran }) => ran > 0);
  const next = entries.find(({ ran, cells }) => ran < cells) ?? entries[0];
  const cards = entries.map(({ slug, title, question, minutes, needs, ...entry }) =>
    make(
      "li",
      { class: "card" },
      make("h2", {}, make("a", { href: `/n/${slug}` }, title)),
      make("p", { class: "card-question" }, capital(plainText(question))),
      make("p", { class: "card-facts" }, `${firstNumber(minutes)} min · ${progressWords(entry)}`),
      ...(needs === "" ? [] : [make("p", { class: "card-needs" }, `Needs: ${plainText(needs)}`)]),
    ),
  );
  main.replaceChildren(
    make("h1", {}, "Ringside"),
    make(
      "p",
      { class: "lead" },
      "How packets reach a program, measured on this machine. Predict, measure, see, explain: each notebook takes one sentence that could be false and puts it to the test.",
    ),
    ...(next === undefined
      ? []
      : [
          make(
            "p",
            {},
            make(
              "a",
              { class: "button primary", href: `/n/${next.slug}` },
              begun ? `Go on: ${next.title}` : `Begin: ${next.title}`,
            ),
          ),
        ]),
    make("ol", { class: "cards" }, ...cards),
  );
}

type Progress = Pick<OutlineEntry, "cells" | "ran" | "exercises">;

function progressWords({ cells, ran, exercises }: Progress): string {
  const passed = exercises.filter((exercise) => exercise.passed).length;
  const run = ran === 0 ? "not begun" : ran === cells ? "all cells run" : `${ran} of ${cells} cells run`;
  if (exercises.length === 0) return run;
  return `${run} · ${passed} of ${exercises.length} exercise${exercises.length === 1 ? "" : "s"} passed`;
}

/** How much has run, as a ring; the words beside it say the same. */
function ring({ cells, ran, exercises }: OutlineEntry): SVGElement {
  const share = cells === 0 ? 0 : ran / cells;
  const done = share === 1 && exercises.every(({ passed }) => passed);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", done ? "ring done" : "ring");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, length] of [
    ["ring-track", 1],
    ["ring-share", share],
  ] as const) {
    const circle = document.createElementNS(SVG, "circle");
    const attributes = {
      class: name,
      cx: "10",
      cy: "10",
      r: "7",
      pathLength: "1",
      "stroke-dasharray": `${length} 1`,
    };
    for (const [key, value] of Object.entries(attributes)) circle.setAttribute(key, value);
    svg.append(circle);
  }
  return svg;
}

/** Without the marks of markdown, which a line of the outline does not need. */
function plainText(text: string): string {
  return text.replace(/[*`_]/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function firstNumber(minutes: string): string {
  return /^\d+/.exec(minutes)?.[0] ?? "?";
}
