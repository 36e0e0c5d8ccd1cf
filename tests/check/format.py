#!/usr/bin/env python3
"""Every C file is as clang-format 14 writes it by .clang-format."""
import sys

from common import Findings, run, sources


def main():
    findings = Findings()
    files = [p for p in sources("include", "libdoxin", "docparse", "server", "examples", "tests") if p.suffix != ".inc"]
    for start in range(0, len(files), 40):
        result = run(["clang-format-14", "--dry-run", *files[start:start + 40]])
        for line in result.stderr.splitlines():
            if "clang-format-violations" in line:
                path, number = line.split(":")[:2]
                findings.add(path, int(number), "is not as clang-format-14 writes it")
    findings.finish(f"{len(files)} files")


sys.exit(main())
