// The claims that are judged by exact counts on this kernel. Those judged by time may be inconclusive on a busy machine.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { judgeClaims } from "ringside/claims";
import { rdmaHere } from "ringside/sys";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

const RINGSIDE = resolve(import.meta.dirname, "../../lab/bin/ringside.js");
const COUNTED = ["C05", "C06", "C09", "C10", "C12", "C19", "C23", "C24", "C28"];
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
  expect(c14).toEqual(expect.arrayContaining([...c19!]));
});

test("calls inconclusive what was seen by half: protocols moved, yet calls left; sockets as a library, yet no interfaces counted", async () => {
  const { rows } = await judgeClaims(["C14", "C22"]);
  const [bypass, library] = rows;
  expect([bypass!.verdict, library!.verdict]).toEqual(["inconclusive here", "inconclusive here"]);
  expect(bypass!.because).toMatch(
    /On receive two overheads are gone: 0 system calls .* What is left is sending/,
  );
  expect(library!.because).toMatch(/^The first half holds.*The second half/);
});

test("a program that writes into frames and passes them on is one of four ends, each with its result", async () => {
  const { rows } = await judgeClaims(["C24", "XDP-for-the-Rest-of-Us"]);
  const [ends, ofTheRest] = rows;
  expect(ends!.because).toContain("left its stamp and passed 20000 of 20000 frames on to the stack");
  expect(ends!.results).toHaveLength(4);
  expect(ofTheRest).toMatchObject({
    verdict: "supports",
    because: expect.stringContaining("10000 of 10000 IPv4 frames passed, 0 of 10000 ARP frames passed"),
  });
});

test("what cannot be tested is looked for: a card to give away, netmap's device", async () => {
  const { rows } = await judgeClaims(["C17", "C18"]);
  for (const { id, verdict, sources } of rows) {
    expect([id, verdict]).toEqual([id, "not testable here"]);
    expect(sources).toHaveLength(1);
  }
  expect(rows[0]!.because).toMatch(/net_af_xdp 20000 of 20000 by 0 skbs/);
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
