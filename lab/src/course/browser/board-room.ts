// The room itself on the board: its code and addresses, how the machine copes, what the room predicted, and what the preflight
// found.

import type { BoardView, PreflightLine, RoomPrediction } from "../room-protocol.js";
import type { Send } from "./board.js";
import { cleanSvg } from "./clean.js";
import { button, make } from "./dom.js";

/** Draws code, addresses, door and machine. */
export function drawRoom({ code, addresses, doorOpen, over, machine }: BoardView, send: Send): Node[] {
  const { busy, cpus, kernels, memoryFreeMb, memoryTotalMb } = machine;
  const end = (): void => {
    if (window.confirm("End the workshop for everybody?")) void send("end");
  };
  return [
    make("p", { class: "room-code" }, make("span", { class: "unseen" }, "Code of the room: "), code),
    make("p", { class: "room-address" }, `Join at ${addresses.join(" or ")}`),
    make(
      "p",
      { class: "room-machine" },
      `${cpus} CPUs ${Math.round(busy * 100)} % busy · ${kernels} ${kernels === 1 ? "kernel" : "kernels"} · ${gigabytes(memoryFreeMb)} of ${gigabytes(memoryTotalMb)} GB free`,
    ),
    make(
      "div",
      { class: "room-actions" },
      button(doorOpen ? "Close the door" : "Open the door", () => void send("door", { open: !doorOpen }), {
        id: "door",
        disabled: over,
      }),
      make("a", { class: "button", href: "/api/board/results.csv", download: true }, "Results (CSV)"),
      button(over ? "It is over" : "End the workshop", end, { id: "end", class: "quiet", disabled: over }),
    ),
  ];
}

function gigabytes(mb: number): string {
  return (mb / 1024).toFixed(1);
}

/** Draws a histogram for each question. */
export function drawPredictions(predictions: readonly RoomPrediction[]): Node[] {
  const figures = predictions.map(({ svg, text, experiment }) => {
    const picture = cleanSvg(svg);
    picture?.setAttribute("role", "img");
    picture?.setAttribute("aria-label", text.split("\n")[0] ?? experiment);
    const words = make("details", {}, make("summary", {}, "In words"), make("pre", {}, text));
    return make("figure", { class: "output-figure" }, ...(picture === null ? [] : [picture]), words);
  });
  const none = make("p", {}, "Nobody has predicted and measured yet.");
  return [make("h2", {}, "What the room predicted"), ...(figures.length > 0 ? figures : [none])];
}

const MARKS: Readonly<Record<PreflightLine["state"], string>> = {
  ok: "✓",
  warning: "!",
  missing: "✗",
};

function preflightWords(bad: number, all: number): string {
  if (all === 0) return "Not looked at";
  return bad === 0 ? "Everything is there" : `${bad} of ${all} to look at`;
}

/** Draws what was found before the room came in. */
export function drawPreflight(lines: readonly PreflightLine[]): Node[] {
  const items = lines.map(({ name, state, found, next }) =>
    make(
      "li",
      { class: state },
      make("span", { "aria-hidden": "true" }, MARKS[state]),
      ` ${name}: ${found}${next === "" ? "" : ` → ${next}`}`,
    ),
  );
  const bad = lines.filter(({ state }) => state !== "ok").length;
  const details = make(
    "details",
    { id: "preflight" },
    make("summary", {}, preflightWords(bad, lines.length)),
    make("ul", {}, ...items),
  );
  return [make("h2", {}, "Preflight"), details];
}
