#!/bin/sh
# Makes a bare Debian or Ubuntu the lab machine: installs what vm/packages.txt lists and this machine lacks.
# Usage: vm/provision.sh [run|test|bench|vm|test-vm]
# With nothing missing it is one dpkg-query call and prints nothing.
set -eu
cd "$(dirname "$0")"

fail() {
  echo "Cannot install the lab's packages: $1 -> $2" >&2
  exit 1
}

group=${1:-run}
case $group in
  run | test | bench | vm | test-vm) ;;
  *)
    echo "Usage: vm/provision.sh [run|test|bench|vm|test-vm]" >&2
    exit 2
    ;;
esac

by_hand="install what vm/packages.txt lists by your own means, then: npm ci && sh vm/build.sh && npx ringside start"
[ -r /etc/os-release ] || fail "no /etc/os-release, so this is not a Debian or Ubuntu" "$by_hand"
# shellcheck source=/dev/null
distribution=$(. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-without a version}")
case $distribution in
  "debian 12" | "debian 13") column=2 ;;
  "ubuntu 24.04") column=3 ;;
  *) fail "this is $distribution; the names are known for debian 12, debian 13 and ubuntu 24.04" "$by_hand" ;;
esac

wanted=$(awk -v group="$group" -v column="$column" '
  $1 == "run" || index("," $1 ",", "," group ",") { name = $column == "=" ? $2 : $column; if (name != "-") print name }
' packages.txt)

# One word a package on purpose, here and below.
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
missing=$(for name in $wanted; do
  case "
$installed
" in
    *"
$name
"*) ;;
    *) echo "$name" ;;
  esac
done)
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  # shellcheck disable=SC2086,SC2116
  command -v sudo >/dev/null || fail "it needs root and there is no sudo" "as root: apt-get install $(echo $missing)"
  as_root=sudo
fi

echo "Installing the system packages that are missing (why: vm/packages.txt):"
for name in $missing; do echo "  $name"; done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# Debian's jupyterhub would serve this machine's users on port 8000 from the moment it is installed, and at every boot.
keep_hub_off() {
  unit=/etc/systemd/system/jupyterhub.service
  # shellcheck disable=SC2086,SC2116
  case " $(echo $missing) " in *" jupyterhub "*) ;; *) return 0 ;; esac
  [ -d /etc/systemd/system ] && [ ! -e "$unit" ] || return 0
  $as_root ln -s /dev/null "$unit"
  echo "  (jupyterhub's own service stays off; systemctl unmask jupyterhub turns it on)"
}

# Runs apt-get, waiting a minute for another package manager; shows each package that is ready.
apt() {
  {
    rc=0
    $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
      apt-get -y -q -o DPkg::Lock::Timeout=60 -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1 || rc=$?
    echo "$rc" >"$scratch/rc"
  } | tee "$scratch/log" | sed -un 's/^Setting up \([^ ]*\).*/  ready: \1/p'
  return "$(cat "$scratch/rc")"
}

# The package lists may be absent (a fresh container) or old (names gone, or versions that no longer fit those installed): then, and
# only then, fetch them and try again.
install_missing() {
  # shellcheck disable=SC2086
  apt install --no-install-recommends $missing && return
  grep -Eq 'Unable to locate|no installation candidate|unmet dependencies|held broken packages|Failed to fetch|404 ' "$scratch/log" || return
  echo "Fetching newer package lists"
  apt update && ! grep -Eq '^(W|E): Failed to fetch' "$scratch/log" || return
  # shellcheck disable=SC2086
  apt install --no-install-recommends $missing
}

# Ends with apt-get's own words and the next step for them.
explain() {
  words=$(grep -E '^(E|W|dpkg):' "$scratch/log" | head -n 3 || true)
  [ -n "$words" ] || words=$(tail -n 3 "$scratch/log")
  echo "$words" >&2
  case $words in
    *"Could not get lock"* | *"Unable to acquire"*)
      fail "another package manager holds dpkg's lock" "wait until it is done (ps -C apt,apt-get,dpkg,unattended-upgr), then try again"
      ;;
    *"No space left"* | *"enough free space"*) fail "the disk is full" "free some space (apt-get clean; df -h / /var), then try again" ;;
    *"dpkg was interrupted"*) fail "an earlier installation was interrupted" "run dpkg --configure -a as root, then try again" ;;
    *"Unable to locate"* | *"no installation candidate"*)
      fail "a package has no source here" "enable the main and universe components in /etc/apt, then try again"
      ;;
    *"Failed to fetch"* | *"Temporary failure"* | *"Could not resolve"* | *"Could not connect"*)
      fail "the package server cannot be reached" "check the network and /etc/apt, then try again"
      ;;
    *) fail "apt-get said the above" "mend that, then try again" ;;
  esac
}

keep_hub_off
install_missing || explain
