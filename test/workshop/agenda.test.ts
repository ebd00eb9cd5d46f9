// The agendas that the lab brings, and what is said of one that is wrong.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { exercises } from "ringside/exercise";
import { type Course, parseAgenda, readSolutions, totalMinutes } from "ringside/workshop";
import { describe, expect, test } from "vitest";

const NOTEBOOKS = resolve(import.meta.dirname, "../../notebooks");
const course: Course = {
  notebooks: readdirSync(NOTEBOOKS)
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => basename(name, ".ipynb")),
  exercises: exercises.map(({ id }) => id),
};
const small: Course = { notebooks: ["20-small"], exercises: ["20-small/one", "20-small/two"] };

const read = (text: string): ReturnType<typeof parseAgenda> => parseAgenda("mine.md", text, small);

describe("the lab's own agendas", () => {
  test.each([
    ["90-minutes", 90],
    ["half-a-day", 240],
  ])("%s takes %i minutes, and names notebooks and exercises of the course", (name, minutes) => {
    const text = readFileSync(join(NOTEBOOKS, `workshops/${name}.md`), "utf8");
    const agenda = parseAgenda(`${name}.md`, text, course);
    expect(totalMinutes(agenda)).toBe(minutes);
    expect(agenda.about).not.toBe("");
  });

  test("every exercise that may be released has a solution, without the marks around it", () => {
    const solutions = readSolutions(join(NOTEBOOKS, "src"));
    expect(course.exercises.filter((id) => !solutions.has(id))).toEqual([]);
    for (const { code } of solutions.values()) expect(code).not.toMatch(/(BEGIN|END) (SOLUTION|STARTER)/);
  });
});

test("an agenda is a title, what it is for, and sections with minutes, notebook and notes", () => {
  const agenda = read(
    "\n# Title\n\nFor you.\n\n## One\n- minutes: 10\n- notebook: 20-small\n- release: two\n\nSay this.\n\nAnd this.\n\n## Break\n- minutes: 5\n",
  );
  expect(agenda).toEqual({
    title: "Title",
    about: "For you.",
    sections: [
      {
        title: "One",
        minutes: 10,
        notebook: "20-small",
        releases: ["20-small/two"],
        notes: "Say this.\n\nAnd this.",
      },
      { title: "Break", minutes: 5, notebook: null, releases: [], notes: "" },
    ],
  });
});

test("a section may release every exercise of its notebook, unless it says which, or none", () => {
  const releases = (line: string): readonly string[] =>
    read(`# T\n## S\n- minutes: 1\n- notebook: 20-small\n${line}`).sections[0]!.releases;
  expect(releases("")).toEqual(["20-small/one", "20-small/two"]);
  expect(releases("- release: none")).toEqual([]);
  expect(releases("- release: two, one")).toEqual(["20-small/two", "20-small/one"]);
});

test.each([
  ["", "mine.md, line 1: it does not begin with a title -> write # A title"],
  ["Hello\n# T", "line 1: it does not begin with a title"],
  ["# T\n", "it has no section -> write ## A section"],
  ["# T\n## S", 'line 2: "S" does not say how long it takes -> write - minutes: 15'],
  ["# T\n## S\n- minutes: soon", 'line 3: "soon" is no number from 1 to 480'],
  ["# T\n## S\n- minutes: 0", 'line 3: "0" is no number from 1 to 480'],
  ["# T\n## S\n- minutes: 1\n- minutes: 2", 'line 4: "minutes" is there twice'],
  ["# T\n## S\n- minuets: 1", 'line 3: "minuets" is no field -> write minutes, notebook or release'],
  [
    "# T\n## S\n- minutes: 1\n- notebook: 21-small",
    "line 4: the course has no notebook 21-small -> write one of 20-small",
  ],
  [
    "# T\n## S\n- minutes: 1\n- notebook: 20-small\n- release: three",
    'line 5: 20-small has no exercise "three" -> write one of one, two',
  ],
  [
    "# T\n## S\n- minutes: 1\n- release: one",
    'line 4: a section without a notebook has no exercise "one" -> write leave the line out',
  ],
])("of %j it says where it is wrong", (text, message) => {
  expect(() => read(text)).toThrow(message);
});
