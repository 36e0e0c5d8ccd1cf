#!/usr/bin/env python3
"""The campaigns: ./test long [NAME…]. Each is run by whoever changes what it covers.

fuzz   every fuzz target with libFuzzer (preset fuzz) for FUZZ_SECONDS (default 120) from its corpus
mutate 50 mutants of every document of the tests, those that tests/make makes included: invoices or errors in time, and the
       library's process lives (MUTATE_COUNT; what fails stays in build/mutate-found)
bench  how fast it is beside other programs, of which it prints ratios: tests/bench/run.py, whose options it takes from
       BENCH_OPTIONS; fails only when a measure cannot be taken
tidy   clang-tidy with the path-sensitive analyzer over all sources
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"


def build(preset, *targets):
    for command in (["cmake", "--preset", preset], ["ninja", "-C", str(BUILD / preset), *targets]):
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            sys.exit(result.stdout[-6000:] + result.stderr[-6000:])


def campaign_fuzz():
    build("fuzz", "fuzz_targets")
    passed = failed = 0
    seconds = os.environ.get("FUZZ_SECONDS", "120")
    for program in sorted((BUILD / "fuzz/bin").glob("fuzz_*")):
        name = program.name.removeprefix("fuzz_")
        found = BUILD / "fuzz-found" / name
        found.mkdir(parents=True, exist_ok=True)
        log = BUILD / "log" / program.name
        with open(log, "w") as out:
            result = subprocess.run(
                [program, f"-max_total_time={seconds}", "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1",
                 f"-artifact_prefix={found}/crash-", found, ROOT / "tests/fuzz/corpus" / name],
                stdout=out, stderr=out, check=False)
        good = result.returncode == 0
        runs = [line.split()[-1] for line in log.read_text(errors="replace").splitlines() if "number_of_executed_units" in line]
        print(f"fuzz {name}: {'no finding' if good else 'FINDING, see ' + str(log)} in {''.join(runs) or '?'} runs", flush=True)
        passed, failed = passed + good, failed + (not good)
    return passed, failed


def campaign_tidy():
    build("clang")
    result = subprocess.run([sys.executable, ROOT / "tests/check/tidy.py", "full"], check=False)
    return (1, 0) if result.returncode == 0 else (0, 1)


def mutation_corpus(folder):
    """Every document that the project has or makes: PDFs also unpacked, so that there is structure to change, and pictures in
    each format."""
    python = BUILD / "venv/bin/python"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([python, ROOT / "tests/make/make_invoices.py", folder / "made", "--count", "20", "--seed", "5", "--scans", "0.15"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run([python, ROOT / "tests/make/make_pictures.py", folder / "pictures"], check=True)
    found = [*(ROOT / "tests/data").rglob("*.*"), *(ROOT / "server/demo/invoices").iterdir(), ROOT / "examples/invoice.pdf",
             *(folder / "made").glob("*/document.*")]
    for number, path in enumerate(sorted(found)):
        if path.suffix not in (".json", ".py"):
            shutil.copy(path, folder / f"{number:03}-{path.parent.name}{path.suffix}")
    for path in sorted(folder.glob("*.pdf")):
        subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, path.with_suffix(".open.pdf")], check=True)
    documents = [*folder.glob("*.*"), *(folder / "pictures").iterdir()]
    return sorted(path for path in documents if path.is_file())


def campaign_mutate():
    build("asan", "mutate")
    documents, found = mutation_corpus(BUILD / "mutate-corpus"), BUILD / "mutate-found"
    found.mkdir(exist_ok=True)
    count = os.environ.get("MUTATE_COUNT", "50")
    command = [BUILD / "asan/bin/mutate", count, "never", *documents]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"MUTATE_FOUND": str(found)})
    print(result.stdout[-6000:] + result.stderr[-6000:], end="", flush=True)
    failures = re.search(r" (\d+) failures", result.stdout)
    return len(documents) - bool(result.returncode), max(bool(result.returncode), int(failures[1]) if failures else 1)


def campaign_bench():
    options = os.environ.get("BENCH_OPTIONS", "").split()
    result = subprocess.run([sys.executable, ROOT / "tests/bench/run.py", *options], check=False)
    return (1, 0) if result.returncode == 0 else (0, 1)


CAMPAIGNS = {"fuzz": campaign_fuzz, "mutate": campaign_mutate, "bench": campaign_bench, "tidy": campaign_tidy}


def main():
    names = sys.argv[1:] or list(CAMPAIGNS)
    unknown = [name for name in names if name not in CAMPAIGNS]
    if unknown:
        sys.exit(f"there is no campaign {unknown[0]}; there are: {' '.join(CAMPAIGNS)}")
    passed = failed = 0
    for name in names:
        start = time.monotonic()
        good, bad = CAMPAIGNS[name]()
        passed, failed = passed + good, failed + bad
        print(f"{name}: {good} passed, {bad} failed ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


sys.exit(main())
