#!/bin/sh
# Inside the VM: what it can do, the library's live tests, its notebooks, and a recording of them.
# Usage: vm/test-inside.sh      (results go to /var/tmp/results)
# An emulated processor has no time for everything: of the live tests it runs those of vm/live-tests.txt, which says why; of the
# notebooks 20, which counts, and those of tier T2.
set -eu
cd "$(dirname "$0")/.."
results=/var/tmp/results
mkdir -p "$results"
export RINGSIDE_PATIENCE=10
failed=0

ringside() { node lab/dist/cli/main.js "$@"; }
say() { printf '%s: %s\n' "$(date +%T)" "$*"; }

# The course page and its kernels would take the CPUs that the tests count on.
systemctl stop ringside.service

say doctor
ringside doctor >"$results/doctor.txt" || failed=1
cat "$results/doctor.txt"
say "live tests"
# One process for all files: an emulated processor takes a quarter of a minute to load the library. One word a file on purpose.
# shellcheck disable=SC2046
RINGSIDE_PROGRESS=off node node_modules/vitest/vitest.mjs run --project live --no-isolate --testTimeout=300000 --hookTimeout=300000 \
  $(awk '/^test/ { print $1 }' vm/live-tests.txt) >"$results/live-tests.txt" 2>&1 || failed=1
grep -E '^ *(FAIL|×) |AssertionError|Error: ' "$results/live-tests.txt" || true
tail -n 1 "$results/live-tests.txt"
say notebooks
# A measurement that the gate refuses is an answer, and kept out of the recording; a notebook that does not run to its end is not.
notebooks="20 $(grep -l '^// \*\*Needs:\*\*.*T2' notebooks/src/*.ts | sed 's,.*/\(..\).*,\1,' | tr '\n' ' ')"
for notebook in $notebooks; do
  ringside record "$notebook" --to "$results/recording.json" --name "the lab's VM, emulated by QEMU without KVM" >"$results/notebook-$notebook.txt" 2>&1 || true
  cat "$results/notebook-$notebook.txt"
  grep -q ' cells in ' "$results/notebook-$notebook.txt" || failed=1
done
exit "$failed"
