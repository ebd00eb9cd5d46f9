// An agenda is a text that a person can read as it is, `notebooks/workshops/<name>.md`: a title, what it is for, and a
// section for each thing that the room does together.
//
//   # Kernel bypass in 90 minutes
//
//   For people who have written a socket program.
//
//   ## One skb per packet
//   - minutes: 20
//   - notebook: 20-one-skb-per-packet
//   - release: predict-the-counts
//
//   Let them predict before anybody runs a cell.
//
// `notebook` is left out for a break or a talk. `release` names the exercises whose solutions the section's button gives
// out: all of its notebook's unless it is there, and `none` for none. What follows is the instructor's own note.

/** One thing that the room does together. */
export interface Section {
  readonly title: string;
  readonly minutes: number;
  /** Slug of the notebook, or null. */
  readonly notebook: string | null;
  /** Ids of the exercises whose solutions may be released in it. */
  readonly releases: readonly string[];
  readonly notes: string;
}

export interface Agenda {
  readonly title: string;
  readonly about: string;
  readonly sections: readonly Section[];
}

/** What an agenda can name: notebooks by their slugs, exercises by their ids. */
export interface Course {
  readonly notebooks: readonly string[];
  readonly exercises: readonly string[];
}

/** Lines with their numbers, from 1. */
interface Line {
  readonly text: string;
  readonly number: number;
}

const LONGEST_MINUTES = 480;

/**
 * Reads an agenda.
 *
 * @param name of the file, for errors
 * @throws SyntaxError that names the line, where something is missing, misspelt, or not in the course
 */
export function parseAgenda(name: string, text: string, course: Course): Agenda {
  const lines = text.split(/\r?\n/).map((line, index) => ({ text: line.trimEnd(), number: index + 1 }));
  const at = lines.findIndex(({ text: line }) => line !== "");
  const title = /^# (.+)$/.exec(lines[at]?.text ?? "")?.[1];
  if (title === undefined) throw mistake(name, at + 1 || 1, "it does not begin with a title", "# A title");
  const begins = lines.flatMap(({ text: line }, index) => (line.startsWith("## ") ? [index] : []));
  if (begins.length === 0) throw mistake(name, lines.length, "it has no section", "## A section");
  const sections = begins.map((begin, n) => readSection(name, lines.slice(begin, begins[n + 1]), course));
  return { title, about: prose(lines.slice(at + 1, begins[0])), sections };
}

/** Minutes of all sections together. */
export function totalMinutes({ sections }: Agenda): number {
  return sections.reduce((sum, { minutes }) => sum + minutes, 0);
}

function readSection(name: string, [head, ...rest]: readonly Line[], course: Course): Section {
  const fields = new Map<string, Line>();
  const notes: Line[] = [];
  for (const line of rest) {
    const [, key, value] = /^- ([a-z]+): *(.*)$/.exec(line.text) ?? [];
    if (key === undefined) notes.push(line);
    else if (!["minutes", "notebook", "release"].includes(key))
      throw mistake(name, line.number, `"${key}" is no field`, "minutes, notebook or release");
    else if (fields.has(key)) throw mistake(name, line.number, `"${key}" is there twice`, "leave one out");
    else fields.set(key, { text: value!, number: line.number });
  }
  const title = head!.text.slice(3).trim();
  const minutes = readMinutes(name, title, fields.get("minutes"), head!.number);
  const notebook = readNotebook(name, fields.get("notebook"), course);
  const releases = readReleases(name, notebook, fields.get("release"), course);
  return { title, minutes, notebook, releases, notes: prose(notes) };
}

function readMinutes(name: string, title: string, field: Line | undefined, at: number): number {
  if (field === undefined)
    throw mistake(name, at, `"${title}" does not say how long it takes`, "- minutes: 15");
  const minutes = Number(field.text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_MINUTES) return minutes;
  throw mistake(
    name,
    field.number,
    `"${field.text}" is no number from 1 to ${LONGEST_MINUTES}`,
    "- minutes: 15",
  );
}

function readNotebook(name: string, field: Line | undefined, { notebooks }: Course): string | null {
  if (field === undefined) return null;
  if (notebooks.includes(field.text)) return field.text;
  throw mistake(
    name,
    field.number,
    `the course has no notebook ${field.text}`,
    `one of ${notebooks.join(", ")}`,
  );
}

function readReleases(
  name: string,
  notebook: string | null,
  field: Line | undefined,
  { exercises }: Course,
): string[] {
  const own = exercises.filter((id) => notebook !== null && id.startsWith(`${notebook}/`));
  if (field === undefined) return own;
  if (field.text === "none") return [];
  return field.text.split(/ *, */).map((exercise) => {
    const id = `${notebook}/${exercise}`;
    if (own.includes(id)) return id;
    const names = own.map((each) => each.slice(each.indexOf("/") + 1));
    throw mistake(
      name,
      field.number,
      `${notebook ?? "a section without a notebook"} has no exercise "${exercise}"`,
      names.length === 0 ? "leave the line out" : `one of ${names.join(", ")}`,
    );
  });
}

/** Lines as text, without the empty ones around them. */
function prose(lines: readonly Line[]): string {
  return lines
    .map(({ text }) => text)
    .join("\n")
    .trim();
}

function mistake(name: string, line: number, cause: string, remedy: string): SyntaxError {
  return new SyntaxError(`Cannot read agenda ${name}, line ${line}: ${cause} -> write ${remedy}`);
}
