// The ledger: every claim of the article with its verdict on this machine. A claim that nobody has tested yet says so, and is counted.
import { type Environment, environmentProvenance, recordEnvironment } from "../measure/index.js";
import { type Figure, verdictsFigure } from "../plot/index.js";
import { bufferClaims } from "./article/buffers.js";
import { bypassClaims } from "./article/bypass.js";
import { ownStackClaims } from "./article/own-stack.js";
import { programmableClaims } from "./article/programmable.js";
import { socketClaims } from "./article/sockets.js";
import { trendClaims } from "./article/trends.js";
import type { Claim, ClaimVerdict, Finding } from "./claim.js";
import { Examiner } from "./examiner.js";
import { papers } from "./papers/index.js";

/** The article's claims, in its order. */
export const claims: readonly Claim[] = [
  ...trendClaims,
  ...socketClaims,
  ...bufferClaims,
  ...bypassClaims,
  ...ownStackClaims,
  ...programmableClaims,
];

/** The verdicts, as a ledger orders them. */
export const VERDICT_ORDER: readonly ClaimVerdict[] = [
  "supports",
  "contradicts",
  "inconclusive here",
  "not testable here",
  "no experiment yet",
];

/** One line of the ledger. */
export interface LedgerRow extends Finding {
  readonly id: string;
  readonly statement: string;
}

/** The claims that were asked for, each with its verdict. */
export interface Ledger {
  readonly environment: Environment;
  readonly rows: readonly LedgerRow[];
  /** How many claims have each verdict. */
  readonly counts: Readonly<Record<ClaimVerdict, number>>;
}

/** What a ledger may be told. */
export interface LedgerOptions {
  /** Ends the running experiment and the ledger with it. */
  readonly signal?: AbortSignal;
  /** Told each line as it is known. */
  readonly onRow?: (row: LedgerRow) => void;
}

/**
 * Examines claims one after the other. All of them take three minutes and need root for the most part.
 *
 * @param ids `C07`, `MegaPipe` and the like; all claims and papers unless given
 * @throws RangeError for an id that there is not; the signal's reason
 */
export async function judgeClaims(
  ids: readonly string[] = [...claims, ...papers].map(({ id }) => id),
  { signal, onRow = () => undefined }: LedgerOptions = {},
): Promise<Ledger> {
  const chosen = ids.map(findClaim);
  const examiner = new Examiner(signal);
  const rows: LedgerRow[] = [];
  for (const claim of chosen) {
    signal?.throwIfAborted();
    const row = rowOf(claim, await examiner.examine(claim));
    rows.push(row);
    onRow(row);
  }
  const count = (verdict: ClaimVerdict) => [verdict, rows.filter((row) => row.verdict === verdict).length];
  const counts = Object.fromEntries(VERDICT_ORDER.map(count)) as Ledger["counts"];
  return { environment: recordEnvironment(), rows, counts };
}

function findClaim(id: string): Claim {
  const found = [...claims, ...papers].find((claim) => claim.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find claim ${id}: there is none of that id -> take one of C01 to C${claims.length}, ${papers.map((paper) => paper.id).join(", ")}`,
  );
}

function rowOf({ id, statement }: Claim, finding: Finding | null): LedgerRow {
  if (finding === null) {
    return {
      id,
      statement,
      verdict: "no experiment yet",
      because: "Its experiment is still to be written.",
      results: [],
    };
  }
  return { id, statement, ...finding };
}

/** `30 claims: 10 supports, 2 contradicts, ...` */
export function countLine({ rows, counts }: Ledger): string {
  const parts = VERDICT_ORDER.map((verdict) => `${counts[verdict]} ${verdict}`);
  return `${rows.length} claim${rows.length === 1 ? "" : "s"}: ${parts.join(", ")}`;
}

/** The ledger as one figure, for a slide. */
export function ledgerFigure(ledger: Ledger): Figure {
  return verdictsFigure({
    title: "What the article says, and what this machine says",
    note: countLine(ledger),
    provenance: environmentProvenance(ledger.environment),
    rows: ledger.rows.map(({ id, statement, verdict }) => ({ id, text: statement, verdict })),
  });
}
