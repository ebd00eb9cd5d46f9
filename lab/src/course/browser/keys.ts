// Moving among cells with the keyboard alone, as in Jupyter: with a cell itself in focus, up and down (or k and j) go to its
// neighbours and Enter goes inside.

import type { Cell } from "./cell.js";

/** @param list the element that holds the cells */
export function moveByKeys(list: HTMLElement, cells: readonly Cell[]): void {
  list.addEventListener("keydown", (event) => {
    const at = cells.findIndex(({ element }) => element === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) {
      const next = cells[at + step];
      next?.element.focus();
      next?.element.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") cells[at]!.focus();
    else return;
    event.preventDefault();
  });
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 };
