// A sheet is one notebook being worked at: its cells, what they were edited to and what they put out, each change with a
// number. A browser that has seen everything up to a number gets what is newer; that is all there is to reload, reconnect
// and second tabs. The numbers begin at the time of day, so they go on growing when the server is started again.

import type { Notebook, NotebookCell, Output } from "../jupyter/index.js";
import type { CopyFile } from "./copy-file.js";
import { baseOf, digest, mergeCourse, withBase } from "./merge-course.js";
import type { CellChange, CellView, EditAnswer, Origin, RunState } from "./protocol.js";
import { type Unfinished, unfinishedOf } from "./run-mark.js";
import { changeSince, loadCell, reloadCell, type SheetCell, storedCell, viewCell } from "./sheet-cell.js";

export class Sheet {
  private cells: SheetCell[] = [];
  private originals: ReadonlyMap<string, string> = new Map();
  private metadata: Record<string, unknown> = {};
  private seq = Date.now() * 1000;
  private layoutSeq = 0;
  private readonly listeners = new Set<() => void>();
  private latestRun: { readonly id: string; readonly at: number } | null = null;
  /** What a killed server was at when it left the file. */
  readonly unfinished: Unfinished;

  /**
   * @param course the notebook as the course has it
   * @param file the learner's copy; it is made, or brought up to date
   */
  constructor(
    private readonly course: Notebook,
    private readonly file: CopyFile,
  ) {
    this.load();
    this.unfinished = unfinishedOf(this.cells.map(({ cell }) => cell));
    this.save();
  }

  /** The number of the last change. */
  get lastSeq(): number {
    return this.seq;
  }

  /** Calls back after every change. @returns stops it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The cells that can be run, in order. */
  codeIds(): string[] {
    return this.cells.filter(({ cell }) => cell.cell_type === "code").map(({ cell }) => cell.id);
  }

  /** @throws RangeError where there is no such cell */
  source(id: string): string {
    return this.find(id).cell.source;
  }

  run(id: string): RunState {
    return this.find(id).run;
  }

  view(): CellView[] {
    return this.cells.map((entry) => viewCell(entry, this.origin(entry.cell)));
  }

  /** All cells in order, where the list is newer than a number. */
  layoutSince(seq: number): string[] | null {
    return this.layoutSeq > seq ? this.cells.map(({ cell }) => cell.id) : null;
  }

  /** What is newer than a number. */
  changesSince(seq: number): CellChange[] {
    return this.cells.flatMap((entry) => changeSince(entry, seq, this.origin(entry.cell)) ?? []);
  }

  /**
   * Takes an edit that was made to the version the editor knew. It is in the file when this returns.
   *
   * @returns refused, with the present text, where somebody else was faster
   * @throws Error where the file cannot be written, or was spoilt by somebody else
   */
  edit(id: string, text: string, version: number): EditAnswer {
    this.reloadIfChanged();
    const entry = this.find(id);
    const accepted = entry.version === version || entry.cell.source === text;
    if (accepted && entry.cell.source !== text) {
      entry.cell = { ...entry.cell, source: text };
      entry.version = ++this.seq;
      this.save();
      this.tell();
    }
    return { accepted, text: entry.cell.source, version: entry.version, origin: this.origin(entry.cell) };
  }

  /** Gives a cell the course's text again. @throws RangeError where the course has no such cell */
  restore(id: string): void {
    this.reloadIfChanged();
    const entry = this.find(id);
    const original = this.originals.get(id);
    if (original === undefined) {
      throw new RangeError(`Cannot restore cell ${id}: the course has no such cell -> keep it, or empty it`);
    }
    entry.cell = withBase({ ...entry.cell, source: original }, original);
    entry.version = ++this.seq;
    this.save();
    this.tell();
  }

  /** The cell that began to run last, and when, in ms since 1970. */
  get lastRun(): { readonly id: string; readonly at: number } | null {
    return this.latestRun;
  }

  /** @param name of the run that begins; else what was known of one is over */
  setRun(id: string, run: RunState, name: string | null = null): void {
    const entry = this.find(id);
    if (run.state === "running") this.latestRun = { id, at: Date.now() };
    entry.run = run;
    entry.runName = name;
    entry.runSeq = ++this.seq;
    this.tell();
  }

  /** @param outputs all there are now; what did not change is not sent again */
  setOutputs(id: string, outputs: readonly Output[]): void {
    const entry = this.find(id);
    const before = entry.outputs.map((output) => JSON.stringify(output));
    const seq = ++this.seq;
    entry.outputSeqs = outputs.map((output, at) =>
      before[at] === JSON.stringify(output) ? entry.outputSeqs[at]! : seq,
    );
    entry.outputs = structuredClone(outputs) as Output[];
    entry.outputsSeq = seq;
    this.tell();
  }

  /** Takes over what Jupyter, or an editor, saved into the file. @throws Error where that is no notebook */
  reloadIfChanged(): void {
    if (!this.file.changedOutside()) return;
    this.load();
    this.tell();
  }

  /** @throws Error where the file cannot be written */
  save(): void {
    this.file.write({ cells: this.cells.map(storedCell), metadata: this.metadata });
  }

  private load(): void {
    const { notebook, originals } = mergeCourse(this.course, this.file.read());
    const before = new Map(this.cells.map((entry) => [entry.cell.id, entry]));
    const sameCells =
      notebook.cells.length === this.cells.length && notebook.cells.every(({ id }) => before.has(id));
    const seq = ++this.seq;
    this.originals = originals;
    this.metadata = notebook.metadata;
    this.cells = notebook.cells.map((cell) => {
      const known = before.get(cell.id);
      return known === undefined ? loadCell(cell, seq) : reloadCell(known, cell, seq);
    });
    if (!sameCells) this.layoutSeq = seq;
  }

  private origin(cell: NotebookCell): Origin {
    const original = this.originals.get(cell.id);
    if (original === undefined) return "own";
    if (cell.source === original) return "same";
    return baseOf(cell) === digest(original) ? "edited" : "course-changed";
  }

  private find(id: string): SheetCell {
    const entry = this.cells.find(({ cell }) => cell.id === id);
    if (entry === undefined) {
      throw new RangeError(`Cannot find cell ${id}: this notebook has none of that name -> reload the page`);
    }
    return entry;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
