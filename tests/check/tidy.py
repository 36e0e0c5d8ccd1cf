#!/usr/bin/env python3
"""clang-tidy over every source that the clang preset compiles.

tidy.py        without the path-sensitive analyzer, which takes forty times as long
tidy.py full   with it (./test long tidy)
"""
import concurrent.futures
import json
import os
import re
import sys

from common import BUILD, ROOT, Findings, run


def main():
    findings = Findings()
    database = BUILD / "clang/compile_commands.json"
    files = sorted({entry["file"] for entry in json.loads(database.read_text())})
    files = [name for name in files if not name.startswith(f"{BUILD}/")]  # what was generated is not ours to tidy
    extra = [] if "full" in sys.argv else ["--checks=-clang-analyzer-*"]
    size = 1 if extra == [] else 12
    groups = [files[i:i + size] for i in range(0, len(files), size)]

    def tidy(group):
        return run(["clang-tidy-14", "--quiet", *extra, "-p", BUILD / "clang", *group], cwd=ROOT)

    seen = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for group, result in zip(groups, pool.map(tidy, groups)):
            for line in result.stdout.splitlines():
                match = re.match(r"(/[^:]+):(\d+):\d+: (?:error|warning): (.*)", line)
                if match and line not in seen:
                    seen.add(line)
                    findings.add(match.group(1), int(match.group(2)), match.group(3))
            if result.returncode and not seen and not findings.lines:
                findings.add(group[0], 0, (result.stderr or result.stdout)[-1000:])
    findings.finish(f"{len(files)} files")


sys.exit(main())
