// The table in lab/ARCHITECTURE.md is the rule; this file holds lab/src to it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../lab/src");

interface Layer {
  readonly module: string;
  readonly pure: boolean;
  /** Package name -> the one file that may import it, or "" for any file of the module. */
  readonly doors: ReadonlyMap<string, string>;
}

/** Reads rows such as "| machine | `sys` | question | `koffi` |"; a row without a layer continues the one above. */
function layersOf(markdown: string): Layer[] {
  const layers: Layer[] = [];
  let pure = false;
  for (const line of markdown.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const module = /^`(\w+)`$/.exec(cells[2] ?? "")?.[1];
    if (module === undefined) continue;
    if (cells[1] !== "") pure = cells[1]!.startsWith("pure");
    const doors = [...cells[4]!.matchAll(/`([^`]+)`(?: \(`([^`]+)`\))?/g)].map(
      ([, name, file]) => [name!, file ?? ""] as const,
    );
    layers.push({ module, pure, doors: new Map(doors) });
  }
  return layers;
}

interface Import {
  /** File that imports, relative to lab/src. */
  readonly file: string;
  readonly target: string;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => ({ file, target: fileName }));
}

const layers = layersOf(readFileSync(join(SRC, "../ARCHITECTURE.md"), "utf8"));
const order = layers.map((layer) => layer.module);
const layerOf = (file: string): Layer | undefined =>
  layers.find((layer) => file.startsWith(`${layer.module}/`));
const imports = sourceFiles().flatMap(importsOf);

/** The module and file that a relative import leads to, e.g. ["base", "index.js"]. */
function destination({ file, target }: Import): [string, string] {
  const path = relative(SRC, resolve(SRC, file, "..", target));
  const [module, ...rest] = path.split("/");
  return [module!, rest.join("/")];
}

describe("the layers of lab/src", () => {
  test("are all in the table of ARCHITECTURE.md", () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !order.includes(name))).toEqual([]);
    expect(order.length).toBeGreaterThan(10);
  });

  test("have an index.ts that opens with what the module answers", () => {
    const silent = order.filter((module) => {
      const index = join(SRC, module, "index.ts");
      return (
        existsSync(join(SRC, module)) && !(existsSync(index) && /^\/[/*]/.test(readFileSync(index, "utf8")))
      );
    });
    expect(silent).toEqual([]);
  });

  test("import only from layers above, and only through the other's index.js", () => {
    const wrong = imports.filter((entry) => {
      const own = layerOf(entry.file);
      if (own === undefined || !entry.target.startsWith(".")) return false;
      const [module, file] = destination(entry);
      return (
        module !== own.module && !(file === "index.js" && order.indexOf(module) < order.indexOf(own.module))
      );
    });
    expect(wrong).toEqual([]);
  });

  test("name every file they import with its .js", () => {
    expect(imports.filter(({ target }) => target.startsWith(".") && !/\.(c|m)?js$/.test(target))).toEqual([]);
  });

  test("reach each third-party package through its one door", () => {
    const packages = imports.filter(({ target }) => !target.startsWith(".") && !target.startsWith("node:"));
    const wrong = packages.filter(({ file, target }) => {
      const name = target
        .split("/")
        .slice(0, target.startsWith("@") ? 2 : 1)
        .join("/");
      const door = layerOf(file)?.doors.get(name);
      return door === undefined || (door !== "" && door !== file);
    });
    expect(wrong).toEqual([]);
  });

  test("of the pure half use nothing of Node, except at a documented door", () => {
    const doors = new Set(layers.flatMap((layer) => [...layer.doors.values()]));
    const pure = sourceFiles().filter((file) => layerOf(file)?.pure && !doors.has(file));
    const wrong = pure.filter((file) => {
      const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      return (
        importsOf(file).some(({ target }) => target.startsWith("node:")) ||
        /\b(Buffer|process)\b[.(]/.test(code)
      );
    });
    expect(wrong).toEqual([]);
  });

  test("reachable from index.ts wait for nothing at their top level, since tslab loads them by require", () => {
    expect(reachable("index.ts").filter(awaitsAtTopLevel)).toEqual([]);
  });
});

function reachable(start: string): string[] {
  const seen = new Set<string>();
  const queue = [start];
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { target } of importsOf(file)) {
      if (target.startsWith(".")) queue.push(join(file, "..", target).replace(/js$/, "ts"));
    }
  }
  return [...seen];
}

function awaitsAtTopLevel(file: string): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return false;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
      return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(
    ts.createSourceFile(file, readFileSync(join(SRC, file), "utf8"), ts.ScriptTarget.ES2022, true),
  );
}
