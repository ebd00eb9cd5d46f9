// Begins the page: the frame, the outline, the notebook that the address names, the side panel, and the stream that feeds them.

import type { CourseEvent, OutlineEntry } from "../protocol.js";
import { get } from "./ask.js";
import { announce, button, make } from "./dom.js";
import { drawMachine } from "./machine-panel.js";
import { type NotebookPage, openNotebook } from "./notebook-page.js";
import { drawHome, drawOutline } from "./outline-view.js";
import { inRoom, roomBar } from "./room-bar.js";
import { type Connection, openStream } from "./stream.js";

const slug = /^\/n\/([\w-]+)$/.exec(location.pathname)?.[1] ?? "";
const WIDE = window.matchMedia("(min-width: 80rem)");

const SAID: Readonly<Record<Connection, string>> = {
  open: "",
  lost: "The lab does not answer. Trying again; what you type is kept in this browser.",
  expired: inRoom
    ? "The room does not know you any more. Open its address again and join, or ask the instructor for your way back."
    : "The lab was started anew and does not know this tab. Open the address that npm start printed.",
};

const nav = make("nav", { id: "outline", "aria-label": "Course" });
const main = make("main", { id: "main", tabindex: "-1" });
const panel = make("aside", { id: "machine", "aria-label": "Machine and testbeds" });
const connection = make("p", { class: "connection", role: "alert", hidden: true });
const room = inRoom ? roomBar(slug) : null;
const openers = [opener("Course", nav, "outline"), opener("Machine", panel, "machine")] as const;

document.body.append(
  make("a", { class: "skip", href: "#main" }, "Skip to the content"),
  make(
    "header",
    { class: "top" },
    openers[0],
    make("a", { class: "brand", href: "/" }, "Ringside"),
    connection,
    openers[1],
  ),
  ...(room === null ? [] : [room.element]),
  make("div", { class: "frame" }, nav, main, panel),
);

/** A button that shows and hides a side of the page. Wide windows begin with both sides open, narrow ones with none. */
function opener(label: string, side: HTMLElement, id: string): HTMLButtonElement {
  const show = (open: boolean): void => {
    side.hidden = !open;
    control.setAttribute("aria-expanded", String(open));
  };
  const control = button(
    label,
    () => {
      show(side.hidden);
      stream?.reopen();
    },
    { "aria-controls": id, class: "quiet" },
  );
  show(WIDE.matches);
  WIDE.addEventListener("change", () => show(WIDE.matches));
  return control;
}

let notebook: NotebookPage | null = null;
let stream: ReturnType<typeof openStream> | undefined;

async function refreshOutline(): Promise<void> {
  const entries = await get<OutlineEntry[]>("/api/outline");
  drawOutline(nav, entries, slug);
  if (slug === "") drawHome(main, entries);
}

function query(): URLSearchParams {
  const wish = new URLSearchParams({ machine: panel.hidden ? "0" : "1" });
  if (notebook !== null) {
    wish.set("notebook", slug);
    wish.set("since", String(notebook.seq));
  }
  return wish;
}

/** The outline is read anew a moment after a cell has ended, when its result is in the file. */
const OUTLINE_MS = 300;
let outlineTimer = 0;

function onEvent(event: CourseEvent): void {
  if (event.kind === "machine") drawMachine(panel, event.machine);
  else if (event.kind === "room") {
    room?.show(event.room);
    notebook?.showSolutions(event.room.solutions);
  } else notebook?.onEvent(event);
  const ended =
    event.kind === "changes" && event.cells.some(({ run }) => run !== undefined && run.ms !== null);
  if (!ended) return;
  clearTimeout(outlineTimer);
  outlineTimer = window.setTimeout(() => void refreshOutline().catch(() => {}), OUTLINE_MS);
}

function onConnection(state: Connection): void {
  const said = SAID[state];
  if (connection.textContent !== said) connection.textContent = said;
  connection.hidden = said === "";
}

async function begin(): Promise<void> {
  try {
    if (slug !== "") notebook = await openNotebook(slug, main);
    await refreshOutline();
  } catch (error) {
    main.replaceChildren(
      make("h1", {}, "This page cannot be shown"),
      make("p", { class: "problem" }, (error as Error).message),
      make("p", {}, make("a", { href: "/" }, "To the course")),
    );
    announce((error as Error).message);
  }
  stream = openStream({ query, onEvent, onConnection });
}

void begin();
