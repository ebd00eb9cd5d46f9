// The instructor's board: the agenda with its clock, the room's code, everybody's row, and what the room predicted. The server
// sends the whole of it once a second; only what changed is drawn anew, so that a button does not move under the mouse.

import type { BoardEvent, BoardView } from "../room-protocol.js";
import { order } from "./ask.js";
import { drawAgenda } from "./board-agenda.js";
import { drawLearners } from "./board-learners.js";
import { drawPredictions, drawPreflight, drawRoom } from "./board-room.js";
import { countdown } from "./clock.js";
import { announce, make } from "./dom.js";

/** Sends an order of the instructor's; what goes wrong is said at the top. */
export type Send = (what: string, body?: object) => Promise<unknown>;

const problem = make("p", { class: "problem", role: "alert", hidden: true });
const clock = countdown();
const title = make("h1", {}, "The board");
const parts = {
  room: make("section", { "aria-label": "The room", class: "board-room" }),
  agenda: make("section", { "aria-label": "Agenda", class: "board-agenda" }),
  learners: make("section", { "aria-label": "Learners", class: "board-learners" }),
  predictions: make("section", { "aria-label": "Predictions", class: "board-predictions" }),
  preflight: make("section", { "aria-label": "Preflight", class: "board-preflight" }),
};

document.title = "Board · Ringside";
document.body.append(
  make("a", { class: "skip", href: "#main" }, "Skip to the content"),
  make("header", { class: "top" }, make("span", { class: "brand" }, "Ringside"), problem, clock.element),
  make(
    "main",
    { id: "main", class: "board", tabindex: "-1" },
    make("div", { class: "board-head" }, title, parts.room),
    parts.agenda,
    make("div", { class: "board-body" }, parts.learners, parts.predictions, parts.preflight),
  ),
);

const send: Send = async (what, body = {}) => {
  try {
    const answer = await order(`/api/board/${what}`, body);
    say("");
    return answer;
  } catch (error) {
    say((error as Error).message);
    return null;
  }
};

function say(message: string): void {
  problem.textContent = message;
  problem.hidden = message === "";
}

/** Draws a part where its data changed. */
const drawn = new Map<HTMLElement, string>();
function refresh(part: HTMLElement, data: unknown, draw: () => Node[]): void {
  const text = JSON.stringify(data);
  if (drawn.get(part) === text) return;
  drawn.set(part, text);
  const focused = part.contains(document.activeElement) ? document.activeElement?.id : "";
  const open = [...part.querySelectorAll("details[open]")].map(({ id }) => id);
  part.replaceChildren(...draw());
  // Whoever works by keyboard keeps his place, and what was unfolded stays so.
  for (const details of part.querySelectorAll("details")) details.open ||= open.includes(details.id);
  if (focused) document.getElementById(focused)?.focus();
}

let handsUp = 0;

function show(board: BoardView): void {
  const { sections, current, learners, predictions, preflight, code, addresses, doorOpen, over, machine } =
    board;
  title.textContent = board.title;
  clock.set(over || current === null ? null : board.leftMs);
  refresh(parts.room, [code, addresses, doorOpen, over, machine], () => drawRoom(board, send));
  refresh(parts.agenda, [sections, current, over], () => drawAgenda(board, send));
  refresh(parts.learners, learners, () =>
    drawLearners(learners, sections[current ?? -1]?.notebook ?? null, send),
  );
  refresh(parts.predictions, predictions, () => drawPredictions(predictions));
  refresh(parts.preflight, preflight, () => drawPreflight(preflight));
  const hands = learners.filter(({ handUpS }) => handUpS !== null).length;
  if (hands > handsUp) announce(`${hands} ${hands === 1 ? "hand is" : "hands are"} up`);
  handsUp = hands;
}

/** The server says something once a second; a network that is gone may end no connection. */
const SILENCE_MS = 8_000;
const RETRY_MS = 700;

function listen(): void {
  const source = new EventSource("/api/board/events");
  let silence = window.setTimeout(lost, SILENCE_MS);
  source.onmessage = ({ data }) => {
    clearTimeout(silence);
    silence = window.setTimeout(lost, SILENCE_MS);
    say("");
    show((JSON.parse(data) as BoardEvent).board);
  };
  source.onerror = lost;
  function lost(): void {
    clearTimeout(silence);
    source.close();
    say("The workshop does not answer. Trying again; what you see is what was known last.");
    window.setTimeout(listen, RETRY_MS);
  }
}

listen();
