#!/usr/bin/env bash
# Makes a Vagrant box for libvirt and QEMU from a disk of vm/build-disk.sh: it asks no catalogue of boxes.
# Usage: vm/build-box.sh DISK.qcow2 [FOLDER]     then: LAB_BOX=lab/debian13 LAB_BOX_URL=file://FOLDER/debian13.json vagrant up
set -euo pipefail
[ $# -ge 1 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
disk=$(realpath "$1")
mkdir -p "${2:-$(dirname "$disk")}"
folder=$(cd "${2:-$(dirname "$disk")}" && pwd)
work=$(mktemp -d "$folder/box.XXXXXX")
trap 'rm -rf "$work"' EXIT

size=$(qemu-img info --output=json "$disk" | sed -n 's/.*"virtual-size": \([0-9]*\).*/\1/p' | head -n 1)
printf '{"provider":"libvirt","format":"qcow2","virtual_size":%d}\n' $(((size + 1073741823) / 1073741824)) >"$work/metadata.json"
cat >"$work/Vagrantfile" <<'VAGRANT'
Vagrant.configure("2") do |config|
  config.vm.provider(:libvirt) { |machine| machine.disk_bus = "virtio" }
end
VAGRANT
ln "$disk" "$work/box.img" 2>/dev/null || cp "$disk" "$work/box.img"
tar -C "$work" -cf "$folder/debian13.box" metadata.json Vagrantfile box.img
# The version must be new with every build: libvirt's pool keys its copy of the image by it, and never refreshes one it has.
printf '{"name":"lab/debian13","versions":[{"version":"13.0.%d","providers":[{"name":"libvirt","url":"file://%s","checksum_type":"sha256","checksum":"%s"}]}]}\n' \
  "$(date +%s)" "$folder/debian13.box" "$(sha256sum "$folder/debian13.box" | cut -d' ' -f1)" >"$folder/debian13.json"
echo "done: $(du -m "$folder/debian13.box" | cut -f1) MiB $folder/debian13.box"
