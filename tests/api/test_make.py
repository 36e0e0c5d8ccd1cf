"""The invoices of tests/make: what they cover, that they come out the same again, and that they are read."""
import json
import subprocess
import sys

from conftest import ROOT, SUPPRESSIONS, PROGRAMS
from families import FAMILIES, signature
from words import COUNTRIES, LANGUAGES


def make(folder, *options):
    subprocess.run([sys.executable, ROOT / "tests/make/make_invoices.py", folder, *options], check=True, capture_output=True)
    return folder


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_grammar_is_wide():
    assert len({signature(family) for family in range(FAMILIES)}) == FAMILIES >= 40
    assert len(LANGUAGES) >= 8
    assert len({country[1] for countries in COUNTRIES.values() for country in countries}) >= 8


def test_the_same_options_make_the_same_documents(tmp_path):
    options = ["--count", "4", "--seed", "6", "--scans", "0.5", "--family", "3", "--family", "44"]
    first, again = content(make(tmp_path / "a", *options)), content(make(tmp_path / "b", *options))
    assert first == again
    truths = [json.loads(data) for path, data in first.items() if path.name == "truth.json"]
    assert len(truths) == 4 and {truth["meta"]["family"] for truth in truths} == {3, 44}
    assert all(path.parent / truth["file"] in first for path, truth in
               ((path, json.loads(data)) for path, data in first.items() if path.name == "truth.json"))


def test_families_are_read(tmp_path):
    folder, out = make(tmp_path / "made", "--count", "24", "--seed", "8"), tmp_path / "figures.json"
    subprocess.run([PROGRAMS / "doxin", "eval", folder, "--no-ocr", "--json", out], check=True, capture_output=True,
                   env={"PATH": "/usr/bin:/bin", "LSAN_OPTIONS": SUPPRESSIONS})
    figures = json.loads(out.read_text())
    assert figures["all"]["docs"] == 24 and figures["all"]["missing"] == 0
    assert figures["all"]["all_header"]["f1"] >= 0.96 and figures["all"]["line_items"]["f1"] >= 0.9
    assert figures["reliability"]["precision_when_sure"] >= 0.97
    assert figures["reliability"]["expected_calibration_error"] <= 0.08
