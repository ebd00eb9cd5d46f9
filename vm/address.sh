#!/bin/sh
# Inside the VM, as root: waits for the lab's service, and prints the course's address as the host's browser takes it.
# Usage: vm/address.sh [PORT]     (where the host has the course page; 8888, and Jupyter on the next)
set -eu
cd "$(dirname "$0")/.."
port=${1:-8888}

systemctl start ringside.service || { journalctl -u ringside.service --no-pager -n 5 >&2; exit 1; }
# On an emulated processor everything takes ten times as long.
export RINGSIDE_PATIENCE=10
said=$(node lab/dist/cli/main.js status) || { echo "$said" >&2; exit 1; }
echo "$said" | sed "s/127\.0\.0\.1:8888/127.0.0.1:$port/; s/127\.0\.0\.1:8889/127.0.0.1:$((port + 1))/"
