#!/usr/bin/env bash
# The disk as a box, and `vagrant up`, `ssh`, `halt`, `destroy` as a reader types them, with libvirt's QEMU driver: started by vm/test.sh,
# in namespaces of its own, so that libvirt's daemons, bridge and addresses exist in them alone and end with them.
# Usage: vm/test-vagrant.sh      (LAB_STATE and LAB_DISK as vm/test.sh sets them)
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'exit 143' TERM INT
state=$LAB_STATE/vagrant
say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

# What libvirt keeps on this machine is hidden behind folders of the test.
hide() {
  mkdir -p "$state$1"
  [ ! -d "$1" ] || cp -a "$1/." "$state$1"
  mkdir -p "$1"
  mount --bind "$state$1" "$1"
}

start_libvirt() {
  virtlogd --daemon
  libvirtd --daemon
  for _ in $(seq 60); do
    virsh -q -c qemu:///system uri >/dev/null 2>&1 && return
    sleep 0.5
  done
  echo "Cannot start libvirt: it does not answer -> see the lines above" >&2
  exit 1
}

# The first address leaves a cookie, and with it the page itself opens.
page_answers() {
  curl -sS -f -m 60 -c "$state/cookies" "$1" | grep '<title>Ringside' >/dev/null
  curl -sS -f -m 60 -b "$state/cookies" "${1%%\?*}" | grep /assets/main.js >/dev/null
}

ip link set lo up
# The interfaces that /sys shows are those of the namespace in which it was mounted. The old one goes first: libvirt reads in
# /proc/mounts of cgroups below it, and could start no machine for want of the folders that the new one hides.
if mountpoint -q /sys; then umount --recursive /sys; fi
mount -t sysfs none /sys
mount -t tmpfs -o mode=755 none /run
for folder in /var/lib/libvirt /etc/libvirt /var/cache/libvirt /var/log/libvirt; do hide "$folder"; done
start_libvirt
say "libvirt answers"

bash vm/build-box.sh "$LAB_DISK" "$state"
export VAGRANT_HOME=$state/home VAGRANT_DOTFILE_PATH=$state/dot VAGRANT_CHECKPOINT_DISABLE=1 VAGRANT_NO_COLOR=1
export LAB_BOX=lab/debian13 LAB_BOX_URL=file://$state/debian13.json LAB_ISOLATED=1
vagrant up --provider=libvirt | tee "$state/up.txt"
say "vagrant up"
page_answers "$(tail -n 2 "$state/up.txt" | grep -o 'http://127.0.0.1:[0-9]*/?token=[0-9a-f]*' | head -n 1)"
say "the course page answers by the forwarded port, at the address that was printed last"
vagrant ssh -c 'uname -r && systemctl is-active ringside.service'
say "vagrant ssh"
vagrant halt
say "vagrant halt"
vagrant destroy -f
[ -z "$(virsh -q -c qemu:///system list --all)" ]
say "vagrant destroy"
