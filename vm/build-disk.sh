#!/usr/bin/env bash
# Makes a bootable Debian disk for the lab's machine from Debian's packages alone.
# Usage: sudo vm/build-disk.sh FILE.qcow2 [package...]     the packages are baked in beside the system
# Needs: mmdebstrap qemu-utils e2fsprogs extlinux syslinux-common fdisk debian-archive-keyring
# Settings: LAB_SUITE (trixie) LAB_MIRROR (the one of this host's apt) LAB_DISK_SIZE (10G) LAB_BACKPORTS=1 (kernel from backports)
#   LAB_SEED=FILE.tar (unpacked over the system)
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
disk=$(realpath -m "$1")
shift
suite=${LAB_SUITE:-trixie}

fail() {
  echo "Cannot build $disk: $1 -> $2" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "it takes root to unpack a system and mount a disk" "run it with sudo"
for program in mmdebstrap qemu-img mkfs.ext4 extlinux sfdisk; do
  command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
    fail "there is no $program" "apt-get install mmdebstrap qemu-utils e2fsprogs extlinux syslinux-common fdisk debian-archive-keyring"
done
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC2016  # apt fills in the field
mirror=${LAB_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | grep -v security | head -n 1)}

mkdir -p "$(dirname "$disk")"
work=$(mktemp -d "$(dirname "$disk")/build.XXXXXX")
mounted=$work/mounted
loop=
clean_up() {
  if mountpoint -q "$mounted"; then umount "$mounted"; fi
  [ -z "$loop" ] || losetup -d "$loop"
  rm -rf "$work"
}
trap clean_up EXIT
started=$SECONDS
say() { printf '[%4d s] %s\n' $((SECONDS - started)) "$*"; }

system=systemd-sysv,systemd-resolved,udev,dbus,libpam-systemd,kmod,linux-image-amd64,initramfs-tools,zstd,lz4,openssh-server,sudo,rsync
system=$system,iproute2,ca-certificates,less,procps,netbase
for package in "$@"; do system=$system,$package; done
sources=("deb $mirror $suite main")
if [ "${LAB_BACKPORTS:-0}" = 1 ]; then
  sources+=("deb $mirror $suite-backports main")
  system=${system/linux-image-amd64/linux-image-amd64\/$suite-backports}
fi

say "unpacking $suite from $mirror"
mmdebstrap --mode=root --variant=minbase --format=directory \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --include="$system" --customize-hook="sh $here/disk-hook.sh \"\$1\"" \
  "$suite" "$work/root" "${sources[@]}" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; fail "mmdebstrap failed with the above" "mend that, then try again"; }
[ -z "${LAB_SEED:-}" ] || tar -C "$work/root" -xf "$LAB_SEED"
say "system of $(du -sm "$work/root" | cut -f1) MiB"

image=$work/disk.raw
truncate -s "${LAB_DISK_SIZE:-10G}" "$image"
# One partition from 1 MiB on. extlinux cannot read ext4 with 64bit, and no kernel module is needed to reach it by its offset.
echo 'start=2048, type=83, bootable' | sfdisk -q "$image"
blocks=$((($(stat -c %s "$image") - 1048576) / 1024))
mkfs.ext4 -q -F -L root -m 0 -O ^64bit,^metadata_csum -E offset=1048576,lazy_itable_init=1 -d "$work/root" "$image" "${blocks}k"
dd if=/usr/lib/syslinux/mbr/mbr.bin of="$image" conv=notrunc bs=440 count=1 status=none
loop=$(losetup -f --show -o 1048576 "$image")
mkdir -p "$mounted"
mount "$loop" "$mounted"
cp /usr/lib/syslinux/modules/bios/ldlinux.c32 "$mounted/boot/extlinux/"
extlinux --install "$mounted/boot/extlinux" >/dev/null 2>&1
umount "$mounted"
losetup -d "$loop"
loop=
say "compressing"
qemu-img convert -f raw -O qcow2 -c -o compression_type=zstd "$image" "$disk"
say "done: $(du -m "$disk" | cut -f1) MiB $disk"
