// The agenda on the board: which section runs, its clock, what may be released. Beginning one tells the whole room.

import type { BoardView, SectionRow } from "../room-protocol.js";
import type { Send } from "./board.js";
import { button, make } from "./dom.js";

/** Draws the list of sections and the buttons of the one that runs. */
export function drawAgenda({ sections, current, over }: BoardView, send: Send): Node[] {
  const rows = sections.map((section, index) => row(section, index, current, over, send));
  return [make("h2", {}, "Agenda"), make("ol", { class: "sections" }, ...rows)];
}

function row(
  section: SectionRow,
  index: number,
  current: number | null,
  over: boolean,
  send: Send,
): HTMLElement {
  const { title, minutes, notebook, notes, releases } = section;
  const isNow = index === current;
  const begin = button(isNow ? "Begin again" : "Begin", () => void send("begin", { section: index }), {
    id: `begin-${index}`,
    "aria-label": `${isNow ? "Begin again" : "Begin"} section ${index + 1}, ${title}`,
    class: index === (current ?? -1) + 1 ? "primary" : "",
    ...(over && { disabled: true }),
  });
  const more = (by: number): HTMLButtonElement =>
    button(by > 0 ? `+${by} min` : `−${-by} min`, () => void send("minutes", { minutes: by }), {
      id: `minutes${by}`,
    });
  const li = make(
    "li",
    { ...(isNow && { "aria-current": "step", class: "now" }) },
    make(
      "p",
      { class: "section-head" },
      make("strong", {}, title),
      make("span", { class: "section-minutes" }, `${minutes} min`),
      begin,
      ...(isNow ? [make("span", { class: "section-clock" }, more(5), " ", more(-5))] : []),
    ),
  );
  if (notebook !== null) li.append(make("p", { class: "section-notebook" }, notebook));
  if (notes !== "" && isNow) li.append(make("p", { class: "section-notes" }, notes));
  if (releases.length > 0) li.append(releaseList(releases, send));
  return li;
}

function releaseList(releases: SectionRow["releases"], send: Send): HTMLElement {
  const items = releases.map(({ exercise, released }) => {
    const name = exercise.slice(exercise.indexOf("/") + 1).replaceAll("-", " ");
    const control = button(
      released ? "Released" : "Release solution",
      () => void send("release", { exercise }),
      {
        id: `release-${exercise.replace("/", "-")}`,
        "aria-label": `${released ? "Released" : "Release solution"} of ${name}`,
        class: "quiet",
        disabled: released,
      },
    );
    return make("li", {}, make("span", {}, name), control);
  });
  return make("ul", { class: "releases" }, ...items);
}
