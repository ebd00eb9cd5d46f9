import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { OwnLab } from "./own-lab.js";

const SOUND = `// %% [markdown]
// # Sound

// %%
// BEGIN SOLUTION
const answer: number = 42;
// END SOLUTION
// BEGIN STARTER
// | const answer: number = 41;
// END STARTER

// %%
if (answer !== 42) throw new RangeError("41 is not enough");
console.log("enough");
`;

let lab: OwnLab;
beforeAll(() => {
  lab = new OwnLab();
  mkdirSync(join(lab.folder, "notebooks/src"));
  writeFileSync(join(lab.folder, "notebooks/src/90-sound.ts"), SOUND);
});
afterAll(() => lab.remove());

describe("nb build", () => {
  test("builds what is not current and says so", () => {
    expect(lab.run("nb", "build")).toMatchObject({ status: 0, stdout: "built 90-sound.ipynb\n" });
    expect(lab.run("nb", "build")).toMatchObject({ status: 0, stdout: "1 notebooks are current\n" });
  });
});

describe("nb lint", () => {
  test("names what an author has to mend, and leaves with 1", () => {
    const { status, stdout } = lab.run("nb", "lint", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)[0]).toMatchObject({ notebook: "90-sound.ts" });
  });
});

describe("run", () => {
  test("of a notebook as the learner gets it fails where the exercise is not done", () => {
    const { status, stdout } = lab.run("run", "90");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^90-sound: failed after .* s\n {2}Cannot finish cell 3 of .*: RangeError: 41 is not enough\n$/,
    );
  });

  test("with the solutions passes, and saves what came out", () => {
    const folder = join(lab.folder, "saved");
    const { status, stdout, stderr } = lab.run("run", "sound", "--solutions", "--json", "--save", folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        ok: true,
        cells: [
          { cell: 2, status: "ok" },
          { cell: 3, status: "ok" },
        ],
      },
    ]);
    expect(readFileSync(join(folder, "90-sound.ipynb"), "utf8")).toContain("enough");
    expect(existsSync(join(folder, "90-sound.html"))).toBe(true);
  });

  test("of another file with the solutions is refused, even under a name of the course", () => {
    const path = join(lab.folder, "90-sound.ipynb");
    copyFileSync(join(lab.folder, "notebooks/90-sound.ipynb"), path);
    const { status, stderr } = lab.run("run", path, "--solutions");
    expect(status).toBe(2);
    expect(stderr).toBe(
      `Cannot run ${path} with solutions: only the course's own notebooks have them -> leave --solutions away, or name one of 90-sound\n`,
    );
    expect(lab.run("run", join(lab.folder, "notebooks/90-sound.ipynb"), "--solutions").status).toBe(0);
  });

  test("of a notebook that there is not names what there is", () => {
    expect(lab.run("run", "91")).toMatchObject({
      status: 1,
      stderr: 'Cannot find notebook "91": there is none of that name -> take one of 90-sound\n',
    });
  });
});

describe("check", () => {
  test("lists the exercises", () => {
    expect(lab.run("check").stdout).toMatch(/^ {2}\d\d-\S+\/\S+ +\S/);
  });

  test("judges the answer in the learner's notebook, keeps the attempt, and goes up the ladder", () => {
    const name = "02-packet-budgets.ipynb";
    cpSync(join(import.meta.dirname, "../../notebooks", name), join(lab.folder, "notebooks", name));
    vi.stubEnv("RINGSIDE_PROGRESS", join(lab.folder, "kept"));
    const exercise = "02-packet-budgets/derive-1538";
    const hints = [1, 2].map(() => lab.run("check", exercise).stdout.match(/Hint . of ./)?.[0]);
    expect(hints).toEqual(["Hint 1 of 3", "Hint 2 of 3"]);
    expect(lab.run("check").stdout).toContain(`… ${exercise}`);
    expect(lab.run("progress").stdout).toMatch(
      /^0 of \d+ exercises, 0 of \d+ points\n.*Derive 1538 \(2 tries\)/,
    );
    expect(JSON.parse(lab.run("progress", "--json").stdout).entries).toHaveLength(2);
    vi.unstubAllEnvs();
  });

  test("judges the default export of a file", () => {
    writeFileSync(join(lab.folder, "answer.mjs"), "export default () => {};\n");
    const { status, stdout } = lab.run(
      "check",
      "33-af-xdp/receive-loop",
      join(lab.folder, "answer.mjs"),
      "--json",
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ id: "33-af-xdp/receive-loop", passed: false });
  });

  test("of a file that exports nothing says what to export", () => {
    writeFileSync(join(lab.folder, "empty.mjs"), "");
    expect(lab.run("check", "33-af-xdp/receive-loop", join(lab.folder, "empty.mjs")).stderr).toMatch(
      /it has no default export -> export default your function\n$/,
    );
  });
});
