// A Jupyter notebook as data: the part of nbformat 4.5 that Ringside writes and reads.
//
// Written notebooks are byte for byte the same for the same content: keys in one order, one space of indent, text as
// arrays of lines, a line feed at the end. So a diff of two builds shows what an author changed and nothing else.

import { readFileSync, writeFileSync } from "node:fs";

/** Pictures and text of one output by MIME type, as Jupyter stores them: text whole or in lines. */
export type MimeBundle = Record<string, unknown>;

/** What a cell left behind. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A cell; `source` is one string here and an array of lines in the file. */
export type NotebookCell =
  | { cell_type: "markdown"; id: string; metadata: Record<string, unknown>; source: string }
  | {
      cell_type: "code";
      id: string;
      metadata: Record<string, unknown>;
      source: string;
      execution_count: number | null;
      outputs: Output[];
    };

export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Record<string, unknown>;
}

/** The kernel every Ringside notebook names; `kernels/jupyter` provides it. */
export const KERNEL_NAME = "ringside";

/** What a notebook says about its kernel and language. */
export const NOTEBOOK_METADATA: Record<string, unknown> = {
  kernelspec: { display_name: "Ringside (TypeScript)", language: "typescript", name: KERNEL_NAME },
  language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
};

/** @returns the file's text for a notebook; the same text for the same notebook */
export function formatNotebook(notebook: Notebook): string {
  const file = {
    cells: notebook.cells.map(cellForFile),
    metadata: notebook.metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(file, inKeyOrder, 1)}\n`;
}

/** Writes a notebook; see `formatNotebook`. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeFileSync(path, formatNotebook(notebook));
}

/**
 * Reads a notebook file.
 *
 * @throws Error where the file is absent, is not JSON, or is not a notebook of nbformat 4
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`Cannot read notebook ${path}: ${whyUnread((error as NodeJS.ErrnoException).code)}`);
  }
  return parseNotebook(path, text);
}

function whyUnread(code = "unknown error"): string {
  if (code === "ENOENT") return "there is no such file -> npx ringside nb build makes the course's";
  if (code === "EISDIR") return "it is a folder -> name an .ipynb file in it";
  return `${code} -> mend its permissions, or use sudo where it is another user's`;
}

/**
 * Understands a notebook file's text.
 *
 * @param path named in errors
 * @throws Error where the text is not JSON or not a notebook of nbformat 4
 */
export function parseNotebook(path: string, text: string): Notebook {
  const broken = (cause: string): Error =>
    new Error(
      `Cannot read notebook ${path}: ${cause} -> take the file again from where it came; the course's own are built by npx ringside nb build`,
    );
  let file: { nbformat?: unknown; cells?: unknown; metadata?: unknown };
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw broken(`it is not JSON (${(error as Error).message})`);
  }
  if (file?.nbformat !== 4) throw broken(`it has nbformat ${String(file?.nbformat)}, not 4`);
  if (!Array.isArray(file.cells)) throw broken("it has no list of cells");
  const cells = file.cells.map((cell, index) => {
    if (cell?.cell_type !== "code" && cell?.cell_type !== "markdown") {
      throw broken(`cell ${index + 1} is neither code nor markdown`);
    }
    return cellFromFile(cell, index);
  });
  return { cells, metadata: (file.metadata ?? {}) as Record<string, unknown> };
}

function cellForFile(cell: NotebookCell): unknown {
  if (cell.cell_type === "markdown") return { ...cell, source: toLines(cell.source) };
  const outputs = cell.outputs.map((output) =>
    output.output_type === "stream" ? { ...output, text: toLines(output.text) } : output,
  );
  return { ...cell, source: toLines(cell.source), outputs };
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed file has no shape until this function gives it one
function cellFromFile(cell: any, index: number): NotebookCell {
  const common = {
    id: String(cell.id ?? `cell-${index + 1}`),
    metadata: (cell.metadata ?? {}) as Record<string, unknown>,
    source: toText(cell.source),
  };
  if (cell.cell_type === "markdown") return { cell_type: "markdown", ...common };
  const outputs = ((cell.outputs ?? []) as Output[]).map((output) =>
    output.output_type === "stream" ? { ...output, text: toText(output.text) } : output,
  );
  return { cell_type: "code", ...common, execution_count: cell.execution_count ?? null, outputs };
}

/** Jupyter keeps text as lines with their line feeds. */
function toLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** Text that a notebook holds whole or in lines. */
export function toText(value: unknown): string {
  return Array.isArray(value) ? value.join("") : String(value ?? "");
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
