# Sourced by ./run, ./test and tools/*.sh: where things are, and how a step is shown.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
BUILD=$ROOT/build
STARTED=$SECONDS
CALLED_FROM=$PWD
export LC_ALL=C.UTF-8 CCACHE_DIR=${CCACHE_DIR:-$BUILD/ccache}
export TMPDIR=$BUILD/tmp
mkdir -p "$TMPDIR"
cd "$ROOT"

BOLD='' RED='' GREEN='' PLAIN=''
if [ -t 1 ] && [ "${CI:-}" != true ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
fi

# say WORDS: one line, with the seconds since the start.
say() {
    printf '%s[%4d s]%s %s\n' "$BOLD" $((SECONDS - STARTED)) "$PLAIN" "$*"
}

# die WORDS: says what is wrong and ends with 1.
die() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
    exit 1
}

# quietly LOG COMMAND…: runs the command with its output in build/log/LOG; when it fails the end of that is shown.
quietly() {
    local log=$BUILD/log/$1
    shift
    mkdir -p "$BUILD/log"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        die "failed: $* (all of its output: $log)"
    fi
}

# stamped NAME KEY: true when the step NAME was done with this key before; `stamp NAME KEY` says that it is now.
stamped() {
    [ "$(cat "$BUILD/stamp/$1" 2>/dev/null)" = "$2" ]
}
stamp() {
    mkdir -p "$BUILD/stamp"
    printf '%s\n' "$2" >"$BUILD/stamp/$1"
}
hash_of() {
    cat "$@" | sha256sum | cut -c 1-32
}

# build_preset PRESET [TARGET…]: configures build/PRESET where that is new, and builds.
build_preset() {
    local preset=$1
    shift
    if [ ! -f "$BUILD/$preset/build.ninja" ]; then
        say "configure build/$preset"
        quietly "configure-$preset" cmake --preset "$preset"
    fi
    say "build build/$preset"
    quietly "build-$preset" ninja -C "$BUILD/$preset" -j "$(nproc)" "$@"
}
