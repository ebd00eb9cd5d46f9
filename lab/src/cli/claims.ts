import { join } from "node:path";
import { targetFolder, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const claims: Verb = {
  name: "claims",
  summary: "judge the article's claims on this machine",
  operands: "[id...]",
  options: {
    json: JSON_OPTION,
    save: { type: "string", placeholder: "folder", help: "write the ledger there, as .html and .svg" },
  },
  details: `Runs the experiment of each claim, all of them in three minutes, and prints the verdict with the figures it rests on:
supports, contradicts, inconclusive here, not testable here, or no experiment yet. Needs root for most of them and a quiet
machine for some; where it does not get one, the claim says so. Leaves with 0 whatever the verdicts are, and with 1 where an experiment broke off.

  npx ringside claims C07 C10 MegaPipe
  npx ringside claims --save /tmp/ringside`,
  run: judge,
};

async function judge(request: Request): Promise<number> {
  const { countLine, judgeClaims, ledgerFigure, ledgerPage } = await import("../claims/index.js");
  const quiet = request.flag("json");
  const save = request.value("save");
  const folder = save === undefined ? undefined : targetFolder("--save", save);
  const ids = request.operands.length === 0 ? undefined : request.operands;
  const ledger = await judgeClaims(ids, {
    onRow: ({ id, verdict, because }) => {
      if (!quiet) console.log(`${id}  ${verdict.padEnd(18)} ${because}`);
    },
  });
  if (folder !== undefined) {
    writeTarget(join(folder, "claims.html"), ledgerPage(ledger));
    writeTarget(join(folder, "claims.svg"), ledgerFigure(ledger).svg);
  }
  if (quiet) {
    const rows = ledger.rows.map(({ figure, ...row }) => ({ ...row, figure: figure?.text ?? null }));
    console.log(JSON.stringify({ ...ledger, rows }, null, 2));
  } else {
    console.log(`\n${countLine(ledger)}`);
    if (folder !== undefined)
      console.log(`Written: ${join(folder, "claims.html")}, ${join(folder, "claims.svg")}`);
  }
  return ledger.rows.some(({ isBroken }) => isBroken) ? 1 : 0;
}
