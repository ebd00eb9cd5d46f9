// A notebook as a page: its cells in order, a bar with what concerns all of them, and the stream that keeps them current.

import type { CourseEvent, KernelView, NotebookView, Term } from "../protocol.js";
import type { ReleasedSolution } from "../room-protocol.js";
import { get, order } from "./ask.js";
import type { Cell } from "./cell.js";
import { CodeCell } from "./code-cell.js";
import { button, make } from "./dom.js";
import { moveByKeys } from "./keys.js";
import { inRoom } from "./room-bar.js";
import { textCell } from "./text-cell.js";

export interface NotebookPage {
  /** Everything up to this number is on the page. */
  readonly seq: number;
  onEvent(event: CourseEvent): void;
  /** Shows what the workshop's instructor has released. */
  showSolutions(solutions: readonly ReleasedSolution[]): void;
}

const KERNEL: Readonly<Record<KernelView["state"], string>> = {
  none: "No kernel yet",
  starting: "Kernel starting",
  idle: "Kernel ready",
  busy: "Kernel running a cell",
  dead: "Kernel died",
};

/** Fetches a notebook and draws it. @throws Error where there is none of that name */
export async function openNotebook(slug: string, main: HTMLElement): Promise<NotebookPage> {
  const [view, terms] = await Promise.all([
    get<NotebookView>(`/api/notebook/${slug}`),
    get<Term[]>("/api/glossary").catch(() => []),
  ]);
  document.title = `${view.title} · Ringside`;
  const bar = notebookBar(slug);
  bar.showKernel(view.kernel);
  const cells: Cell[] = [];
  const list = make("div", { class: "cells" });
  let number = 0;
  view.cells.forEach((cell, at) => {
    const onNext = (): void => {
      const next = cells.slice(at + 1).find((other) => other instanceof CodeCell);
      next?.focus();
    };
    const isCode = cell.kind === "code";
    if (isCode) number++;
    const spec = { slug, view: cell, number, onNext, onSaved: bar.showSaved, onProblem: bar.showProblem };
    cells.push(isCode ? new CodeCell(spec) : textCell(cell, terms));
  });
  list.append(...cells.map(({ element }) => element));
  moveByKeys(list, cells);
  main.replaceChildren(bar.element, list);
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  // What was typed a moment ago goes with the page's last breath.
  window.addEventListener("pagehide", () => {
    for (const cell of cells) cell.save?.();
  });
  let seq = view.seq;
  return {
    get seq() {
      return seq;
    },
    onEvent(event) {
      if (event.kind !== "changes") return;
      const moved = event.ids !== undefined && event.ids.join() !== cells.map(({ id }) => id).join();
      if (moved) return location.reload();
      for (const change of event.cells) byId.get(change.id)?.update(change);
      if (event.kernel !== undefined) bar.showKernel(event.kernel);
      seq = event.seq;
    },
    showSolutions(solutions) {
      for (const { cell, code } of solutions) byId.get(cell)?.showSolution?.(code);
    },
  };
}

function notebookBar(slug: string) {
  const kernel = make("span", { class: "kernel", role: "status" });
  const saved = make("span", { class: "saved" });
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const showProblem = (message: string): void => {
    problem.textContent = message;
    problem.hidden = message === "";
  };
  const send =
    (what: string, body: object = {}) =>
    () => {
      showProblem("");
      order(`/api/${what}/${slug}`, body).catch((error: Error) => showProblem(error.message));
    };
  const stop = button("Stop", send("stop"), { class: "stop" });
  const element = make(
    "div",
    { class: "notebook-bar", role: "toolbar", "aria-label": "Notebook" },
    button("Run all", send("run", { cells: "all" }), { class: "primary" }),
    stop,
    button("Restart kernel", send("restart")),
    inRoom
      ? make("a", { class: "button", href: `/api/mine/${slug}`, download: true }, "Take it home")
      : make("a", { class: "button", href: `/jupyter/${slug}`, target: "_blank" }, "Open in Jupyter"),
    kernel,
    saved,
    problem,
  );
  return {
    element,
    showProblem,
    showKernel({ state, message }: KernelView): void {
      kernel.textContent = KERNEL[state];
      kernel.dataset.state = state;
      stop.disabled = state !== "busy" && state !== "starting";
      showProblem(message);
    },
    showSaved(reason: string | null): void {
      saved.textContent = reason === null ? "Saved" : `Not saved yet: ${reason}`;
      saved.classList.toggle("unsaved", reason !== null);
    },
  };
}
