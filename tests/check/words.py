#!/usr/bin/env python3
"""What no file of the project may hold: paths of one machine, notes to oneself, and promises in place of work."""
import re
import sys

from common import ROOT, Findings, line_of, tracked

BANNED = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "a note to oneself"),
    (re.compile(r"(?i)(?<!\")\bnot (yet )?implemented\b|\bstubs?\b|\bplaceholder (code|implementation)\b"), "a promise in place of work"),
    (re.compile(r"(?<![\w.])/(work|home|root|Users)/"), "a path of one machine"),
    (re.compile(r"/tmp/w\b"), "a path of one machine"),
    (re.compile(r"(?i)\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+:\d+"), "an address of one network"),
]
BINARY = {".png", ".jpg", ".jpeg", ".pdf", ".tif", ".tiff", ".webp", ".heic", ".ico", ".woff2", ".xlsx", ".zip"}
# Where the words themselves are the subject.
EXEMPT = {"tests/check/words.py"}
DATA = ("tests/fuzz/corpus/", "tests/data/")


def main():
    findings = Findings()
    files = [p for p in tracked() if p.suffix not in BINARY]
    for path in files:
        relative = path.relative_to(ROOT).as_posix()
        if relative in EXEMPT or relative.startswith(DATA):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            findings.add(path, 0, "is not UTF-8")
            continue
        for pattern, why in BANNED:
            for match in pattern.finditer(text):
                findings.add(path, line_of(text, match.start()), f"{match.group(0)!r}: {why}")
        if text and not text.endswith("\n"):
            findings.add(path, 0, "does not end with a newline")
        if "\t" in text and path.suffix in {".c", ".h", ".py"} and re.search(r"^\t", text, re.M):
            findings.add(path, 0, "is indented with tabs")
    findings.finish(f"{len(files)} files")


sys.exit(main())
