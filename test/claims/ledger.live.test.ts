// The claims that are judged by exact counts on this kernel. Those judged by time may be inconclusive on a busy machine.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { judgeClaims } from "ringside/claims";
import { rdmaHere } from "ringside/sys";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

const RINGSIDE = resolve(import.meta.dirname, "../../lab/bin/ringside.js");
const COUNTED = ["C05", "C06", "C09", "C10", "C12", "C14", "C19", "C23", "C24", "C28"];
workInScratch("claims");

test("supports what can be counted, contradicts the listing, and names the result files it rests on", async () => {
  const { rows } = await judgeClaims(COUNTED);
  const other = rows.filter(({ id, verdict }) => verdict !== (id === "C28" ? "contradicts" : "supports"));
  expect(other.map(({ id, verdict, because }) => [id, verdict, because])).toEqual([]);
  expect(rows.map(({ id }) => id)).toEqual(COUNTED);
  const saved = readdirSync(".ringside/results");
  const cited = rows.flatMap(({ results }) => results);
  expect(cited.length).toBeGreaterThan(6);
  for (const id of cited) expect(saved).toContain(`${id}.json`);
});

test("runs an experiment once that several claims rest on", async () => {
  const { rows } = await judgeClaims(["C10", "C11", "C14", "C19"]);
  const [c10, c11, c14, c19] = rows.map(({ results }) => results);
  expect(c11).toEqual(c10);
  expect(c19).toEqual(c14);
});

test("ringside claims prints verdicts and a count, and writes the page", () => {
  const out = execFileSync(process.execPath, [RINGSIDE, "claims", "C03", "C28", "--save", "ledger"], {
    encoding: "utf8",
  });
  expect(out).toContain("C28  contradicts        As printed: does not compile. With its brace: refused.");
  expect(out).toContain("2 claims: 1 supports, 1 contradicts,");
  expect(readFileSync("ledger/claims.html", "utf8")).toContain('<section id="C28">');
  expect(readFileSync("ledger/claims.svg", "utf8")).toMatch(/^<svg/);
});

test("judges of RDMA what this machine's device shows, and says what is missing where there is none", async () => {
  const { available, next } = rdmaHere();
  const { rows } = await judgeClaims(["C16"]);
  const { verdict, because } = rows[0]!;
  if (available) expect(because).toContain("the target stopped: it made no call and never ran");
  else expect([verdict, because]).toEqual(["not testable here", expect.stringContaining(next)]);
});
