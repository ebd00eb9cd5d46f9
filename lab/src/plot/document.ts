// Figures as one static page: no script, nothing fetched, so that it can be mailed, archived, projected and read later, by day and by
// night. Figures stay on their white cards; the text around them follows the reader's theme.
import { escapeXml } from "./svg.js";

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
svg { display: block; max-width: 100%; height: auto; margin: 1.2rem 0; }
h2 { margin: 2.5rem 0 .3rem; font-size: 1.15rem; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .85rem; }
tbody tr { border-top: 1px solid #8884; }
td { font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
@media (max-width: 40rem) { .wide > svg { max-width: none; width: 40rem; } }
.verdict { font-weight: bold; }
.results { color: #57606a; font-size: .85rem; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; }
  .results { color: #9da7b3; }
}
`;

/** A figure keeps a width at which its words can be read; where the screen is narrower, it scrolls. */
function scrolling(part: string): string {
  return part.startsWith("<svg") ? `<div class="wide">${part}</div>` : part;
}

/**
 * Writes a whole HTML document.
 *
 * @param title also its first heading
 * @param parts markup, one after the other
 */
export function htmlDocument(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
<body>
<h1>${escapeXml(title)}</h1>
${parts.map(scrolling).join("\n")}
</body>
</html>
`;
}
