// Reading the library's declarations is most of what a first cell costs, so the kernel does it while it starts; and it
// must notice when they change, for an author rebuilds the library while notebooks are open.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** Each test starts a compiler. */
vi.setConfig({ testTimeout: 60_000 });

const ROOT = resolve(import.meta.dirname, "../..");
const PRELUDE = `
  const { readFileSync } = require("node:fs");
  const read = [];
  require("node:fs").readFileSync = (file, ...rest) => {
    read.push(String(file));
    return readFileSync(file, ...rest);
  };
  const { createConverter } = require(${JSON.stringify(join(ROOT, "kernels/jupyter/tslab.cjs"))});
  const converter = createConverter({ isJS: false, isBrowser: false });
  const complaints = (cell) => converter.convert("", cell).diagnostics.map(({ messageText }) => messageText);
`;

/** What a script prints as JSON that has tslab's converter as our kernel has it, started in a folder. */
function withConverter(folder: string, script: string): unknown {
  const printed = execFileSync(process.execPath, ["-e", `${PRELUDE}\n${script}`], {
    cwd: folder,
    encoding: "utf8",
  });
  return JSON.parse(printed);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-declarations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the cell that imports the library reads nothing of it", () => {
  const [atStart, inCells] = withConverter(
    join(ROOT, "notebooks"),
    `const ours = () => read.splice(0).filter((file) => file.endsWith(".d.ts") && file.includes("/lab/")).length;
     const atStart = ours();
     complaints("1");
     complaints('import { wireTimeNs } from "ringside"; wireTimeNs(1518, 10);');
     complaints('import { openReceiver } from "ringside"; import { Umem } from "ringside/ring";');
     console.log(JSON.stringify([atStart, ours()]));
     process.exit();`,
  ) as [number, number];
  expect(atStart).toBeGreaterThan(5);
  expect(inCells).toBe(0);
});

test("a cell after a rebuild of the library sees what is new in it", () => {
  const library = join(folder, "node_modules/ringside");
  const declarations = join(library, "index.d.ts");
  mkdirSync(library, { recursive: true });
  writeFileSync(join(library, "package.json"), '{ "name": "ringside", "types": "index.d.ts" }');
  writeFileSync(declarations, "export declare const before: number;\n");
  const [before, after] = withConverter(
    folder,
    `const before = complaints('import { after } from "ringside"; after');
     require("node:fs").writeFileSync(${JSON.stringify(declarations)}, "export declare const after: number;");
     const deadline = Date.now() + 20_000;
     const look = () => {
       const after = complaints('import { after } from "ringside"; after');
       if (after.length > 0 && Date.now() < deadline) return setTimeout(look, 20);
       console.log(JSON.stringify([before, after]));
       process.exit();
     };
     look();`,
  ) as [string[], string[]];
  expect(before).toEqual([expect.stringContaining("has no exported member 'after'")]);
  expect(after).toEqual([]);
});

test("a folder without the library gets a kernel all the same", () => {
  expect(withConverter(folder, 'console.log(JSON.stringify(complaints("1 + 1"))); process.exit();')).toEqual(
    [],
  );
});
