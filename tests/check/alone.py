#!/usr/bin/env python3
"""A program of base and core alone runs, and needs no library of the database, the network or the cache."""
import re
import sys

from common import BUILD, Findings, run


def main():
    findings = Findings()
    program = BUILD / "asan/bin/core_alone"
    ran = run([program])
    if ran.returncode or not ran.stdout.strip():
        findings.add(program, 0, f"ends with {ran.returncode}: {ran.stdout}{ran.stderr}".strip())
    needed = re.findall(r"^\s*(lib[\w.+-]+)", run(["ldd", program]).stdout, re.M)
    for name in needed:
        if re.match(r"lib(pq|curl|hiredis|h2o|seccomp|poppler|tesseract|lept)", name):
            findings.add(program, 0, f"needs {name}")
    findings.finish(f"{len(needed)} shared libraries")


sys.exit(main())
