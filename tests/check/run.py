#!/usr/bin/env python3
"""Runs the checks, prints a line for each and writes a JUnit file.

Usage: run.py [--junit FILE] [NAME…]

First the release and the clang preset are built, as the checks look at what they make and a warning there is a finding.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

from common import BUILD, ROOT

HERE = pathlib.Path(__file__).resolve().parent


def build(preset):
    configure = ["cmake", "--preset", preset]
    return [configure, ["ninja", "-C", str(BUILD / preset), "-j", str(os.cpu_count())]]


def check(*argv):
    return [[sys.executable, str(HERE / argv[0]), *argv[1:]]]


# Name, commands, and whether it may run beside others.
CHECKS = [
    ("build-release", build("release"), False),
    ("build-clang", build("clang"), False),
    ("includes", check("includes.py"), True),
    ("headers-comments", check("headers.py", "comments"), True),
    ("headers-compile", check("headers.py", "compile"), True),
    ("headers-examples", check("headers.py", "examples"), True),
    ("symbols-exports", check("symbols.py", "exports"), True),
    ("symbols-imports", check("symbols.py", "imports"), True),
    ("limits", check("limits.py"), True),
    ("words", check("words.py"), True),
    ("format", check("format.py"), True),
    ("errors-table", [[sys.executable, str(ROOT / "tools/make_errors.py"), "--check"]], True),
    ("configuration-table", [[sys.executable, str(ROOT / "tools/make_configuration.py"), "--check"]], True),
    ("core-alone", check("alone.py"), True),
    ("install", check("install.py"), True),
    ("tidy", check("tidy.py"), False),
]


def perform(item):
    name, commands, _ = item
    start = time.monotonic()
    output = ""
    good = True
    for command in commands:
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
        output += result.stdout + result.stderr
        good = result.returncode == 0
        if not good:
            break
    seconds = time.monotonic() - start
    print(f"{'ok  ' if good else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
    if not good:
        print("\n".join("    " + line for line in output.splitlines()[-100:]), flush=True)
    return name, good, seconds, output


def write_junit(path, results):
    suite = ElementTree.Element("testsuite", name="check", tests=str(len(results)))
    for name, good, seconds, output in results:
        case = ElementTree.SubElement(suite, "testcase", name=name, time=f"{seconds:.3f}")
        if not good:
            ElementTree.SubElement(case, "failure", message=name)
        clean = "".join(c for c in output if c in "\n\t" or ord(c) >= 32)
        ElementTree.SubElement(case, "system-out").text = clean
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--junit", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    chosen = [c for c in CHECKS if not arguments.names or c[0] in arguments.names]
    if not chosen:
        sys.exit("no such check; there are: " + " ".join(c[0] for c in CHECKS))
    subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, capture_output=True, check=False)  # edges.tsv as it is now
    results = [perform(c) for c in chosen if not c[2] and c[0].startswith("build-")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results += pool.map(perform, [c for c in chosen if c[2]])
    results += [perform(c) for c in chosen if not c[2] and not c[0].startswith("build-")]
    if arguments.junit:
        write_junit(arguments.junit, results)
    sys.exit(0 if all(good for _, good, _, _ in results) else 1)


main()
