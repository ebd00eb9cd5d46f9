#!/usr/bin/env node
import { runCommandLine } from "./run-command-line.js";

// `ringside doctor | head -1`: the reader has what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
process.exitCode = await runCommandLine(process.argv.slice(2));
