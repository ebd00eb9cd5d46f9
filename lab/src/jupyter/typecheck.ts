// Type-checks a notebook's source as one TypeScript module, with the project's own compiler and the `ringside` package as
// built. A cell that is wrong here is wrong in the kernel, too, but here the author learns it without running anything.

import { dirname, join } from "node:path";
import { loadCompiler } from "./compiler.js";
import type { SourceCell } from "./percent.js";
import type { Problem } from "./problem.js";
import { buildExercise, type Variant } from "./solution.js";

/** A notebook's source, parsed. */
export interface ParsedSource {
  /** File name, for messages. */
  readonly name: string;
  readonly cells: readonly SourceCell[];
}

/**
 * Type-checks notebooks.
 *
 * @param folder where the notebooks will run; imports are resolved from there
 * @param sources what to check; a name declared in two cells of one notebook is an error
 * @param variant the starters (`learner`) or the solutions (`instructor`) are checked
 * @returns what is to be mended
 */
export async function typecheckNotebooks(
  folder: string,
  sources: readonly ParsedSource[],
  variant: Variant,
): Promise<Problem[]> {
  const ts = await loadCompiler();
  const modules = new Map(
    sources.map((source, index) => [join(folder, `__notebook${index}__.ts`), asModule(source, variant)]),
  );
  const options = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.getCurrentDirectory = () => dirname(join(folder, "."));
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const module = modules.get(name);
    return module ? ts.createSourceFile(name, module.text, target) : getSourceFile(name, target, ...rest);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([path, module]) => {
    const file = program.getSourceFile(path)!;
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map((diagnostic) => {
      const { line } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
      return { notebook: module.name, ...module.origins[line]!, message };
    });
  });
}

interface Module {
  readonly name: string;
  readonly text: string;
  /** For each line of `text`, the cell and the line of the source it comes from. */
  readonly origins: readonly { readonly cell: number; readonly line: number }[];
}

function asModule({ name, cells }: ParsedSource, variant: Variant): Module {
  const lines: string[] = [];
  const origins: { cell: number; line: number }[] = [];
  cells.forEach((cell, index) => {
    if (cell.kind !== "code") return;
    for (const { text, from } of buildExercise(cell.text, variant)) {
      lines.push(text);
      origins.push({ cell: index + 1, line: from + 1 });
    }
  });
  // With an export the text is a module, in which `await` may stand at the top.
  lines.push("export {};");
  origins.push({ cell: 0, line: 0 });
  return { name, text: lines.join("\n"), origins };
}
