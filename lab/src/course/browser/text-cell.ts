// A cell of text: cleaned HTML, the field's words explained.

import type { CellView, Term } from "../protocol.js";
import type { Cell } from "./cell.js";
import { cleanHtml } from "./clean.js";
import { make } from "./dom.js";
import { explainWords } from "./terms.js";

/** @param terms words that have an explanation; each is marked once a cell */
export function textCell(view: CellView, terms: readonly Term[]): Cell {
  const element = make("section", { class: "cell text", id: `cell-${view.id}`, tabindex: "-1" });
  element.append(cleanHtml(view.html));
  for (const table of element.querySelectorAll("table")) {
    const box = make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Table" });
    table.replaceWith(box);
    box.append(table);
  }
  for (const code of element.querySelectorAll("pre")) code.tabIndex = 0;
  explainWords(element, terms);
  return {
    id: view.id,
    element,
    update() {
      // Text changes only with the list of cells, and then the page draws itself anew.
    },
    focus: () => element.focus(),
  };
}
