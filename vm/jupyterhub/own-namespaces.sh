#!/bin/sh
# Runs a command in namespaces of its own, for one user of the hub: what he mounts, the network namespaces that he names and his
# temporary files are his alone, and of .ringside, where the hub and all users' folders are, he sees his own folder only. What
# he leaves goes when his last process does.
#
# Usage: own-namespaces.sh COMMAND [ARGUMENT...], with the user's folder in HOME and the clone in RINGSIDE_ROOT
set -eu

if [ "${1:-}" != --inside ]; then
  mkdir -p /run/netns
  exec unshare --mount --ipc --uts --propagation private /bin/sh "$0" --inside "$@"
fi
shift

mount -t tmpfs -o mode=755 tmpfs /run/netns
mount -t tmpfs -o mode=1777 tmpfs /tmp
# Kept aside while the folder that it is in is covered.
mkdir /tmp/home
mount --bind "$HOME" /tmp/home
mount -t tmpfs -o mode=700 tmpfs "$RINGSIDE_ROOT/.ringside"
mkdir -p "$HOME"
mount --move /tmp/home "$HOME"
rmdir /tmp/home
cd "$HOME"
exec "$@"
