// Everybody's row on the board: hands first, then who is stuck. Names are strangers' words and are set as text.

import type { LearnerRow, Stuck } from "../room-protocol.js";
import type { Send } from "./board.js";
import { ago } from "./clock.js";
import { button, make } from "./dom.js";
import { queueWords } from "./room-bar.js";

const COLUMNS = ["Learner", "Where", "Ran last", "Stuck at", "Exercises", "Machine", ""] as const;

/** @param notebook slug of the section that runs, to show who is elsewhere */
export function drawLearners(learners: readonly LearnerRow[], notebook: string | null, send: Send): Node[] {
  const sorted = [...learners].sort(
    (one, other) => urgency(other) - urgency(one) || one.id.localeCompare(other.id),
  );
  const here = learners.filter((learner) => learner.here).length;
  const hands = learners.filter(({ handUpS }) => handUpS !== null).length;
  const words = `${learners.length} joined, ${here} here${hands > 0 ? `, ${hands} with a hand up` : ""}`;
  if (learners.length === 0) return [make("h2", {}, "Learners"), make("p", {}, "Nobody has joined yet.")];
  const head = make("tr", {}, ...COLUMNS.map((column) => make("th", { scope: "col" }, column)));
  const body = sorted.map((learner) => row(learner, notebook, send));
  return [
    make("h2", {}, "Learners"),
    make("p", { class: "board-count" }, words),
    make(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-label": "Table of learners" },
      make("table", { class: "learners" }, make("thead", {}, head), make("tbody", {}, ...body)),
    ),
  ];
}

/** Hands by how long they have been up, then failures. */
function urgency({ handUpS, stuck }: LearnerRow): number {
  return (handUpS === null ? 0 : 1e6 + handUpS) + (stuck?.failures ?? 0);
}

function row(learner: LearnerRow, room: string | null, send: Send): HTMLElement {
  const { id, name, here, silentS, handUpS, notebook, ran, passed, tried, stuck, queue, kernel, trouble } =
    learner;
  const place = notebook ?? "the outline";
  const elsewhere = room !== null && notebook !== room;
  const presence = here ? "" : ` · gone, ${ago(silentS)}`;
  const measuring =
    queue.place > 0
      ? queueWords(queue)
          .replace(/^You are/, "is")
          .replace("Your measurement", "")
      : "";
  return make(
    "tr",
    { class: [handUpS === null ? "" : "hand-up", here ? "" : "away"].join(" ").trim() },
    make(
      "th",
      { scope: "row" },
      name,
      ...(handUpS === null ? [] : [make("span", { class: "hand-mark" }, `hand up, ${ago(handUpS)}`)]),
      ...(trouble === "" ? [] : [make("span", { class: "trouble" }, trouble)]),
    ),
    make("td", { class: elsewhere ? "elsewhere" : "" }, `${place}${presence}`),
    make(
      "td",
      {},
      ran === null ? "nothing yet" : `cell ${ran.cell} of ${ran.of}, ${ran.state}, ${ago(ran.agoS)}`,
    ),
    make("td", {}, ...(stuck === null ? ["–"] : stuckWords(id, stuck))),
    make("td", {}, tried === 0 ? "–" : `${passed} passed of ${tried} tried`),
    make("td", {}, measuring.trim() || (kernel === "none" ? "no kernel" : `kernel ${kernel}`)),
    make("td", {}, actions(learner, send)),
  );
}

function stuckWords(
  id: string,
  { exercise, failures, stepsPassed, stepsTotal, scenario, hint }: Stuck,
): Node[] {
  const times = failures === 1 ? "1 failure" : `${failures} failures`;
  const words = make(
    "span",
    {},
    `${exercise.slice(exercise.indexOf("/") + 1)}: ${stepsPassed} of ${stepsTotal} steps, ${times}`,
  );
  if (scenario === "" && hint === "") return [words];
  const more = make("details", { id: `stuck-${id}` }, make("summary", {}, "Step and hint"));
  if (scenario !== "") more.append(make("p", {}, scenario));
  if (hint !== "") more.append(make("p", { class: "hint" }, hint));
  return [words, more];
}

function actions({ id, name, handUpS }: LearnerRow, send: Send): HTMLElement {
  const back = make("output", { class: "way-back" });
  const showBack = async (): Promise<void> => {
    const answer = (await send("back", { learner: id })) as { path: string } | null;
    if (answer !== null) back.textContent = new URL(answer.path, location.href).href;
  };
  const remove = (): void => {
    if (window.confirm(`Send ${name} away?`)) void send("remove", { learner: id });
  };
  const box = make("div", { class: "actions" });
  if (handUpS !== null) {
    box.append(
      button("Seen", () => void send("lower", { learner: id }), {
        id: `seen-${id}`,
        "aria-label": `Seen, lower the hand of ${name}`,
      }),
    );
  }
  box.append(
    make(
      "details",
      { id: `more-${id}` },
      make("summary", { "aria-label": `More about ${name}` }, "More"),
      button("Way back", () => void showBack(), {
        id: `back-${id}`,
        "aria-label": `Way back for ${name}, who lost the page`,
      }),
      button("Send away", remove, { id: `remove-${id}`, "aria-label": `Send away ${name}`, class: "quiet" }),
      back,
    ),
  );
  return box;
}
