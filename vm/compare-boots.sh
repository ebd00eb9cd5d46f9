#!/usr/bin/env bash
# One kernel booted in several ways, and what notebook 11 measures after each boot side by side: what mitigations cost there.
# Usage: vm/compare-boots.sh FOLDER [ARGUMENT ARGUMENT...]     pti=on pti=off where none is named; the first is compared with each other
# It takes a machine that vm/boot.sh has up and provisioned, with the same settings. FOLDER gets a recording for each boot and a figure
# for each pair. Without KVM the processor is emulated: then the figures show how it is done, and nothing of any hardware.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '3,5s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- pti=on pti=off
cd "$(dirname "$0")/.."
boot() { bash vm/boot.sh "$@"; }

# The course page and its kernels would take the CPU that is measured on, so this boot does without the service.
record_boot() {
  boot kernel "$1" systemd.mask=ringside.service
  boot ssh "cat /sys/devices/system/cpu/vulnerabilities/meltdown
    cd /opt/ringside && rm -f /var/tmp/boot.json
    RINGSIDE_PATIENCE=10 node lab/dist/cli/main.js record 11 --to /var/tmp/boot.json --name 'the lab VM with $1' || true
    test -s /var/tmp/boot.json" ||
    { echo "Cannot compare boots: with $1 notebook 11 kept no result -> see above what it says, and try on a quiet machine" >&2; exit 1; }
  boot ssh cat /var/tmp/boot.json >"$folder/$1.json"
}

for argument in "$@"; do record_boot "$argument"; done
boot kernel >/dev/null
first=$1
shift
for other in "$@"; do
  node lab/dist/cli/main.js compare "$folder/$first.json" "$folder/$other.json" --save "$folder/$first-$other.svg"
done
