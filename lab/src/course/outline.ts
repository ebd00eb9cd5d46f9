// The course at a glance: what each notebook asks, takes and needs, read from its own first cell, and how far the learner is.

import { readNotebook } from "../jupyter/index.js";
import type { Desk } from "./desk.js";
import type { ExerciseState, OutlineEntry } from "./protocol.js";

/** The part of a cell that tells about the notebook. */
interface Told {
  readonly source: string;
}

/** Reads the outline. A notebook that cannot be read is left out rather than taking the page with it. */
export function readOutline(
  desk: Desk,
  exercises: (slug: string) => readonly ExerciseState[],
): OutlineEntry[] {
  return desk.slugs().flatMap((slug) => {
    try {
      return [entry(desk, slug, exercises(slug))];
    } catch {
      return [];
    }
  });
}

function entry(desk: Desk, slug: string, exercises: readonly ExerciseState[]): OutlineEntry {
  const { cells } = readNotebook(desk.existingCopy(slug) ?? desk.coursePath(slug));
  const code = cells.flatMap((cell) => (cell.cell_type === "code" ? [cell] : []));
  const ran = code.filter(
    ({ execution_count, outputs }) =>
      execution_count !== null && !outputs.some(({ output_type }) => output_type === "error"),
  );
  const first = cells[0]?.source ?? "";
  return {
    slug,
    title: titleOf(cells),
    question: saidAfter(first, "Question"),
    minutes: saidAfter(first, "Minutes"),
    needs: saidAfter(first, "Needs"),
    cells: code.length,
    ran: ran.length,
    exercises,
  };
}

/** The first heading. */
export function titleOf(cells: readonly Told[]): string {
  return /^# (.+)$/m.exec(cells[0]?.source ?? "")?.[1]?.trim() ?? "Untitled";
}

/** What follows a bold word and a colon, up to the end of its paragraph or the next such word; empty where there is none. */
function saidAfter(text: string, word: string): string {
  const mark = `**${word}:** `;
  const paragraph = text.split(/\n\s*\n/).find((part) => part.includes(mark)) ?? mark;
  const said = paragraph.slice(paragraph.indexOf(mark) + mark.length).split(" · **")[0]!;
  return said.replace(/\s+/g, " ").trim();
}
