// An executed notebook as one static page: no script, nothing fetched, so that it can be mailed, archived and read later.

import { escapeXml } from "../plot/index.js";
import { renderMarkdown } from "./markdown.js";
import { type MimeBundle, type Notebook, type NotebookCell, type Output, toText } from "./notebook.js";

const STYLE = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
pre { padding: .6rem .8rem; overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; background: #f4f5f7; border-radius: 4px; }
.output pre { background: none; padding: 0 .8rem; margin: .3rem 0; }
.output { margin: 0 0 1.2rem; border-left: 3px solid #d0d7de; padding-left: .4rem; }
.output pre.stderr, .output pre.error { color: #a40e26; }
.output img, .output svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { padding: .2rem .7rem; border-bottom: 1px solid #d0d7de; text-align: left; }
`;

/** The richest form first; what a page without script cannot show is left out. */
const RENDERERS: readonly (readonly [string, (text: string) => string])[] = [
  ["text/html", (text) => text],
  ["image/svg+xml", (text) => text],
  ["image/png", (text) => `<img alt="" src="data:image/png;base64,${text.replaceAll("\n", "")}">`],
  ["text/markdown", renderMarkdown],
  ["text/plain", (text) => `<pre>${escapeXml(text)}</pre>`],
];

/**
 * Renders a notebook with the outputs it holds.
 *
 * @param title of the page
 * @returns a whole HTML document
 */
export function renderNotebookHtml(title: string, notebook: Notebook): string {
  const body = notebook.cells.map(renderCell).join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
<body>
${body}
</body>
</html>
`;
}

function renderCell(cell: NotebookCell): string {
  const id = escapeXml(cell.id);
  if (cell.cell_type === "markdown") return `<section id="${id}">${renderMarkdown(cell.source)}</section>`;
  const outputs = cell.outputs.map(renderOutput).join("\n");
  const code = `<pre><code>${escapeXml(cell.source)}</code></pre>`;
  return `<section id="${id}">${code}${outputs === "" ? "" : `\n<div class="output">${outputs}</div>`}</section>`;
}

function renderOutput(output: Output): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="${output.name}">${escapeXml(output.text)}</pre>`;
    case "error":
      return `<pre class="error">${escapeXml(output.traceback.join("\n"))}</pre>`;
    default:
      return renderBundle(output.data);
  }
}

function renderBundle(data: MimeBundle): string {
  const renderer = RENDERERS.find(([type]) => type in data);
  return renderer === undefined ? "" : renderer[1](toText(data[renderer[0]]));
}
