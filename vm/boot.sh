#!/usr/bin/env bash
# The lab's machine with plain QEMU: no root, no libvirt, no bridge. Its disk is vm/build-disk.sh's.
# Usage: vm/boot.sh up | ssh [command...] | sync | provision | kernel [argument...] | status | down | destroy
#   kernel: boots again with these arguments behind the disk's own, in place of earlier ones, and says the whole line
# Settings: LAB_DISK LAB_STATE LAB_CPUS LAB_MEMORY (MiB) LAB_PORT LAB_SSH_PORT LAB_KVM=0|1 LAB_NET=0|1 (1 lets the guest out)
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
state=${LAB_STATE:-$top/.ringside/vm}
disk=${LAB_DISK:-$top/.ringside/vm/debian13.qcow2}
cpus=${LAB_CPUS:-2}
memory=${LAB_MEMORY:-2048}
port=${LAB_PORT:-8888}
ssh_port=${LAB_SSH_PORT:-2222}
key=$state/key
pid_file=$state/qemu.pid
overlay=$state/overlay.qcow2

fail() {
  echo "Cannot $1: $2 -> $3" >&2
  exit 1
}

ssh_options=(-p "$ssh_port" -i "$key" -o IdentitiesOnly=yes -o StrictHostKeyChecking=no
  -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=20)
# What is asked for is meant for the other side.
# shellcheck disable=SC2029
inside() { ssh "${ssh_options[@]}" root@127.0.0.1 "$@"; }
is_running() { [ -s "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }

# A /dev/kvm alone proves little (paravirtual ones run no stock kernel), so the processor is asked, too.
has_kvm() {
  [ -n "${LAB_KVM:-}" ] && { [ "$LAB_KVM" = 1 ]; return; }
  [ -w /dev/kvm ] && grep -qE '^flags.*\b(vmx|svm)\b' /proc/cpuinfo
}

start_qemu() {
  # systemd in the guest takes the key as a credential, so one disk serves everybody.
  local credential accelerator out
  credential=$(base64 -w0 <"$key.pub")
  # Emulated, an old processor boots a third faster than the newest that QEMU can act.
  accelerator=(-accel "tcg,thread=${LAB_TCG_THREAD:-multi},tb-size=${LAB_TCG_CACHE:-512}" -cpu Nehalem-v1)
  has_kvm && accelerator=(-accel kvm -cpu host)
  out=restrict=on
  [ "${LAB_NET:-0}" = 1 ] && out=restrict=off
  qemu-system-x86_64 "${accelerator[@]}" -m "$memory" -smp "$cpus" -display none -vga none \
    -drive "file=$overlay,if=virtio,cache=unsafe,discard=unmap" \
    -nic "user,model=virtio-net-pci,$out,hostfwd=tcp:127.0.0.1:$ssh_port-:22,hostfwd=tcp:127.0.0.1:$port-:18888,hostfwd=tcp:127.0.0.1:$((port + 1))-:18889" \
    -netdev hubport,id=spare,hubid=1 -device "virtio-net-pci,netdev=spare" \
    -device virtio-rng-pci -smbios "type=11,value=io.systemd.credential.binary:ssh.authorized_keys.root=$credential" \
    -serial "file:$state/console.log" -pidfile "$pid_file" -daemonize
}

up() {
  is_running && { echo "The machine runs already."; return; }
  [ -f "$disk" ] || fail "start the machine" "there is no disk $disk" "make it: sudo vm/build-disk.sh $disk"
  mkdir -p "$state"
  [ -f "$key" ] || ssh-keygen -q -t ed25519 -N '' -f "$key"
  [ -f "$overlay" ] || qemu-img create -q -f qcow2 -F qcow2 -b "$(realpath "$disk")" "$overlay"
  local started=$SECONDS
  start_qemu
  until inside true 2>/dev/null; do
    is_running || fail "start the machine" "qemu ended" "see $state/console.log"
    [ $((SECONDS - started)) -lt "${LAB_PATIENCE:-600}" ] || fail "reach the machine" "no ssh within ${LAB_PATIENCE:-600} s" "see $state/console.log"
    sleep 1
  done
  echo "The machine is up after $((SECONDS - started)) s."
}

down() {
  is_running || { echo "The machine is not running."; return; }
  local pid
  pid=$(cat "$pid_file")
  inside poweroff 2>/dev/null || true
  for _ in $(seq 90); do
    kill -0 "$pid" 2>/dev/null || { echo "The machine is down."; return; }
    sleep 1
  done
  kill "$pid"
  echo "The machine did not stop by itself; it was ended."
}

# What git knows, so that no build, no module and no state of this machine goes along.
sync_clone() {
  inside mkdir -p /opt/ringside
  (cd "$top" && git ls-files -co --exclude-standard -z | tar --null -T - -cf -) | inside tar -C /opt/ringside --no-same-owner -xf -
}

# They lie in the machine's own disk, so they hold for every later boot, until others take their place.
with_kernel_arguments() {
  local conf=/boot/extlinux/extlinux.conf
  inside "sed -i 's/^\( *APPEND .*net\.ifnames=0\).*/\1 $*/' $conf && sync"
  down
  up
  inside cat /proc/cmdline
}

case "${1:-}" in
  up) up ;;
  ssh) shift; inside "$@" ;;
  sync) sync_clone ;;
  provision) inside "sh /opt/ringside/vm/guest.sh && sh /opt/ringside/vm/address.sh $port" ;;
  kernel) shift; with_kernel_arguments "$@" ;;
  status) if is_running; then echo running; else echo stopped; fi ;;
  down) down ;;
  destroy) down; rm -rf "$overlay" "$key" "$key.pub" "$pid_file" "$state/console.log" ;;
  *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
