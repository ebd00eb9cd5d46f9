#!/bin/sh
# Inside the VM: what it can do, the library's live tests, its notebooks, and a recording of them.
# Usage: vm/test-inside.sh      (results go to /var/tmp/results)
# An emulated processor has no time for everything. The rule: of the live tests those of the layers that touch the kernel themselves, one
# layer after the other as long as two minutes are not over; of the notebooks 20, which counts, and those of tier T2.
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
end=$(($(date +%s) + 120))
for layer in sys net xdp trace; do
  [ "$(date +%s)" -lt "$end" ] || { echo "  $layer: not begun, the time for live tests is over"; continue; }
  RINGSIDE_PROGRESS=off node node_modules/vitest/vitest.mjs run --project live --testTimeout=300000 --hookTimeout=300000 \
    "test/$layer" >"$results/live-$layer.txt" 2>&1 || failed=1
  echo "  $layer: $(tail -n 1 "$results/live-$layer.txt")"
  grep -E '^ *FAIL |AssertionError|Error: ' "$results/live-$layer.txt" || true
done
say notebooks
# A measurement that the gate refuses is an answer, and kept out of the recording; a notebook that does not run to its end is not.
notebooks="20 $(grep -l '^// \*\*Needs:\*\*.*T2' notebooks/src/*.ts | sed 's,.*/\(..\).*,\1,' | tr '\n' ' ')"
for notebook in $notebooks; do
  ringside record "$notebook" --to "$results/recording.json" --name "the lab's VM, emulated by QEMU without KVM" >"$results/notebook-$notebook.txt" 2>&1 || true
  cat "$results/notebook-$notebook.txt"
  grep -q ' cells in ' "$results/notebook-$notebook.txt" || failed=1
done
exit "$failed"
