import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseNotebook, findNotebook } from "ringside/cli";
import { describe, expect, test } from "vitest";

const slugs = ["02-packet-budgets", "20-one-skb-per-packet", "33-af-xdp"];

describe("a notebook", () => {
  test.each([
    "20",
    "20-one-skb-per-packet",
    "20-one-skb-per-packet.ipynb",
    "skb",
    "notebooks/20-one-skb-per-packet.ipynb",
  ])("is found as %s", (typed) => expect(chooseNotebook(typed, slugs)).toBe("20-one-skb-per-packet"));

  test.each([
    ["21", "there is none of that name -> take one of 02-packet-budgets, 20-one-skb-per-packet, 33-af-xdp"],
    ["33-afxpd", "there is none of that name -> did you mean 33-af-xdp?"],
    ["packet", "it could be 02-packet-budgets or 20-one-skb-per-packet -> say more of the name"],
  ])("%s is refused with the next step", (typed, reason) => {
    expect(() => chooseNotebook(typed, slugs)).toThrow(`Cannot find notebook "${typed}": ${reason}`);
  });

  test("is no folder, whatever its name", () => {
    const parent = mkdtempSync(join(tmpdir(), "ringside-test-notebooks-"));
    const folder = join(parent, "20-mine.ipynb");
    mkdirSync(folder);
    try {
      expect(() => findNotebook(folder)).toThrow("it is a folder -> name an .ipynb file in it");
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  test("cannot be found where none is built", () => {
    expect(() => chooseNotebook("20", [])).toThrow("no notebook is built -> npx ringside nb build");
  });
});
