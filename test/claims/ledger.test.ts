import {
  claims,
  countLine,
  judgeClaims,
  ledgerFigure,
  ledgerPage,
  papers,
  VERDICT_ORDER,
} from "ringside/claims";
import { describe, expect, test } from "vitest";

const PURE = ["C01", "C02", "C03", "C08", "C30"];

describe("the list of claims", () => {
  test("is C01 to C30 in the article's order, each a sentence", () => {
    expect(claims.map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, i) => `C${String(i + 1).padStart(2, "0")}`),
    );
    for (const { id, statement } of claims) expect(statement, id).toMatch(/^.{20,140}\.$/);
  });
});

test("papers are named by their systems, each with a sentence and an experiment", () => {
  const ids = papers.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(["Rupp", "FlexSC", "MegaPipe", "Affinity-Accept", "Fastsocket"]),
  );
  for (const { id, statement, examine } of papers) {
    expect(statement, id).toMatch(/^.{20,140}\.$/);
    expect(examine, id).toBeDefined();
  }
});

test("a paper is found by its name in any case, and Rupp's points say less than the article made of them", async () => {
  const { rows } = await judgeClaims(["rupp"]);
  expect(rows).toMatchObject([{ id: "Rupp", verdict: "supports", results: [] }]);
});

describe("a ledger", () => {
  test("judges by arithmetic and published data on any machine", async () => {
    const { rows } = await judgeClaims(PURE);
    expect(rows.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["C01", "contradicts"],
      ["C02", "supports"],
      ["C03", "supports"],
      ["C08", "not testable here"],
      ["C30", "not testable here"],
    ]);
    expect(rows[2]!.because).toContain("1230.4 ns at 10 GbE and 61.52 ns at 200 GbE");
  });

  test("counts what has no experiment yet, in words too; by now all have one", async () => {
    const ledger = await judgeClaims(PURE);
    expect(claims.filter(({ examine }) => examine === undefined)).toEqual([]);
    expect(VERDICT_ORDER.reduce((sum, verdict) => sum + ledger.counts[verdict], 0)).toBe(PURE.length);
    expect(countLine(ledger)).toBe(
      "5 claims: 2 supports, 1 contradicts, 0 inconclusive here, 2 not testable here, 0 no experiment yet",
    );
  });

  test("tells each line as it is known, and stops when it is told to", async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const onRow = ({ id }: { id: string }): void => {
      seen.push(id);
      if (id === "C02") stop.abort(new Error("enough"));
    };
    await expect(judgeClaims(PURE, { onRow, signal: stop.signal })).rejects.toThrow("enough");
    expect(seen).toEqual(["C01", "C02"]);
  });

  test("refuses an id that there is not", async () => {
    await expect(judgeClaims(["C31"])).rejects.toThrow("Cannot find claim C31: there is none of that id");
  });
});

describe("its page", () => {
  test("is one document with the ledger first and a section for each claim, and loads nothing", async () => {
    const ledger = await judgeClaims(PURE);
    const html = ledgerPage(ledger);
    expect(html.match(/<section id="C\d\d">/g)).toHaveLength(PURE.length);
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  test("shows in its figure every statement whole, the last word too, in the drawing as in the text", async () => {
    const [{ environment, counts }, all] = [await judgeClaims(["C03"]), [...claims, ...papers]];
    const rows = all.map(({ id, statement }) => ({
      ...{ id, statement, verdict: "supports" as const },
      ...{ because: "", results: [] },
    }));
    const { svg, text } = ledgerFigure({ environment, counts, rows });
    expect(svg.slice(svg.indexOf("C01"))).not.toContain("…");
    for (const { statement } of all) {
      expect(svg).toContain(`${statement.split(" ").at(-1)!}</text>`);
      expect(text).toContain(statement);
    }
  });

  test("says whose statements those with a name are", async () => {
    expect(ledgerPage(await judgeClaims(["Rupp"]))).toContain("those with a name are what the papers");
  });
});
