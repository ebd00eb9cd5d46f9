// What a page knows of any cell, whatever its kind.

import type { CellChange } from "../protocol.js";

export interface Cell {
  readonly id: string;
  readonly element: HTMLElement;
  /** Brings in what is new. */
  update(change: CellChange): void;
  /** Puts the keyboard there: in the editor, or on the cell itself. */
  focus(): void;
  /** Shows a solution that the workshop's instructor has released. */
  showSolution?(code: string): void;
  /** Sends what was typed and not saved yet. */
  save?(): void;
}
