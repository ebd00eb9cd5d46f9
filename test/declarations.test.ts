// A cell is compiled by TypeScript 5.0.4, frozen inside tslab. What it cannot read in our declarations it takes for
// `any` without a word, and completion, inspection and type errors are gone. So they are read with it here.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import tslab from "@tslab/typescript-for-tslab";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const CELL = resolve(ROOT, "notebooks/__cell__.ts");

/** A program with one cell in it, and the options that tslab 1.0.22 gives its own. */
function compileCell(code: string): tslab.Program {
  const options: tslab.CompilerOptions = {
    target: tslab.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: tslab.ModuleKind.ESNext,
    moduleResolution: tslab.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [resolve(ROOT, "node_modules/@types")],
  };
  const host = tslab.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.getCurrentDirectory = () => dirname(CELL);
  host.fileExists = (name) => name === CELL || fileExists(name);
  host.readFile = (name) => (name === CELL ? code : readFile(name));
  host.getSourceFile = (name, target, ...rest) =>
    name === CELL ? tslab.createSourceFile(name, code, target) : getSourceFile(name, target, ...rest);
  return tslab.createProgram([CELL], options, host);
}

const program = compileCell('import * as ringside from "ringside";\nexport const lab = ringside;\n');
const ours = program.getSourceFiles().filter((file) => file.fileName.includes("/lab/dist/"));

function say(diagnostic: tslab.Diagnostic): string {
  const where = diagnostic.file?.fileName.replace(ROOT, "") ?? "";
  return `${where}: ${tslab.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
}

function isPrivate({ declarations = [] }: tslab.Symbol): boolean {
  return declarations.some(
    (one) => (tslab.getCombinedModifierFlags(one) & tslab.ModifierFlags.Private) !== 0,
  );
}

/** Interfaces and classes that exported values are, hold or return, and that `ringside` does not export itself. */
function unnamedTypes(program: tslab.Program): string[] {
  const checker = program.getTypeChecker();
  const exportsOf = (module: tslab.Symbol): tslab.Symbol[] =>
    checker.getExportsOfModule(module).flatMap((name) => {
      const { SymbolFlags } = tslab;
      const original = name.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
      return original.flags & SymbolFlags.ValueModule ? exportsOf(original) : [original];
    });
  const index = ours.find((file) => file.fileName.endsWith("/declarations/index.d.ts"))!;
  const exported = new Set(exportsOf(checker.getSymbolAtLocation(index)!));
  const seen = new Set<tslab.Type>();
  const unnamed = new Set<string>();

  const visit = (type: tslab.Type): void => {
    if (seen.has(type)) return;
    seen.add(type);
    const declaration = type.symbol?.declarations?.[0];
    const file = declaration?.getSourceFile();
    const typeArguments = checker.getTypeArguments(type as tslab.TypeReference);
    for (const part of type.isUnionOrIntersection() ? type.types : (typeArguments ?? [])) visit(part);
    if (!file || !ours.includes(file)) return;
    if (type.isClassOrInterface() && !exported.has(type.symbol)) unnamed.add(type.symbol.name);
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      visit(signature.getReturnType());
    }
    for (const property of type.getProperties()) {
      if (!isPrivate(property)) visit(checker.getTypeOfSymbolAtLocation(property, declaration!));
    }
  };
  for (const symbol of exported) {
    const declaration = symbol.declarations![0]!;
    visit(checker.getTypeOfSymbolAtLocation(symbol, declaration));
    visit(checker.getDeclaredTypeOfSymbol(symbol));
  }
  return [...unnamed].sort();
}

describe("the declarations that a cell sees", () => {
  test("are found from a notebook's folder", () => {
    expect(program.getSemanticDiagnostics(program.getSourceFile(CELL)).map(say)).toEqual([]);
    expect(ours.length).toBeGreaterThan(5);
  });

  test("name everything that the library exports", { timeout: 30_000 }, async () => {
    const checker = program.getTypeChecker();
    const index = ours.find((file) => file.fileName.endsWith("/declarations/index.d.ts"))!;
    const declared = checker.getExportsOfModule(checker.getSymbolAtLocation(index)!).map(({ name }) => name);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(await import("ringside"))));
  });

  test("keep a class the same class under both of its paths", () => {
    const twice = compileCell(
      'import { Umem } from "ringside";\nimport { Umem as Same } from "ringside/ring";\n' +
        "export const umem: Umem = new Same({ frameSize: 2048, frameCount: 1 });\n",
    );
    expect(twice.getSemanticDiagnostics(twice.getSourceFile(CELL)).map(say)).toEqual([]);
  });

  test("keep the docstrings of what is reached through a namespace", () => {
    const checker = program.getTypeChecker();
    const api = ours.find((file) => file.fileName.endsWith("/declarations/measure/api.d.ts"))!;
    const silent = checker
      .getExportsOfModule(checker.getSymbolAtLocation(api)!)
      .map((name) => checker.getAliasedSymbol(name))
      .filter((original) => original.getDocumentationComment(checker).length === 0);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test("name every type that a cell can be handed, since it must be able to declare a variable of it", () => {
    expect(unnamedTypes(program)).toEqual([]);
  });

  test("hold nothing that tslab's compiler cannot read", () => {
    const problems = ours.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    expect(problems.map(say)).toEqual([]);
  });

  test("name no type that becomes any", () => {
    const checker = program.getTypeChecker();
    const lost: string[] = [];
    for (const file of ours) {
      const visit = (node: tslab.Node): void => {
        if (tslab.isTypeReferenceNode(node) && checker.getTypeAtLocation(node).flags & tslab.TypeFlags.Any) {
          lost.push(`${file.fileName.replace(ROOT, "")}: ${node.getText(file)}`);
        }
        tslab.forEachChild(node, visit);
      };
      visit(file);
    }
    expect(lost).toEqual([]);
  });

  test("write Uint8Array, not the generic form that 5.0.4 does not know", () => {
    const generic = /\b(Uint8|Uint16|Uint32|Int32|BigUint64|Float64)Array<|\bDataView</;
    expect(
      ours.filter((file) => generic.test(readFileSync(file.fileName, "utf8"))).map((f) => f.fileName),
    ).toEqual([]);
  });
});
