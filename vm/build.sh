#!/bin/sh
# Builds what is not in the repository, and of that only what changed:
#   lab/src              -> lab/dist              TypeScript's compiler
#                        -> lab/dist/declarations rollup, into one file a module, which is what cells read
#                        -> lab/dist/bundle       esbuild, into one file, which is what cells load
#   lab/src/course/browser -> lab/dist/course/browser  esbuild, into a script for each page and one style sheet
#   kernels/bpf/*.bpf.c  -> kernels/build/bpf     clang for the BPF machine
#   kernels/native/*.c   -> kernels/build/native  clang for this machine
#   kernels/lwip/*.c     -> kernels/build/lwip    the same, where lwIP is installed: only measuring it needs it
set -eu
cd "$(dirname "$0")/.."

# True where the output $1 is absent or older than any file or folder that follows.
stale() {
  output=$1
  shift
  [ ! -e "$output" ] || [ -n "$(find "$@" -newer "$output" 2>/dev/null | head -n 1)" ]
}

# node_modules/.bin/tsc is tslab's frozen TypeScript 5.0.4, so the compiler is named by its path.
build_library() {
  stale lab/dist/.built lab/src lab/tsconfig.json lab/*.config.mjs package-lock.json vm/build.sh || return 0
  echo "Building lab/dist"
  remove_orphans
  node node_modules/typescript/bin/tsc -p lab || {
    echo "Cannot build lab: the type errors above -> mend them, then npm run build" >&2
    return 1
  }
  chmod +x lab/dist/cli/main.js
  build_declarations
  build_bundle
  build_page
  touch lab/dist/.built
}

# What the compiler of a cell reads of the library.
build_declarations() {
  rm -rf lab/dist/declarations
  node node_modules/rollup/dist/bin/rollup --config lab/declarations.config.mjs --silent || {
    echo "Cannot build lab/dist/declarations: the error above -> mend what a module's index.ts exports, then npm run build" >&2
    return 1
  }
}

# What a cell loads of the library.
build_bundle() {
  node lab/bundle.config.mjs || {
    echo "Cannot bundle lab/dist: the errors above -> mend them, then npm run build" >&2
    return 1
  }
}

# What the browser loads of the course page and of a workshop's pages.
build_page() {
  node_modules/.bin/esbuild lab/src/course/browser/main.ts lab/src/course/browser/join.ts lab/src/course/browser/board.ts \
    lab/src/course/browser/page.css --bundle --minify --format=esm --target=es2022 --outdir=lab/dist/course/browser --log-level=warning || {
    echo "Cannot bundle the course page: the errors above -> mend them, then npm run build" >&2
    return 1
  }
}

# A source that was renamed or deleted must not live on in lab/dist.
remove_orphans() {
  [ -d lab/dist ] || return 0
  find lab/dist -name declarations -prune -o -name '*.d.ts' -print | while read -r declaration; do
    module=${declaration#lab/dist/}
    module=${module%.d.ts}
    [ -e "lab/src/$module.ts" ] || rm -f "lab/dist/$module.d.ts" "lab/dist/$module.js" "lab/dist/$module.js.map"
  done
}

# Root needs all that is compiled; without root the course is read, and what it would measure is shown from recordings.
excuse() {
  [ "$(id -u)" -ne 0 ] || exit 1
  echo "Not compiled: $1, for the errors above; what it measures is shown from recordings -> for live figures: sudo sh vm/provision.sh run"
}

have_clang() {
  clang --version >/dev/null 2>&1 && return
  [ "$(id -u)" -ne 0 ] && return 1
  echo "Cannot compile $1: there is no clang -> run sh vm/provision.sh run" >&2
  exit 1
}

# The headers that any source may include; one word a file on purpose.
headers() {
  find "$1" -name '*.h' | tr '\n' ' '
}

build_bpf() {
  mkdir -p kernels/build/bpf
  sources=$(stale_bpf)
  [ -n "$sources" ] && have_clang kernels/bpf || return 0
  # One at a time on each CPU. -target bpf does not look into the multiarch folder, where Debian keeps asm/types.h; Debian 13's clang
  # cannot name it. What is in quotes is for the other shell.
  # shellcheck disable=SC2016
  echo "$sources" | xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" sh -c 'echo "Compiling $2"
    clang -O2 -g -Wall -target bpf "-I/usr/include/$1-linux-gnu" -c "$2" -o "kernels/build/bpf/$(basename "$2" .c).o"' sh "$(uname -m)" || excuse kernels/bpf
}

stale_bpf() {
  headers=$(headers kernels/bpf)
  for source in kernels/bpf/*.bpf.c; do
    # shellcheck disable=SC2086
    if stale "kernels/build/bpf/$(basename "$source" .c).o" "$source" $headers vm/build.sh; then echo "$source"; fi
  done
}

# Builds the folder $1 of kernels; what follows are further words for clang.
build_shared() {
  folder=$1
  shift
  mkdir -p "kernels/build/$folder"
  headers=$(headers kernels/native)$(headers "kernels/$folder")
  for source in kernels/"$folder"/*.c; do
    [ -e "$source" ] || continue
    object=kernels/build/$folder/$(basename "$source" .c).so
    # shellcheck disable=SC2086
    stale "$object" "$source" $headers vm/build.sh || continue
    have_clang "$source" || continue
    echo "Compiling $source"
    clang -O2 -g -Wall -Wextra -shared -fPIC -pthread "$source" "$@" -o "$object" || excuse "$source"
  done
}

build_lwip() {
  [ -e /usr/include/lwip/lwip/tcp.h ] || return 0
  build_shared lwip -I/usr/include/lwip -llwip
}

build_library
build_bpf
build_shared native
build_lwip
