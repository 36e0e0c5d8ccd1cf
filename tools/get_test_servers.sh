#!/bin/sh
# Unpacks what only the tests need under build/deps/test_servers: PostgreSQL 15 of Debian with pgvector built for it (Debian
# 12 has no package of that), and PgBouncer. The packages are unpacked, not installed: installing would start services.
# Does nothing when all is there. Needs apt-get, curl, dpkg, gcc; no root.
set -eu
vector=0.8.0
vector_sha256=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0
layout=2
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root/build/deps/test_servers}
stamp=$target/.version
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$vector $layout" ]; then
    exit 0
fi
rm -rf "$target" "$target.new"
mkdir -p "$target.new/packages"
cd "$target.new/packages"
apt-get download -qq postgresql-15 postgresql-client-15 postgresql-server-dev-15 pgbouncer libevent-2.1-7 libc-ares2
for package in *.deb; do
    dpkg -x "$package" "$target.new"
done
curl -fsSL --retry 3 -o pgvector.tar.gz "http://deb.debian.org/debian/pool/main/p/pgvector/pgvector_$vector.orig.tar.gz"
echo "$vector_sha256  pgvector.tar.gz" | sha256sum -c --quiet
tar xzf pgvector.tar.gz
cd "pgvector-$vector"
server=$target.new/usr/lib/postgresql/15
share=$target.new/usr/share/postgresql/15/extension
cc -O2 -fPIC -shared -fassociative-math -fno-signed-zeros -fno-trapping-math \
    -I"$target.new/usr/include/postgresql/15/server" -o "$server/lib/vector.so" src/*.c
cp vector.control sql/vector--*--*.sql "$share/"
cp sql/vector.sql "$share/vector--$vector.sql"
cd "$target.new"
rm -rf packages usr/include usr/share/doc usr/share/locale usr/share/man usr/lib/postgresql/15/lib/bitcode
chmod -R u+rwX,go+rX .
"$server/bin/postgres" -V >/dev/null
echo "$vector $layout" >.version
mv "$target.new" "$target"
