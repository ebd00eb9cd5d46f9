/** Something an author has to mend in a notebook's source. */
export interface Problem {
  /** The source's file name. */
  readonly notebook: string;
  /** Counts from 1, markdown included; 0 for the notebook as a whole. */
  readonly cell: number;
  /** Line in the cell, from 1; 0 for the cell as a whole. */
  readonly line: number;
  /** What is wrong and, after `->`, the next step. */
  readonly message: string;
}

/** @returns `33-af-xdp.ts, cell 4, line 2: …` */
export function formatProblem({ notebook, cell, line, message }: Problem): string {
  const place = [notebook, ...(cell > 0 ? [`cell ${cell}`] : []), ...(line > 0 ? [`line ${line}`] : [])];
  return `${place.join(", ")}: ${message}`;
}
