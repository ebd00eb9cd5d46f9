#!/usr/bin/env bash
# The lab's machine from nothing to nothing: its disk built, booted, provisioned, tested inside; then the same disk as a Vagrant box.
# Usage: npm run test:vm        (root, 25 minutes at most, and 20 more for Vagrant; results stay in .ringside/vm-test/results)
# Settings: LAB_TEST_DISK=FILE (a disk of an earlier run, kept by LAB_KEEP_DISK=FILE) LAB_TEST_VAGRANT=0 (without Vagrant)
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
work=$top/.ringside/vm-test
results=$work/results
limit=$((24 * 60)) # and a minute to clean up; Vagrant has its own
child=

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

remove_leftovers() {
  losetup -n -O NAME,BACK-FILE | awk -v folder="$work/" 'index($2, folder) == 1 { print $1 }' | xargs -r losetup -d
  find "$work" -mindepth 1 -maxdepth 1 ! -name results -exec rm -rf {} +
}

# Nothing of the test outlives it: machines run in namespaces that end with their first process, files lie in one folder.
clean_up() {
  rc=$?
  trap - EXIT INT TERM HUP
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  remove_leftovers
  if [ "$rc" -eq 0 ]; then say "passed; results in $results"; else say "failed; what was said is in $results"; fi
  exit "$rc"
}

# Runs a step; a signal ends it at once, and so does the end of this script or of the time for the whole. What it says goes to a file and on.
step() {
  local name=$1 rc=0
  shift
  say "$name"
  setpriv --pdeathsig TERM timeout -k 30 $((limit - SECONDS)) "$@" </dev/null >"$results/$name.txt" 2>&1 &
  child=$!
  wait "$child" || rc=$?
  child=
  sed 's/^/           /' "$results/$name.txt" | tail -n 25
  [ "$rc" -eq 0 ] && return
  [ "$rc" -ne 124 ] || echo "Cannot finish $name: the $limit s that it has are over -> see $results/$name.txt, or try on a quiet machine" >&2
  exit "$rc"
}

# No process and no mount outlives a step's first process; with --net it has no network but its own loopback, so that Vagrant's
# bridge and private addresses are nobody else's, and no port is taken.
apart=(unshare --mount --pid --fork --kill-child --mount-proc)

[ "$(id -u)" -eq 0 ] || { echo "Cannot test the lab's machine: it takes root to build a disk and make namespaces -> sudo npm run test:vm" >&2; exit 1; }
mkdir -p "$results"
exec 9<"$work"
flock -n 9 || { echo "Cannot test the lab's machine: another test runs in $work -> wait for its end" >&2; exit 1; }
remove_leftovers
rm -f "$results"/*
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

export LAB_STATE=$work LAB_DISK=$work/debian13.qcow2 LAB_RESULTS=$results
if [ -n "${LAB_TEST_DISK:-}" ]; then
  cp "$LAB_TEST_DISK" "$LAB_DISK"
else
  step disk "${apart[@]}" sh vm/test-disk.sh "$LAB_DISK"
  [ -z "${LAB_KEEP_DISK:-}" ] || cp "$LAB_DISK" "$LAB_KEEP_DISK"
fi
step machine "${apart[@]}" --net bash vm/test-machine.sh
limit=$((SECONDS + 19 * 60))
[ "${LAB_TEST_VAGRANT:-1}" = 0 ] || step vagrant "${apart[@]}" --net bash vm/test-vagrant.sh
