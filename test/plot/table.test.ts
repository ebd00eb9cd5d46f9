import { htmlTable, JUPYTER_DISPLAY } from "ringside/plot";
import { describe, expect, test } from "vitest";
import { LIVE } from "./samples.js";
import { readXml } from "./xml.js";

const columns = [{ name: "path" }, { name: "cost", unit: "ns" }];

describe("htmlTable", () => {
  test("writes numbers with their unit, right-aligned, in both forms", () => {
    const table = htmlTable(
      columns,
      [
        ["vDSO", 24],
        ["system call", 1340],
      ],
      { title: "Costs", provenance: LIVE },
    );
    expect(table.text).toBe(
      [
        "Costs",
        "path            cost",
        "-----------  -------",
        "vDSO           24 ns",
        "system call  1.34 µs",
        "live · AMD EPYC, 2 vCPU · Linux 6.18.44 · 2026-11-23",
      ].join("\n"),
    );
    expect(table.html).toContain('<td style="text-align:right;padding:4px 12px">1.34 µs</td>');
    expect(table[JUPYTER_DISPLAY]()).toEqual({ "text/html": table.html, "text/plain": table.text });
  });

  test("is well-formed, with no style sheet or script, whatever the cells say", () => {
    const table = htmlTable([{ name: "<b>" }], [['<script>"&']], { title: "<style>" });
    const elements = readXml(table.html);
    expect(elements.map((element) => element.name)).not.toContain("script");
    expect(elements.find((element) => element.name === "td")?.text).toBe('<script>"&');
  });

  test("can have no rows", () => {
    expect(htmlTable(columns, []).text).toBe("path  cost\n----  ----");
  });

  test("refuses a row that is too short, and NaN", () => {
    expect(() => htmlTable(columns, [["a"]])).toThrow("row 0 has 1 cells; there are 2 columns");
    expect(() => htmlTable(columns, [["a", Number.NaN]])).toThrow('row 0 of column "cost"');
  });
});
