#!/usr/bin/env python3
"""Sizes that a reader can hold in mind, and functions that the project does not use.

Fails at 800 lines a file and 150 lines a function (the aim is 500 and 40); tables of data (*.inc) are not counted.
"""
import re
import subprocess
import sys

from common import ROOT, Findings, code_only, line_of, sources

FILE_LINES = 800
FUNCTION_LINES = 150

EVERYWHERE = "strcat strcpy sprintf vsprintf gets atoi atol atof strtok localtime gmtime ctime asctime setlocale system " \
             "tmpnam mktemp alloca".split()
# A library neither ends its host nor writes to its terminal nor touches its signals and its environment.
LIBRARY = "exit _exit abort printf vprintf puts putchar perror signal sigaction setenv putenv unsetenv chdir umask " \
          "json_set_alloc_funcs jwt_set_alloc curl_global_init_mem xmlMemSetup setrlimit dlclose".split()
HEAP = "malloc calloc realloc free strdup strndup asprintf vasprintf".split()
# The place of each exception: the three allocation functions stand in one file.
ALLOWED = {("libdoxin/base/rt/alloc.c", name) for name in HEAP}


def banned(path):
    top = path.split("/")[0]
    if top == "libdoxin":
        return EVERYWHERE + LIBRARY + HEAP
    return EVERYWHERE


def functions(paths):
    out = subprocess.run(["ctags", "--languages=C", "--kinds-C=f", "--fields=+ne", "-f", "-", "-L", "-"],
                         input="\n".join(str(p) for p in paths), capture_output=True, text=True, check=True).stdout
    for row in out.splitlines():
        start, end = re.search(r"\tline:(\d+)", row), re.search(r"\tend:(\d+)", row)
        if start and end:
            name, path = row.split("\t")[:2]
            yield name, path, int(start.group(1)), int(end.group(1))


def main():
    findings = Findings()
    files = [p for p in sources("libdoxin", "docparse", "server", "examples", "tests", "include")]
    for path in files:
        relative = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        lines = text.count("\n")
        if lines > FILE_LINES and path.suffix != ".inc":
            findings.add(path, 0, f"has {lines} lines; {FILE_LINES} is the most")
        if relative.startswith("tests/"):
            continue
        code = code_only(text)
        words = banned(relative)
        for match in re.finditer(r"(?<![\w.>])(" + "|".join(words) + r")[ \t]*\(", code):
            if (relative, match.group(1)) not in ALLOWED:
                findings.add(path, line_of(code, match.start()), f"uses {match.group(1)}()")
    for name, path, start, end in functions(p for p in files if p.suffix == ".c"):
        if end - start + 1 > FUNCTION_LINES:
            findings.add(path, start, f"{name}() has {end - start + 1} lines; {FUNCTION_LINES} is the most")
    findings.finish(f"{len(files)} files")


sys.exit(main())
