#!/usr/bin/env bash
# tools/setup.sh run|test: installs what is missing to build and run DoxIn (run), or to test it as well (test).
# Packages come from Debian 12's main section (tools/packages.txt); PostgreSQL with pgvector, which Debian 12 does not
# have, is unpacked into build/deps by tools/get_postgres.sh. A machine that has everything is left as it is.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
set_name=${1:-run}
case $set_name in run | test) ;; *) die "usage: tools/setup.sh run|test" ;; esac

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -n "$@"
    else
        die "root is needed for: $* (start this as root, or install sudo)"
    fi
}

wanted() {
    if [ "$set_name" = test ]; then
        awk '!/^#/ && NF { print $1 }' tools/packages.txt
    else
        awk '!/^#/ && NF && $2 != "test" { print $1 }' tools/packages.txt
    fi
}

missing() {
    comm -23 <(wanted | sort -u) \
        <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" { print $2 }' | sort -u)
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@"
}

mapfile -t packages < <(missing)
if [ ${#packages[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || die "this needs Debian 12 with apt-get; missing: ${packages[*]}"
    say "install ${#packages[@]} packages: ${packages[*]}"
    quietly apt-update apt update
    quietly apt-install apt install --no-install-recommends "${packages[@]}"
    mapfile -t packages < <(missing)
    [ ${#packages[@]} = 0 ] || die "still missing after the installation: ${packages[*]}"
fi

# PostgreSQL refuses to run as root: the private database of a server that root starts belongs to a user of its own.
if [ "$(id -u)" = 0 ] && ! getent passwd doxin-postgres >/dev/null; then
    say "create the system user doxin-postgres"
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin doxin-postgres
fi

[ -d build/deps/postgres ] || say "unpack PostgreSQL with pgvector into build/deps/postgres"
quietly postgres tools/get_postgres.sh
if [ "$set_name" = test ]; then
    [ -d build/deps/test_servers ] || say "unpack PostgreSQL 15 and PgBouncer for the tests into build/deps/test_servers"
    quietly test_servers tools/get_test_servers.sh
fi

if [ "$set_name" = test ] && [ -f tests/requirements.txt ]; then
    key=$(hash_of tests/requirements.txt)
    if ! stamped venv "$key"; then
        say "install the tests' Python packages into build/venv"
        quietly venv python3 -m venv --clear build/venv
        quietly pip build/venv/bin/pip install --disable-pip-version-check -q -r tests/requirements.txt
        stamp venv "$key"
    fi
fi
