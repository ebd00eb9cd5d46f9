#!/bin/sh
# Inside the VM, as root, on every provisioning: packages, the lab itself, and the lab as a service that is up when this ends.
# Usage: vm/guest.sh     (vm/address.sh then tells where the course is)
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

sh vm/provision.sh vm
sh vm/setup.sh run

cat >/etc/systemd/system/ringside.service <<END
[Unit]
Description=Ringside, the course on kernel bypass
After=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
WorkingDirectory=$root
# On an emulated processor everything takes ten times as long.
Environment=HOME=/root RINGSIDE_PATIENCE=10
TimeoutStartSec=1200
ExecStart=/usr/bin/node lab/dist/cli/main.js start --port 8888
ExecStop=/usr/bin/node lab/dist/cli/main.js stop

[Install]
WantedBy=multi-user.target
END
cat >/etc/systemd/system/ringside-door@.service <<'END'
[Unit]
Description=The VM's address, port 1%i, to its loopback, port %i
Requires=ringside-door@%i.socket
[Service]
ExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:%i
END
cat >/etc/systemd/system/ringside-door@.socket <<'END'
[Socket]
ListenStream=0.0.0.0:1%i
[Install]
WantedBy=sockets.target
END
systemctl daemon-reload
systemctl enable -q ringside.service
systemctl restart ringside.service || { journalctl -u ringside.service --no-pager -n 5 >&2; exit 1; }
systemctl enable --now -q ringside-door@8888.socket ringside-door@8889.socket
