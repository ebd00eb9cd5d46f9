// The source of a notebook is one TypeScript file in the percent format, which jupytext, VS Code and Spyder know:
//
//   // %% [markdown]
//   // # What a system call costs
//   //
//   // A question in prose; each line is a comment.
//   // %% tags=["exercise"] id="halve"
//   const calls = 2;
//
// A line `// %%` begins a cell; `[markdown]` makes it text; `key=value` pairs, with values in JSON, are its metadata. `id` is
// the cell's own name, by which checks and links find it.

/** Metadata of a cell, as the build writes it into the notebook. */
export type CellMetadata = Record<string, unknown>;

/** One cell of a notebook's source. */
export interface SourceCell {
  readonly kind: "code" | "markdown";
  /** Code, or markdown without its comment marks; no blank line at either end. */
  readonly text: string;
  /** The name that the author gave it, or null. */
  readonly id: string | null;
  readonly metadata: CellMetadata;
  /** Line of `text`'s first line in the source file, from 1. */
  readonly line: number;
}

const MARKER = /^\/\/ %%(?:\s+(.*))?$/;
const PAIR = /^([A-Za-z_][\w.-]*)=/;

/**
 * Reads a notebook's source.
 *
 * @param name named in errors, e.g. `11-what-a-syscall-costs.ts`
 * @param text the file
 * @returns its cells in order; cells without any text are left out
 * @throws SyntaxError where text stands before the first cell, a marker cannot be read, or a line of a markdown
 *   cell is not a comment
 */
export function parsePercent(name: string, text: string): SourceCell[] {
  const cells: SourceCell[] = [];
  let open: Omit<SourceCell, "text"> | null = null;
  let lines: string[] = [];

  const close = (): void => {
    if (open === null) {
      refuseTextBeforeCells(name, lines);
      return;
    }
    const { kind, line } = open;
    const bare =
      kind === "markdown" ? lines.map((each, index) => uncomment(name, each, line + index)) : lines;
    const first = bare.findIndex((each) => each.trim() !== "");
    if (first >= 0) cells.push({ ...open, text: trimBlankLines(bare), line: line + first });
  };

  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const marker = MARKER.exec(line);
    if (marker === null) {
      lines.push(line);
      continue;
    }
    close();
    open = { ...parseMarker(name, marker[1] ?? "", index + 1), line: index + 2 };
    lines = [];
  }
  close();
  return cells;
}

/** Writes cells in the percent format; `parsePercent` gives them back. */
export function printPercent(cells: readonly SourceCell[]): string {
  return cells
    .map((cell) => {
      const pairs = Object.entries({ ...(cell.id === null ? {} : { id: cell.id }), ...cell.metadata });
      const words = pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      if (cell.kind === "markdown") words.unshift("[markdown]");
      const body = cell.kind === "markdown" ? cell.text.split("\n").map(comment).join("\n") : cell.text;
      return `${["// %%", ...words].join(" ")}\n${body}\n`;
    })
    .join("\n");
}

function parseMarker(
  name: string,
  words: string,
  line: number,
): Pick<SourceCell, "kind" | "id" | "metadata"> {
  let rest = words.trim();
  const kind = rest.startsWith("[markdown]") ? "markdown" : "code";
  if (kind === "markdown") rest = rest.slice("[markdown]".length).trim();
  const { id = null, ...metadata } = parsePairs(rest, (cause) => {
    return new SyntaxError(
      `Cannot read ${name} line ${line}, "// %% ${words}": ${cause} -> write // %% [markdown] or // %% id="name" tags=["exercise"]`,
    );
  });
  return { kind, id: id === null ? null : String(id), metadata };
}

function parsePairs(text: string, failure: (cause: string) => Error): CellMetadata {
  const metadata: CellMetadata = {};
  let rest = text;
  while (rest !== "") {
    const key = PAIR.exec(rest)?.[1];
    if (key === undefined) throw failure(`"${rest}" is not key=value`);
    rest = rest.slice(key.length + 1);
    const end = jsonLength(rest);
    if (end === null) throw failure(`the value of ${key} is not JSON`);
    metadata[key] = JSON.parse(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return metadata;
}

/** @returns the length of the shortest JSON value that `text` begins with and that a space or the end follows */
function jsonLength(text: string): number | null {
  for (let end = 1; end <= text.length; end++) {
    if (end < text.length && text[end] !== " ") continue;
    try {
      JSON.parse(text.slice(0, end));
      return end;
    } catch {
      // A space inside a string or a list: read on.
    }
  }
  return null;
}

function uncomment(name: string, line: string, number: number): string {
  if (line.trim() === "" || line === "//") return "";
  if (line.startsWith("// ")) return line.slice(3);
  throw new SyntaxError(
    `Cannot read ${name} line ${number}, "${line}": a line of a markdown cell must begin with "// " -> write "// ${line.trim()}", or begin a code cell with // %%`,
  );
}

function comment(line: string): string {
  return line === "" ? "//" : `// ${line}`;
}

function trimBlankLines(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

function refuseTextBeforeCells(name: string, lines: readonly string[]): void {
  const at = lines.findIndex((line) => line.trim() !== "");
  if (at < 0) return;
  throw new SyntaxError(
    `Cannot read ${name} line ${at + 1}, "${lines[at]}": it stands before the first cell -> begin the file with // %% [markdown]`,
  );
}
