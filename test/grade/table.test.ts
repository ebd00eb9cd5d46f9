import { type Judged, toCsv, toHtml } from "ringside/grade";
import { expect, test } from "vitest";

const result = (reason: string): Judged => ({
  exercise: "33-af-xdp/receive-loop",
  status: "failed",
  points: 0,
  maxPoints: 5,
  stepsPassed: 5,
  stepsTotal: 26,
  reason,
  report: '<img src="x" onerror="alert(1)">',
});

test("commas, quotes and line ends stay inside their cell of the CSV", () => {
  const csv = toCsv([{ file: "a/33-af-xdp.ipynb", results: [result('said "1, 2"\nand more')] }]);
  expect(csv.split("\r\n")[1]).toBe(
    'a,33-af-xdp.ipynb,33-af-xdp/receive-loop,failed,0,5,5,26,"said ""1, 2""\nand more"',
  );
});

test("no cell of the CSV is a formula to a spreadsheet", () => {
  expect(toCsv([{ file: "=HYPERLINK(1)/33-af-xdp.ipynb", results: [result("@x")] }])).toContain(
    "'=HYPERLINK(1),33-af-xdp.ipynb,33-af-xdp/receive-loop,failed,0,5,5,26,'@x",
  );
});

test("what a learner's code said is text on the page", () => {
  const html = toHtml([{ file: "<b>/x.ipynb", results: [result("<i>")] }], "today");
  expect(html).not.toMatch(/<img|<i>|<b>/);
  expect(html).toContain("&lt;b&gt;/x.ipynb: 0 of 5 points");
});

test("a file that is no notebook of the course says so, with a row of its own", () => {
  const stranger = [{ file: "diary.ipynb", results: [] }];
  expect(toCsv(stranger)).toContain("diary,diary.ipynb,,missing,0,0,0,0,the file is named after no notebook");
  expect(toHtml(stranger, "today")).toContain("named after no notebook of the course");
});
