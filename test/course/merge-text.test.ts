// What two tabs typed at once is all there afterwards.
import fc from "fast-check";
import { expect, test } from "vitest";
import { changeBetween, theirChange } from "../../lab/src/course/browser/merge-text.js";

const applied = (base: string, mine: string, theirs: string): string => {
  const doc = mine;
  let text = "";
  let at = 0;
  theirChange(base, mine, theirs).iterChanges((from, to, _fromB, _toB, inserted) => {
    text += doc.slice(at, from) + inserted.toString();
    at = to;
  });
  return text + doc.slice(at);
};

test("keeps both when they changed different places", () => {
  expect(applied("one two three", "ONE two three", "one two THREE")).toBe("ONE two THREE");
});

test("keeps what both typed in the same place", () => {
  const merged = applied("a = 0;", "a = 12;", "a = 34;");
  expect(merged).toContain("12");
  expect(merged).toContain("34");
});

test("keeps what one typed inside a stretch that the other deleted", () => {
  expect(applied("keep this line", "keep this fine line", "keep")).toContain("fine");
});

test("finds the smallest stretch that differs", () => {
  const change = changeBetween("const a = 1;", "const a = 21;");
  expect(change.toJSON()).toEqual([10, [0, "2"], 2]);
});

test("gives everybody's text when only one changed something, for any text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (base, other) => {
      expect(applied(base, base, other)).toBe(other);
      expect(applied(base, other, base)).toBe(other);
    }),
  );
});

test("loses no character that somebody typed, for any two insertions", () => {
  const insertion = fc.tuple(fc.nat(20), fc.stringMatching(/^[A-Z]{1,5}$/));
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{0,20}$/), insertion, insertion, (base, [i, mine], [j, theirs]) => {
      const put = (at: number, text: string): string =>
        base.slice(0, Math.min(at, base.length)) + text + base.slice(Math.min(at, base.length));
      const merged = applied(
        base,
        put(i, mine),
        put(
          j,
          theirs.toLowerCase().replace(/./g, (c) => String(c.charCodeAt(0) % 10)),
        ),
      );
      expect(merged.length).toBe(base.length + mine.length + theirs.length);
    }),
  );
});
