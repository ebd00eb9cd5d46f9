// The ledger as one static page.
import { escapeXml, htmlDocument } from "../plot/index.js";
import { countLine, type Ledger, type LedgerRow, ledgerFigure } from "./ledger.js";

/** @returns a whole HTML document, with the ledger's figure first and each claim with its own below */
export function ledgerPage(ledger: Ledger): string {
  return htmlDocument("Claim ledger", [
    `<p>${escapeXml(countLine(ledger))}. The statements with a number are those of Pekka Enberg's article "On Kernel-Bypass Networking and
Programmable Packet Processing" (2018), in our words; those with a name are what the papers and data behind it say of themselves. A
verdict holds for the machine named in the figure; where it rests on published data or arithmetic alone, it says so.</p>`,
    ledgerFigure(ledger).svg,
    ...ledger.rows.map(section),
  ]);
}

function section({ id, statement, verdict, because, results, sources = [], figure }: LedgerRow): string {
  const listed = (what: string, names: readonly string[]): string =>
    names.length === 0 ? "" : `\n<p class="results">${what}: ${names.map(escapeXml).join(", ")}</p>`;
  return `<section id="${id}">
<h2>${id}. ${escapeXml(statement)}</h2>
<p><span class="verdict">${verdict}</span>: ${escapeXml(because)}</p>${listed("Results", results)}${listed("Rests on", sources)}
${figure === undefined ? "" : `<div class="wide">${figure.svg}</div>`}
</section>`;
}
