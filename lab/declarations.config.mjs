// What a cell's compiler reads of the library: one declaration file a module, in dist/declarations, instead of one a
// source file. Compiling a cell costs the kernel some time for each file of the program, however short the file, and
// the library has hundreds. A module is imported by others through its index.ts only, so its folder can be one file, and a
// class stays the same class whether a cell takes it from "ringside" or from "ringside/ring".
//
// vm/build.sh runs it with rollup, after the compiler.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { dts } from "rollup-plugin-dts";

const DIST = join(import.meta.dirname, "dist");
const modules = readdirSync(DIST).filter((name) => existsSync(join(DIST, name, "index.d.ts")));
const indexes = modules.map((name) => join(DIST, name, "index.js"));

// What an index exports as a namespace (`export * as measure from "./api.js"`) stays a file of its own: inlined, its
// functions would be aliases without their docstrings.
function namespacesOf(index) {
  const exported = readFileSync(index, "utf8").matchAll(/^export \* as \w+ from "\.\/(.+)\.js"/gm);
  return [...exported].map(([, file]) => file);
}

export default ["", ...modules].map((name) => {
  const folder = join(DIST, name);
  const namespaces = namespacesOf(join(folder, "index.d.ts"));
  const files = ["index", ...namespaces];
  const kept = [...indexes, ...namespaces.map((file) => join(folder, `${file}.js`))];
  return {
    input: Object.fromEntries(files.map((file) => [file, join(folder, `${file}.d.ts`)])),
    output: { dir: join(DIST, "declarations", name), chunkFileNames: "shared-[hash].d.ts" },
    plugins: [dts()],
    // What stays an import: indexes of other modules, namespaces, packages.
    external(id, importer) {
      if (importer === undefined) return false;
      const path = id.startsWith(".") ? resolve(dirname(importer), id) : id;
      return kept.includes(path) || !path.startsWith(DIST + sep);
    },
  };
});
