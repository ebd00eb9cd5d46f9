// The door to stock tslab: everything the launcher takes from it, in one place.
//
// Two things are changed on the way. tslab's compiler writes source maps: tslab compiles a cell twice (TypeScript to
// ES modules, then to CommonJS) and drops all positions, so its run-time errors name lines of code nobody wrote. And it
// reads the declarations of `ringside` while the kernel starts, instead of in the cell that imports it. Every step calls
// the compiler through its exports, so a thin layer over those exports, put in place before tslab loads, is enough.
// Nothing in tslab's own files changes.
"use strict";
const { createRequire } = require("node:module");

const tslabRequire = createRequire(require.resolve("tslab/package.json"));
const compilerPath = tslabRequire.resolve("@tslab/typescript-for-tslab");
const stock = tslabRequire(compilerPath);

const ts = {
  ...stock,
  createWatchCompilerHost(rootFiles, options, sys, ...rest) {
    const files = [...rootFiles, ...libraryDeclarations(options, sys)];
    return stock.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, sys, ...rest);
  },
  transpileModule(input, options) {
    const compilerOptions = { ...options.compilerOptions, inlineSourceMap: true };
    return stock.transpileModule(input, { ...options, compilerOptions });
  },
};
require.cache[compilerPath].exports = ts;

/**
 * What `import "ringside"` in a cell would read; nothing where the notebook's folder has no such package. A file of the
 * program is parsed once, and again when it changes on disk; one that no cell needs any more would be forgotten.
 */
function libraryDeclarations(options, sys) {
  const cell = `${sys.getCurrentDirectory()}/__tslab__.ts`;
  const { resolvedModule } = stock.resolveModuleName("ringside", cell, options, sys);
  return resolvedModule ? [resolvedModule.resolvedFileName] : [];
}

const { createConverter } = tslabRequire("./dist/converter.js");
const { createExecutor } = tslabRequire("./dist/executor.js");
const { getCodeMetadata } = tslabRequire("./dist/metadata.js");
const { printQuickInfo } = tslabRequire("./dist/inspect.js");
/** tslab's `display` writes through this module's `lastWriteDisplayData`. */
const displayHook = tslabRequire("./dist/jupyter.js");
const { version } = tslabRequire("./package.json");
const zeromq = tslabRequire("zeromq");

module.exports = {
  ts,
  createConverter,
  createExecutor,
  getCodeMetadata,
  printQuickInfo,
  displayHook,
  version,
  zeromq,
};
