#!/bin/sh
# Inside vm/build-disk.sh: what makes an unpacked Debian a machine that boots, takes keys and can become a Vagrant box.
# Usage: vm/disk-hook.sh ROOT
set -eu
root=$1
in_root() { chroot "$root" "$@"; }

echo lab >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 lab\n' >"$root/etc/hosts"
echo '/dev/vda1 / ext4 errors=remount-ro,noatime 0 1' >"$root/etc/fstab"
# The wired NICs ask for an address, unless Vagrant writes a network file of its own for them.
mkdir -p "$root/etc/systemd/network"
printf '[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' >"$root/etc/systemd/network/80-eth0.network"
in_root systemctl enable -q systemd-networkd ssh serial-getty@ttyS0
in_root systemctl mask -q systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap getty@tty1 2>/dev/null

# A box must have this user, this key, which `vagrant up` replaces at once, and sudo without a password.
in_root useradd -m -s /bin/bash vagrant
echo 'vagrant:vagrant' | in_root chpasswd
install -d -m 700 "$root/home/vagrant/.ssh"
cat >"$root/home/vagrant/.ssh/authorized_keys" <<'KEY'
ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key
KEY
chmod 600 "$root/home/vagrant/.ssh/authorized_keys"
in_root chown -R vagrant:vagrant /home/vagrant/.ssh
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/vagrant"
chmod 440 "$root/etc/sudoers.d/vagrant"
printf 'UseDNS no\nGSSAPIAuthentication no\n' >"$root/etc/ssh/sshd_config.d/lab.conf"

# A small initramfs, with what a QEMU disk needs and no more: a full one costs seconds where the processor is emulated.
echo 'MODULES=list' >"$root/etc/initramfs-tools/conf.d/modules.conf"
printf 'virtio_pci\nvirtio_blk\nvirtio_scsi\next4\nsd_mod\n' >>"$root/etc/initramfs-tools/modules"
echo 'COMPRESS=lz4' >"$root/etc/initramfs-tools/conf.d/compress.conf"
in_root update-initramfs -u
mkdir -p "$root/boot/extlinux"
cat >"$root/boot/extlinux/extlinux.conf" <<'BOOT'
DEFAULT linux
PROMPT 0
TIMEOUT 0
LABEL linux
  LINUX /vmlinuz
  INITRD /initrd.img
  APPEND root=/dev/vda1 ro quiet console=tty0 console=ttyS0,115200 net.ifnames=0
BOOT
# The first boot's own jobs are done.
touch "$root/etc/.updated" "$root/var/.updated"
: >"$root/etc/machine-id"
rm -f "$root"/var/log/*.log "$root"/var/cache/ldconfig/aux-cache
