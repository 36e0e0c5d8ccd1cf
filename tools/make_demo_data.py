#!/usr/bin/env python3
"""make_demo_data.py OUT.c CATALOGUE.json FILE…: the demonstration data as C, so that the program needs no path for it."""
import hashlib
import json
import pathlib
import sys


def array(name, data):
    rows = "\n".join("    " + " ".join(f"{byte}," for byte in data[at:at + 24]) for at in range(0, len(data), 24))
    return f"static const unsigned char {name}[] = {{\n{rows}\n}};\n"


def main():
    target, catalogue, *files = (pathlib.Path(name) for name in sys.argv[1:])
    compact = json.dumps(json.loads(catalogue.read_text(encoding="utf-8")), separators=(",", ":")).encode() + b"\0"
    parts, rows = [array("catalogue", compact)], []
    for number, path in enumerate(files):
        data = path.read_bytes()
        parts.append(array(f"file_{number}", data))
        rows.append(f'    {{"demonstration-{path.name}", file_{number}, sizeof file_{number}, "{hashlib.sha256(data).hexdigest()}"}},\n')
    target.write_text('/* Made by tools/make_demo_data.py from server/demo/. */\n#include "demo/data.h"\n\n' + "\n".join(parts) +
                      "\nconst demo_file demo_files[] = {\n" + "".join(rows) + "};\n"
                      "const size_t demo_file_count = sizeof demo_files / sizeof demo_files[0];\n"
                      "const char *const demo_catalogue = (const char *)catalogue;\n", encoding="utf-8")


main()
