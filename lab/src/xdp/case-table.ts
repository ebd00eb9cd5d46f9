// A table of cases, drawn: what was asked of each packet, what came, and where the two differ.
import { type Cell, type Displayable, htmlTable, type Provenance } from "../plot/index.js";
import { type CaseResult, type ProgramCase, runCases } from "./cases.js";
import { describeChange } from "./map-changes.js";
import type { XdpTrial } from "./try.js";

/** What stands around the table. */
export interface CaseTableOptions {
  readonly title: string;
  readonly provenance?: Provenance;
}

const NOT_RUN = "not run";
const COLUMNS = ["packet", "bytes", "asked", "answered", "map changes", "right?"];

/**
 * Plays cases on a program and draws them, in their order, on its own maps.
 *
 * @returns the table; the trial itself, which says why, where the program is not loaded
 */
export function caseTable(
  trial: XdpTrial,
  cases: readonly ProgramCase[],
  options: CaseTableOptions,
): Displayable {
  const { program } = trial;
  if (program === null) return trial;
  const remembers = cases.some(({ changes }) => changes !== undefined);
  const shown = COLUMNS.filter((name) => remembers || name !== "map changes");
  const rows = runCases(program, cases).map((result) => shown.map((name) => cellOf(name, result)));
  return htmlTable(
    shown.map((name) => ({ name })),
    rows,
    options,
  );
}

function cellOf(column: string, { case: asked, run, wrong }: CaseResult): Cell {
  switch (column) {
    case "packet":
      return asked.name;
    case "bytes":
      return asked.packet.length;
    case "asked":
      return asked.verdict ?? NOT_RUN;
    case "answered":
      return run?.verdict ?? NOT_RUN;
    case "map changes":
      return run?.changes.map(describeChange).join("; ") || "none";
    default:
      return wrong ?? "yes";
  }
}
