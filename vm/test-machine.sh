#!/usr/bin/env bash
# The disk as a machine by plain QEMU, and the lab in it: started by vm/test.sh, in namespaces of its own.
# Usage: vm/test-machine.sh      (LAB_STATE, LAB_DISK and LAB_RESULTS as vm/test.sh sets them)
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'exit 143' TERM INT
ip link set lo up

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }
boot() { bash vm/boot.sh "$@"; }

boot up
boot sync
# What the host built goes along, so a disk of an earlier commit will do. Only unpacking made its folders new. The BPF programs are compiled
# again by the machine's own clang, which is another; the native kernels would take it minutes.
tar -cf - lab/dist kernels/build | boot ssh 'cd /opt/ringside && rm -rf lab/dist kernels/build && tar -xf - && touch lab/dist/.built && rm -rf kernels/build/bpf'
say "synced"
boot provision
say "provisioned"
rc=0
boot ssh sh /opt/ringside/vm/test-inside.sh || rc=$?
say "tested"
boot ssh tar -C /var/tmp/results -cf - . | tar -C "$LAB_RESULTS" --no-same-owner -xf -
boot down
exit "$rc"
