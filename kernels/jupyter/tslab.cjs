// The door to stock tslab: everything the launcher takes from it, in one place.
//
// One thing is changed on the way: tslab's compiler writes source maps. tslab compiles a cell twice
// (TypeScript to ES modules, then to CommonJS) and drops all positions, so its run-time errors name lines of
// code nobody wrote. Both steps call the compiler through its exports, so a thin layer over those exports, put
// in place before tslab loads, asks for an inline map each time. Nothing in tslab's own files changes.
"use strict";
const { createRequire } = require("node:module");

const tslabRequire = createRequire(require.resolve("tslab/package.json"));
const compilerPath = tslabRequire.resolve("@tslab/typescript-for-tslab");
const stock = tslabRequire(compilerPath);

const ts = {
  ...stock,
  createWatchCompilerHost(rootFiles, options, ...rest) {
    return stock.createWatchCompilerHost(rootFiles, { ...options, inlineSourceMap: true }, ...rest);
  },
  transpileModule(input, options) {
    const compilerOptions = { ...options.compilerOptions, inlineSourceMap: true };
    return stock.transpileModule(input, { ...options, compilerOptions });
  },
};
require.cache[compilerPath].exports = ts;

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
