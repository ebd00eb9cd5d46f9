// The door to the project's own TypeScript compiler. It is large, so it is loaded when it is asked for.

import type { BindingName, Identifier, Node, SourceFile, Statement, TypeChecker } from "typescript";

export type { BindingName, Identifier, Node, SourceFile, Statement, TypeChecker };

/** All that the `typescript` package offers. */
export type Compiler = typeof import("typescript");

/** Loads it. */
export async function loadCompiler(): Promise<Compiler> {
  const { default: ts } = await import("typescript");
  return ts;
}
