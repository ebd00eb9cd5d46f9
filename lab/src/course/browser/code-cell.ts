// A cell of code: its editor, the button that runs it, what it put out, and whose text it is.

import type { EditorView } from "@codemirror/view";
import type { CellChange, CellView, Origin, OutputView, RunState } from "../protocol.js";
import { order } from "./ask.js";
import type { Cell } from "./cell.js";
import { announce, button, make } from "./dom.js";
import { applyRemote, makeEditor } from "./editor.js";
import { drawOutput } from "./output.js";
import { SavedText } from "./saved-text.js";

export interface CodeCellSpec {
  readonly slug: string;
  readonly view: CellView;
  /** Which of the code cells it is, from 1. */
  readonly number: number;
  onNext(): void;
  onSaved(problem: string | null): void;
  onProblem(message: string): void;
}

const ORIGINS: Readonly<Record<Origin, string>> = {
  same: "",
  edited: "Your version",
  "course-changed": "Your version; the course has a newer one",
  own: "Your own cell",
};

const STATES: Readonly<Record<RunState["state"], string>> = {
  idle: "",
  queued: "waiting",
  running: "running",
  ok: "",
  error: "failed",
  stopped: "stopped",
  lost: "lost: its kernel or the lab ended while it ran; what it would have said since is gone. Run it again",
};

export class CodeCell implements Cell {
  readonly id: string;
  readonly element: HTMLElement;
  private readonly editor: EditorView;
  private readonly text: SavedText;
  private readonly outputs: HTMLElement = make("div", { class: "outputs" });
  private readonly state: HTMLElement = make("span", { class: "state" });
  private readonly origin: HTMLElement = make("span", { class: "origin" });
  private readonly original: HTMLButtonElement;
  private run: RunState;

  constructor(private readonly spec: CodeCellSpec) {
    const { view, number, slug } = spec;
    this.id = view.id;
    this.run = view.run;
    this.editor = makeEditor({
      slug,
      text: view.source,
      label: `Code of cell ${number}`,
      onType: () => this.text.typed(),
      onRun: (next) => {
        void this.runNow();
        if (next) spec.onNext();
      },
      onLeave: () => this.element.focus(),
      onFocus: () => this.element.classList.add("visited"),
    });
    this.text = new SavedText({
      slug,
      cell: view.id,
      synced: { text: view.source, version: view.version },
      current: () => this.editor.state.doc.toString(),
      apply: (change) => applyRemote(this.editor, change),
      onOrigin: (origin) => this.showOrigin(origin),
      onSaved: spec.onSaved,
    });
    this.original = button("Original back", () => void this.restore(), { class: "quiet" });
    const play = button("", () => void this.runNow(), { class: "run", "aria-label": `Run cell ${number}` });
    this.outputs.setAttribute("role", "group");
    this.outputs.setAttribute("aria-label", `Output of cell ${number}`);
    this.element = make(
      "section",
      {
        class: `cell code${view.isExercise ? " exercise" : ""}`,
        id: `cell-${view.id}`,
        tabindex: "-1",
        "aria-label": `${view.isExercise ? "Exercise, cell" : "Cell"} ${number}`,
      },
      make("div", { class: "code-box" }, play, this.editor.dom),
      make("div", { class: "cell-foot" }, this.origin, this.original, this.state),
      this.outputs,
    );
    this.showOrigin(view.origin);
    this.showRun(view.run);
    for (const [at, output] of view.outputs.entries()) this.showOutput(at, output);
    this.text.recover();
  }

  update({ source, run, outputs, outputCount }: CellChange): void {
    if (source !== undefined) {
      this.text.remote(source);
      this.showOrigin(source.origin);
    }
    for (const { at, output } of outputs ?? []) this.showOutput(at, output);
    while (this.outputs.children.length > outputCount) this.outputs.lastElementChild!.remove();
    if (run !== undefined) this.showRun(run);
  }

  focus(): void {
    this.editor.focus();
  }

  save(): void {
    void this.text.flush();
  }

  showSolution(code: string): void {
    if (this.element.querySelector(".solution") !== null) return;
    this.element.append(
      make(
        "details",
        { class: "solution" },
        make("summary", {}, "The solution"),
        make("pre", { tabindex: "0" }, code),
      ),
    );
  }

  /** Saves what was typed, then runs that. */
  private async runNow(): Promise<void> {
    try {
      await this.text.flush();
      await order(`/api/run/${this.spec.slug}`, { cell: this.id });
    } catch (error) {
      this.spec.onProblem(`Cannot run cell ${this.spec.number}: ${(error as Error).message}`);
    }
  }

  private async restore(): Promise<void> {
    try {
      await this.text.flush();
      await order(`/api/restore/${this.spec.slug}`, { cell: this.id });
      announce(`Cell ${this.spec.number} has the course's text again`);
    } catch (error) {
      this.spec.onProblem((error as Error).message);
    }
  }

  private showOrigin(origin: Origin): void {
    this.origin.textContent = ORIGINS[origin];
    this.original.hidden = origin === "same" || origin === "own";
  }

  private showOutput(at: number, output: OutputView): void {
    const drawn = drawOutput(output);
    const before = this.outputs.children[at];
    if (before === undefined) this.outputs.append(drawn);
    else {
      // Whoever has opened the words below a live figure keeps them open.
      const open = before.querySelector("details")?.open === true;
      before.replaceWith(drawn);
      if (open) drawn.querySelector("details")?.setAttribute("open", "");
    }
  }

  private showRun(run: RunState): void {
    const was = this.run.state;
    this.run = run;
    this.element.dataset.run = run.state;
    this.element.setAttribute("aria-busy", String(run.state === "running"));
    const time = run.ms === null ? "" : duration(run.ms);
    this.state.textContent = [STATES[run.state], time].filter(Boolean).join(" · ");
    const ended = was === "running" && run.state !== "running";
    if (ended) announce(`Cell ${this.spec.number} ${run.state === "ok" ? "is done" : STATES[run.state]}`);
  }
}

function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
