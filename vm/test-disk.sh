#!/bin/sh
# A disk that needs no network: the system packages of the VM and of the tests that run in it, the npm packages, what is built here.
# Usage: vm/test-disk.sh FILE.qcow2
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

# No browser, no hub, no Vagrant and no linter in the machine: their tests are no test of a kernel.
packages=$(awk '$1 ~ /(^|,)(run|vm|test)(,|$)/ && $2 !~ /^(chromium|fonts-|vagrant|shellcheck|jupyterhub)/ { print $2 }' vm/packages.txt)
seed=$(dirname "$1")/seed.tar
tar -cf "$seed" --transform 's,^,opt/ringside/,S' node_modules lab/dist kernels/build
# One word a package on purpose.
# shellcheck disable=SC2086
LAB_SEED=$seed exec bash vm/build-disk.sh "$1" $packages
