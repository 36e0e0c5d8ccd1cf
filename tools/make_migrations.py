#!/usr/bin/env python3
"""make_migrations.py OUT.c FILE.sql …: the migrations as C text, with the SHA-256 of each file.

A file is named NNNN_words.sql and holds `-- migrate:up` and `-- migrate:down` on lines of their own, as dbmate reads
them. Every migration runs in a transaction: options after the marks are refused."""
import hashlib
import pathlib
import re
import sys


def sections(path):
    parts = {}
    current = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark = re.match(r"--\s*migrate:(\S*)\s*(.*)$", line)
        if mark:
            if mark[1] not in ("up", "down") or mark[2] or mark[1] in parts:
                sys.exit(f"{path}:{number}: expected one plain `-- migrate:up` and one `-- migrate:down`")
            current = parts.setdefault(mark[1], [])
        elif current is not None:
            current.append(line)
        elif line.strip() and not line.startswith("--"):
            sys.exit(f"{path}:{number}: statements before `-- migrate:up`")
    if list(parts) != ["up", "down"]:
        sys.exit(f"{path}: needs `-- migrate:up`, then `-- migrate:down`")
    return parts["up"], parts["down"]


def literal(lines):
    out = []
    for line in lines:
        text = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
        out.append(f'        "{text}\\n"')
    return "\n".join(out)


def main():
    target = pathlib.Path(sys.argv[1])
    rows, seen = [], set()
    for path in sorted((pathlib.Path(name) for name in sys.argv[2:]), key=lambda each: each.name):
        name = re.fullmatch(r"([0-9]{4})_([a-z0-9_]+)\.sql", path.name)
        if not name or name[1] in seen:
            sys.exit(f"{path}: the name should be NNNN_words.sql, with a number of its own")
        seen.add(name[1])
        up, down = sections(path)
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(f'    {{\n        "{name[1]}",\n        "{name[2]}",\n        "{checksum}",\n'
                    f"{literal(up)},\n{literal(down)},\n    }},\n")
    target.write_text(
        "/* Made by tools/make_migrations.py from migrations/. */\n"
        '#include "app/schema/migration.h"\n\n'
        "const dx_migration dx_migrations[] = {\n" + "".join(rows) + "};\n\n"
        "const size_t dx_migration_count = sizeof dx_migrations / sizeof *dx_migrations;\n", encoding="utf-8")


main()
