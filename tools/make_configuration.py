#!/usr/bin/env python3
"""Write the table in docs/configuration.md from server/boot/config_table.inc.

Usage: tools/make_configuration.py [--check]
--check writes nothing and fails when the page differs. `doxin config --markdown` prints the same table.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/configuration.md"
ROW = re.compile(r'^X\("(\w+)", (\w+), "([^"]*)", \S+, \S+, (?:NULL|"\w+"), "((?:[^"\\]|\\.)*)"\)$')


def table():
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for line in (ROOT / "server/boot/config_table.inc").read_text().splitlines():
        if line.startswith("X("):
            match = ROW.match(line)
            if not match:
                sys.exit(f"config_table.inc: cannot read {line!r}")
            name, _kind, default, text = match.groups()
            lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {text} |")
    return "\n".join(lines) + "\n"


def main():
    page = PAGE.read_text()
    start = page.index("| variable |")
    end = start
    for line in page[start:].splitlines(keepends=True):
        if not line.startswith("|"):
            break
        end += len(line)
    new = page[:start] + table() + page[end:]
    if "--check" in sys.argv:
        if new != page:
            sys.exit("docs/configuration.md is not what config_table.inc gives; run tools/make_configuration.py")
    else:
        PAGE.write_text(new)


main()
