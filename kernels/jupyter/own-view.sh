#!/bin/sh
# Runs a learner's kernel so that it sees, of a workshop's folder, the learner's own folder and nothing else: not the others', not
# the room's secrets. The others' connection files and Jupyter's token are gone for it, too. Network namespaces stay shared,
# since the room's page draws them and `ringside reset` removes them.
#
# It guards against curiosity and mistakes. Measuring needs root, and root finds ways out of a mount namespace: it may unmount
# what covers a folder, and look into other processes by /proc. Taking CAP_SYS_PTRACE from it did not stop the latter (tried: another's
# `environ` stayed readable).
#
# Usage: own-view.sh COMMAND [ARGUMENT...] CONNECTION_FILE, in the learner's folder, with the room's folder in RINGSIDE_ROOM
set -eu

if [ "${1:-}" != --inside ]; then
  # Without root nothing is measured either, and nothing can be hidden; the room's preflight says so.
  unshare --mount true 2>/dev/null || exec "$@"
  mkdir -p /run/netns
  if ! mountpoint -q /run/netns; then
    mount --bind /run/netns /run/netns
    mount --make-shared /run/netns
  fi
  exec unshare --mount --propagation unchanged /bin/sh "$0" --inside "$@"
fi
shift

for connection; do :; done
text=$(cat "$connection")
runtime=$(dirname "$connection")
mine=$(pwd)
# What is mounted on these from now on is this kernel's alone.
for folder in "$RINGSIDE_ROOM" "$runtime"; do
  mount --make-private "$(findmnt --noheadings --output TARGET --target "$folder")"
done
mount -t tmpfs -o mode=700,size=1m tmpfs "$runtime"
printf '%s' "$text" >"$connection"
mount -t tmpfs -o mode=700,size=1m tmpfs "$RINGSIDE_ROOM"
mkdir -p "$mine"
# The present folder is still the one that has just been covered.
mount --no-canonicalize --bind . "$mine"
cd "$mine"
unset JUPYTER_TOKEN
exec "$@"
