/**
 * claims: what does each statement of the article come to on this machine?
 *
 * Read `claim.ts` first, then one file of `article/` (`buffers.ts` is the plainest) and `ledger.ts`; notebook 60-bake-off and
 * `ringside claims` show the ledger. To add a claim's experiment, give it an `examine` there. Left out: measuring itself
 * (`measure`), and a verdict for any machine but this one.
 */
export { judgeBoots } from "./article/two-boots.js";
export { type Claim, type ClaimVerdict, type Finding, verdictOf } from "./claim.js";
export { Examiner } from "./examiner.js";
export {
  claims,
  countLine,
  judgeClaims,
  type Ledger,
  type LedgerOptions,
  type LedgerRow,
  ledgerFigure,
  VERDICT_ORDER,
} from "./ledger.js";
export { ledgerPage } from "./page.js";
export { papers } from "./papers/index.js";
