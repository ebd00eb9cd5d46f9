// Markdown becomes HTML here and nowhere else. The HTML holds whatever the text held, so who shows it must clean it (the
// course page) or trust the notebook (the static page of `ringside run --html`).

import { marked } from "marked";

/** @returns HTML, not cleaned */
export function renderMarkdown(text: string): string {
  return marked.parse(text, { async: false });
}
