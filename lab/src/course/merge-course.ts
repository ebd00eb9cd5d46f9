// The learner works on a copy of his own. When the course is updated, the copy follows it cell by cell: what he did not touch
// becomes what the course says now, what he wrote stays as he wrote it. An answer is never lost, not even when the course
// drops the cell it was written in.
//
// Each cell of the copy remembers, as a digest, which text of the course it began as.

import { createHash } from "node:crypto";
import type { Notebook, NotebookCell } from "../jupyter/index.js";

/** A copy in step with the course. */
export interface Merged {
  readonly notebook: Notebook;
  /** The course's present text of each cell that it has, by the cell's id in the copy. */
  readonly originals: ReadonlyMap<string, string>;
}

/** A short digest of a cell's text. */
export function digest(source: string): string {
  return createHash("sha256").update(source).digest("hex").slice(0, 16);
}

/** Digest of the text that a cell of a copy began as; null for a cell that the learner added. */
export function baseOf(cell: NotebookCell): string | null {
  const ours = cell.metadata.ringside as { base?: unknown } | undefined;
  return typeof ours?.base === "string" ? ours.base : null;
}

/** The same cell with another text, which is the course's own. */
export function withBase<Cell extends NotebookCell>(cell: Cell, source: string): Cell {
  const ours = cell.metadata.ringside as Record<string, unknown> | undefined;
  return { ...cell, metadata: { ...cell.metadata, ringside: { ...ours, base: digest(source) } } };
}

/**
 * Brings a copy up to date.
 *
 * @param course the notebook as the course has it now
 * @param copy what the learner has; null makes a fresh copy
 */
export function mergeCourse(course: Notebook, copy: Notebook | null): Merged {
  const theirs = [...(copy?.cells ?? [])];
  const partners = findPartners(course.cells, theirs);
  const merged: NotebookCell[] = [];
  const originals = new Map<string, string>();
  let next = 0;
  // Cells without a partner keep their place behind the one they followed; untouched ones that the course dropped go.
  const keepUpTo = (end: number): void => {
    for (; next < end; next++) {
      const cell = theirs[next]!;
      if (!partners.taken.has(cell) && wasWritten(cell)) merged.push(cell);
    }
  };
  for (const cell of course.cells) {
    const mine = partners.of.get(cell);
    if (mine !== undefined) keepUpTo(theirs.indexOf(mine));
    const kept = mine === undefined ? withBase(cell, cell.source) : mergeCell(cell, mine);
    merged.push(kept);
    originals.set(kept.id, cell.source);
  }
  keepUpTo(theirs.length);
  return { notebook: { cells: uniqueIds(merged), metadata: course.metadata }, originals };
}

/** Whether the learner wrote something in it that is not the course's. */
function wasWritten(cell: NotebookCell): boolean {
  return cell.source.trim() !== "" && baseOf(cell) !== digest(cell.source);
}

interface Partners {
  readonly of: ReadonlyMap<NotebookCell, NotebookCell>;
  readonly taken: ReadonlySet<NotebookCell>;
}

/** Pairs cells of the course with cells of the copy: by the text they began as, and exercises by their name, too. */
function findPartners(course: readonly NotebookCell[], copy: readonly NotebookCell[]): Partners {
  const of = new Map<NotebookCell, NotebookCell>();
  const taken = new Set<NotebookCell>();
  const pair = (fits: (cell: NotebookCell, mine: NotebookCell) => boolean): void => {
    for (const cell of course) {
      if (of.has(cell)) continue;
      const mine = copy.find(
        (other) => !taken.has(other) && other.cell_type === cell.cell_type && fits(cell, other),
      );
      if (mine === undefined) continue;
      of.set(cell, mine);
      taken.add(mine);
    }
  };
  pair((cell, mine) => isNamed(cell.id) && mine.id === cell.id);
  pair((cell, mine) => baseOf(mine) === digest(cell.source) && mine.id === cell.id);
  pair((cell, mine) => baseOf(mine) === digest(cell.source) && !isNamed(mine.id));
  // The course changed the text of a cell in its place.
  pair((cell, mine) => mine.id === cell.id && !wasWritten(mine));
  return { of, taken };
}

/** An author's name for a cell stays with it; a number only says where it stood. */
function isNamed(id: string): boolean {
  return !/-\d\d$/.test(id);
}

function mergeCell(course: NotebookCell, mine: NotebookCell): NotebookCell {
  if (wasWritten(mine)) return { ...mine, id: course.id };
  if (mine.source === course.source) return withBase({ ...mine, id: course.id }, course.source);
  return withBase(course, course.source);
}

function uniqueIds(cells: readonly NotebookCell[]): NotebookCell[] {
  const seen = new Set<string>();
  return cells.map((cell) => {
    let id = cell.id;
    for (let n = 1; seen.has(id); n++) id = `${cell.id}-yours${n}`;
    seen.add(id);
    return id === cell.id ? cell : { ...cell, id };
  });
}
