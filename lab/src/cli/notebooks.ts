import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { nearest } from "./nearest.js";
import { NOTEBOOKS } from "./place.js";

/** The slugs of the built notebooks, in reading order, e.g. `20-one-skb-per-packet`. */
export function notebookSlugs(): string[] {
  const files = readdirSync(NOTEBOOKS).filter((file) => /^\d\d-.*\.ipynb$/.test(file));
  return files.map((file) => basename(file, ".ipynb")).sort();
}

/**
 * Finds the notebook that a person means.
 *
 * @param typed a number (`20`), a name (`20-one-skb-per-packet`), part of a name (`af-xdp`), or a path to an .ipynb file
 * @returns the file's path
 * @throws Error where there is none, or several, and names the nearest; where the path is a folder's
 */
export function findNotebook(typed: string): string {
  const found = typed.endsWith(".ipynb") ? statSync(typed, { throwIfNoEntry: false }) : undefined;
  if (found?.isDirectory())
    throw new Error(`Cannot find notebook "${typed}": it is a folder -> name an .ipynb file in it`);
  if (found !== undefined) return resolve(typed);
  return `${NOTEBOOKS}/${chooseNotebook(typed, notebookSlugs())}.ipynb`;
}

/**
 * Finds the learner's own copy of a notebook, which the course page keeps.
 *
 * @param typed as for `findNotebook`
 * @returns the copy's path, or the course's where there is no copy yet
 */
export function findLearnersNotebook(typed: string): string {
  const path = findNotebook(typed);
  const copy = `${NOTEBOOKS}/mine/${basename(path)}`;
  return existsSync(copy) ? copy : path;
}

/**
 * Chooses among the notebooks that there are.
 *
 * @param typed as for `findNotebook`, but not a path
 * @param slugs what there is
 * @throws Error where none or several fit; names the nearest
 */
export function chooseNotebook(typed: string, slugs: readonly string[]): string {
  const wanted = basename(typed, ".ipynb");
  const matching = slugs.includes(wanted) ? [wanted] : slugs.filter((slug) => slug.includes(wanted));
  if (matching.length === 1) return matching[0]!;
  throw new Error(`Cannot find notebook "${typed}": ${refusal(wanted, matching, slugs)}`);
}

function refusal(wanted: string, matching: readonly string[], slugs: readonly string[]): string {
  if (matching.length > 1) return `it could be ${matching.join(" or ")} -> say more of the name`;
  if (slugs.length === 0) return "no notebook is built -> npx ringside nb build";
  const guess = nearest(wanted, slugs);
  const offer = guess === undefined ? `take one of ${slugs.join(", ")}` : `did you mean ${guess}?`;
  return `there is none of that name -> ${offer}`;
}
