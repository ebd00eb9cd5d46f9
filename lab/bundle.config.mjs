// What a notebook's kernel loads of the library: all that `ringside` exports in one file, dist/bundle/ringside.js. Node.js
// takes three times as long to find, read and link the library's hundreds of modules, and a learner's first cell waits
// for it. The kernel asks for it by the condition `ringside-kernel` (package.json, kernelspec.cjs); everything else loads
// the modules one by one, so that tests and tools never hold a class twice.
//
// vm/build.sh runs it with esbuild, after the compiler.
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";

const DIST = join(import.meta.dirname, "dist");
const BUNDLE = join(DIST, "bundle");

// A module finds its worker, its child process and the repository's other folders from its own place, which in a bundle
// is another; each is told the place that it had.
const ownPlace = {
  name: "own-place",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(DIST)) return undefined;
      const place = `new URL(${JSON.stringify(relative(BUNDLE, path))}, import.meta.url).href`;
      const code = await readFile(path, "utf8");
      return { contents: code.replaceAll(/\bimport\.meta\.url\b(?=[\s,);])/g, place), loader: "js" };
    });
  },
};

await build({
  entryPoints: [join(DIST, "index.js")],
  outfile: join(BUNDLE, "ringside.js"),
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  plugins: [ownPlace],
  logLevel: "warning",
});
