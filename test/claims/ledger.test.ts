import {
  claims,
  countLine,
  Examiner,
  judgeBoots,
  judgeClaims,
  ledgerFigure,
  ledgerPage,
  papers,
  VERDICT_ORDER,
} from "ringside/claims";
import { type Environment, recordEnvironment, type StoredRecording } from "ringside/measure";
import { describe, expect, test } from "vitest";

const PURE = ["C01", "C02", "C03", "C30"];

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
    expect.arrayContaining([
      ...["Rupp", "FlexSC", "MegaPipe", "Affinity-Accept", "Fastsocket"],
      ...["Corbet", "mTCP", "TRIOS", "XDP-for-the-Rest-of-Us"],
    ]),
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
      ["C30", "not testable here"],
    ]);
    for (const { id, sources, figure } of rows.slice(0, 3)) {
      expect(sources, id).not.toEqual([]);
      expect(figure, id).toBeDefined();
    }
    expect(rows[2]!.because).toContain("1230.4 ns at 10 GbE and 61.52 ns at 200 GbE");
  });

  test("counts the verdicts, in words too", async () => {
    const ledger = await judgeClaims(PURE);
    expect(VERDICT_ORDER.reduce((sum, verdict) => sum + ledger.counts[verdict], 0)).toBe(PURE.length);
    expect(countLine(ledger)).toBe(
      "4 claims: 2 supports, 1 contradicts, 0 inconclusive here, 1 not testable here, 0 no experiment yet",
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
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html).toContain("Rests on: datasets/figures/single-thread.json");
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

describe("an experiment that breaks off", () => {
  const claim = { id: "C99", statement: "Nothing goes wrong." };

  test("costs its claim the verdict, says why, and does not end the ledger", async () => {
    const examine = (): never => {
      throw new TypeError("Cannot read properties of undefined");
    };
    expect(await new Examiner().examine({ ...claim, examine })).toEqual({
      verdict: "inconclusive here",
      because: "Its experiment broke off: Cannot read properties of undefined",
      results: [],
      isBroken: true,
    });
  });

  test("ends it where it was told to stop", async () => {
    const stop = new AbortController();
    const examine = (): never => {
      stop.abort(new Error("enough"));
      throw new Error("the experiment's own");
    };
    await expect(new Examiner(stop.signal).examine({ ...claim, examine })).rejects.toThrow("enough");
  });
});

describe("what Meltdown's mitigation costs", () => {
  test("has no experiment yet where no two boots are recorded, and is counted as that", () => {
    expect(judgeBoots([])).toMatchObject({ verdict: "no experiment yet", results: [] });
    expect(judgeBoots([boot("pti=on", 300)])).toMatchObject({
      verdict: "no experiment yet",
      because: expect.stringContaining("-> vm/compare-boots.sh"),
    });
  });

  test("is judged by two recorded boots of one kernel, whose intervals must not meet", () => {
    const judged = (onNs: number, offNs: number): object => {
      const { verdict, results } = judgeBoots([boot("pti=on", onNs), boot("pti=off", offNs)]);
      return { verdict, results };
    };
    const results = ["r-pti=on", "r-pti=off"];
    expect(judged(300, 150)).toEqual({ verdict: "supports", results });
    expect(judged(150, 300)).toEqual({ verdict: "contradicts", results });
    expect(judged(151, 150)).toEqual({ verdict: "inconclusive here", results });
  });

  test("is not judged across two kernels, nor by an emulated processor", () => {
    const other = boot("pti=off", 150, { kernel: "7.0 #1" });
    expect(judgeBoots([boot("pti=on", 300), other]).verdict).toBe("no experiment yet");
    const emulated = [boot("pti=on", 300, { emulated: true }), boot("pti=off", 150, { emulated: true })];
    const { verdict, because, figure } = judgeBoots(emulated);
    expect([verdict, because]).toEqual(["inconclusive here", expect.stringContaining("was emulated")]);
    expect(figure!.text).toContain("recorded");
  });
});

/** A recording of one boot, with its system call's cost. */
function boot(argument: string, ns: number, about: Partial<Environment> = {}): StoredRecording {
  const environment = { ...recordEnvironment(), emulated: false, ...about, commandLine: `quiet ${argument}` };
  const call = { name: "getppid by system call", ns, low: ns - 2, high: ns + 2, samplesNs: [ns] };
  const result = {
    ...{ id: `r-${argument}`, experiment: "syscall-cost", environment, status: "ok" },
    outcome: { syscallGetppid: call },
  };
  const recording = { name: `the lab VM with ${argument}`, results: [result] };
  return { file: `${argument}.json`, recording } as unknown as StoredRecording;
}
