// The ledger as one static page: no script, nothing fetched, so that it can be mailed, archived and read later.
import { escapeXml } from "../plot/index.js";
import { countLine, type Ledger, type LedgerRow, ledgerFigure } from "./ledger.js";

const STYLE = `
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
svg { max-width: 100%; height: auto; }
h2 { margin: 2.5rem 0 .3rem; font-size: 1.15rem; }
.verdict { font-weight: bold; }
.results { color: #57606a; font-size: .85rem; }
`;

/** @returns a whole HTML document, with the ledger's figure first and each claim with its own below */
export function ledgerPage(ledger: Ledger): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claim ledger</title>
<style>${STYLE}</style>
<body>
<h1>Claim ledger</h1>
<p>${escapeXml(countLine(ledger))}. The statements are those of Pekka Enberg's article "On Kernel-Bypass Networking and
Programmable Packet Processing" (2018), in our words. A verdict holds for the machine named in the figure.</p>
${ledgerFigure(ledger).svg}
${ledger.rows.map(section).join("\n")}
</body>
</html>
`;
}

function section({ id, statement, verdict, because, results, figure }: LedgerRow): string {
  const sources =
    results.length === 0 ? "" : `\n<p class="results">Results: ${results.map(escapeXml).join(", ")}</p>`;
  return `<section id="${id}">
<h2>${id}. ${escapeXml(statement)}</h2>
<p><span class="verdict">${verdict}</span>: ${escapeXml(because)}</p>${sources}
${figure?.svg ?? ""}
</section>`;
}
