#!/bin/sh
# From a clone to a lab that runs: system packages, npm packages, build. Each step is skipped when nothing changed.
# Usage: vm/setup.sh [run|test|bench]
set -eu
cd "$(dirname "$0")/.."

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null || {
  found=$(node --version 2>/dev/null || echo none)
  echo "Cannot set up the lab: it needs Node.js 20.19 or newer, found $found -> install Node.js 20, 22 or 24 from nodejs.org" >&2
  exit 1
}

# Without root nothing is installed: what is missing is shown from recordings, and the exercises that need none of it work.
if [ "${1:-run}" != run ] || [ "$(id -u)" -eq 0 ]; then sh vm/provision.sh "${1:-run}"; fi

# The stamp is a copy of the lock file inside node_modules: npm ci removes the folder and the stamp with it.
stamp=node_modules/.ringside-lock.json
cmp -s package-lock.json "$stamp" || {
  echo "Installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error || {
    echo "Cannot install the npm packages: npm ci failed with the above -> check the network (npm ping) and the disk (df -h .), then try again" >&2
    exit 1
  }
  cp package-lock.json "$stamp"
}

sh vm/build.sh

[ "$(id -u)" -eq 0 ] || cat <<'END'
Not root: the whole course opens, and every exercise that needs no live packets works. Where a measurement cannot be made here, its
figures show another machine's, and say so. For live packets, on Debian or Ubuntu: sudo npm start
END
