#!/usr/bin/env python3
"""Write everything that lists the errors from tools/errors.tsv.

Usage: tools/make_errors.py [--check]
--check writes nothing and fails when a file differs from what would be written.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def rows():
    for line in (ROOT / "tools/errors.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            name, code, http, retry, cls, text = line.split("\t")
            yield name, int(code), int(http), retry == "yes", cls, text


def header(table):
    out = [
        "/** @file doxin/errors.h",
        " *  The status codes. A function that returns a `doxin_status` answers DOXIN_OK (0) or one of these negative",
        " *  numbers; a positive value only where its own comment says so. New codes are added with new releases: treat an",
        " *  unknown one as DOXIN_E_INTERNAL. Codes are never reused. doxin_status_name() gives the name of a code.",
        " *",
        " *  Made from tools/errors.tsv by tools/make_errors.py; do not edit. */",
        "#ifndef DOXIN_ERRORS_H",
        "#define DOXIN_ERRORS_H",
        "",
        "enum {",
        "    /** Success. */",
        "    DOXIN_OK = 0,",
    ]
    for i, (name, code, http, retry, _cls, text) in enumerate(table):
        again = "; trying again may help" if retry else ""
        out.append(f"    /** {text[0].upper() + text[1:]} (HTTP {http}{again}). */")
        out.append(f"    DOXIN_E_{name} = {code}{',' if i + 1 < len(table) else ''}")
    out += ["};", "", "#endif", ""]
    return "\n".join(out)


def c_table(table):
    out = ["/* Made from tools/errors.tsv by tools/make_errors.py; do not edit. */"]
    for name, code, http, retry, _cls, text in table:
        out.append(f'{{{code}, {http}, {str(retry).lower()}, "DOXIN_E_{name}", "{text}"}},')
    return "\n".join(out) + "\n"


def http_table(table):
    out = ["/* Made from tools/errors.tsv by tools/make_errors.py; do not edit. */", '{DOXIN_OK, 200, "success"},']
    for name, _code, http, _retry, _cls, text in table:
        out.append(f'{{DOXIN_E_{name}, {http}, "{text}"}},')
    return "\n".join(out) + "\n"


def page(table):
    out = [
        "# Errors",
        "",
        "Every error has a stable name and number. The C library returns the number, the HTTP API puts the name into",
        "the member `code` of its problem document, the bindings raise the class. Made from `tools/errors.tsv`.",
        "",
        "| name | code | HTTP | retry | class | meaning |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, code, http, retry, cls, text in table:
        out.append(f"| `DOXIN_E_{name}` | {code} | {http} | {'yes' if retry else 'no'} | `{cls}` | {text} |")
    return "\n".join(out) + "\n"


def main():
    table = list(rows())
    codes = [r[1] for r in table]
    if len(set(codes)) != len(codes):
        sys.exit("tools/errors.tsv: a code is used twice")
    files = {
        "include/doxin/errors.h": header(table),
        "libdoxin/base/rt/error_table.inc": c_table(table),
        "server/http/status_table.inc": http_table(table),
        "docs/errors.md": page(table),
    }
    stale = []
    for name, text in files.items():
        path = ROOT / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                stale.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        sys.exit("not what tools/errors.tsv gives: " + ", ".join(stale) + "; run tools/make_errors.py")


main()
