#!/bin/sh
# Builds what is not in the repository: the library (lab/dist) and the kernels (kernels/build).
# node_modules/.bin/tsc is tslab's frozen TypeScript 5.0.4, so the compiler is named by its path.
set -eu
cd "$(dirname "$0")/.."
node node_modules/typescript/bin/tsc -p lab
chmod +x lab/dist/cli/main.js 2>/dev/null || true
