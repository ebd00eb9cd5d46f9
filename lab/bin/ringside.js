#!/usr/bin/env node
// npm links this file when it installs, which is before anything is built.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error("Cannot run ringside: lab/dist is not built -> npm start, or sh vm/build.sh");
  process.exitCode = 1;
}
