#!/usr/bin/env python3
"""Count tests from JUnit files.

count.py suite NAME STATUS FILE OUT   prints the closing line of a suite and keeps its numbers in OUT
count.py total FOLDER                 prints `N passed, N failed` over all that was kept; 1 unless all is well

A program of Criterion counts as many tests as it ran. A test that was skipped counts as failed: a condition that the
machine does not meet is a failure, not a pass.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

SYNTHESIS = re.compile(r"Tested: .*?(\d+).*?Passing: .*?(\d+).*?Failing: .*?(\d+).*?Crashing: .*?(\d+)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m|\[0;\d+m|\[0m")


def count_case(case):
    bad = case.get("status") in ("fail", "notrun", "disabled") or any(
        case.find(tag) is not None for tag in ("failure", "error", "skipped"))
    output = COLOUR.sub("", "".join(part.text or "" for part in case.iter("system-out")))
    passed = failed = 0
    for match in SYNTHESIS.finditer(output):
        _tested, passing, failing, crashing = map(int, match.groups())
        passed += passing
        failed += failing + crashing
    if passed + failed == 0:
        return (0, 1) if bad else (1, 0)
    return (passed, failed + 1) if bad and failed == 0 else (passed, failed)


def suite(name, status, report, out):
    passed = failed = 0
    seconds = 0.0
    path = pathlib.Path(report)
    if path.exists():
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            good, bad = count_case(case)
            passed += good
            failed += bad
            seconds += float(case.get("time") or 0)
    if failed == 0 and (int(status) != 0 or passed == 0):
        failed += 1  # the runner itself failed, or nothing ran
    pathlib.Path(out).write_text(f"{passed} {failed}\n")
    print(f"{name}: {passed} passed, {failed} failed ({seconds:.1f} s of tests)", flush=True)


def total(folder):
    counts = [tuple(map(int, p.read_text().split())) for p in sorted(pathlib.Path(folder).glob("*.count"))]
    passed = sum(c[0] for c in counts)
    failed = sum(c[1] for c in counts)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if sys.argv[1] == "suite":
    suite(*sys.argv[2:6])
else:
    sys.exit(total(sys.argv[2]))
