"""`doxin eval`: with a truth that is what the program reads, but for known places, every figure is known."""
import copy
import json
import os
import subprocess

import pytest

from conftest import PROGRAMS, SUPPRESSIONS

HEADER = ("invoice_number", "invoice_date", "due_date", "ship_date", "currency", "vendor_name", "vendor_address", "vendor_tax_id",
          "customer_name", "customer_address", "po_number", "account_number", "subtotal", "tax_rate", "tax_amount", "freight",
          "total_amount")


def doxin(*arguments):
    return subprocess.run([PROGRAMS / "doxin", *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          env=os.environ | {"LSAN_OPTIONS": SUPPRESSIONS})


@pytest.fixture
def known(invoices, tmp_path):
    """A folder of four documents, and the truths as they are read: change these, then write_truths()."""
    folder = tmp_path / "known"
    truths = {}
    for number, (data, _) in enumerate(invoices):
        (folder / f"d{number}").mkdir(parents=True)
        (folder / f"d{number}" / "document.pdf").write_bytes(data)
    read = doxin("extract", "--format", "flat", *sorted(folder.glob("*/document.pdf")))
    assert read.returncode == 0, read.stderr
    for number, line in enumerate(read.stdout.splitlines()):
        truths[f"d{number}"] = {key: value for key, value in json.loads(line).items() if key not in ("file", "confidence")}
    return folder, truths


def write_truths(folder, truths):
    for name, truth in truths.items():
        (folder / name / "truth.json").write_text(json.dumps(truth))


def evaluate(folder, *options, code=0):
    out = folder.parent / "figures.json"
    done = doxin("eval", folder, "--json", out, *options)
    assert done.returncode == code, done.stderr
    return json.loads(out.read_text()), done


def cent_more(amount):
    return f"{round(float(amount) * 100) + 1:d}"[:-2] + "." + f"{round(float(amount) * 100) + 1:d}"[-2:]


def test_all_is_right_when_the_truth_is_what_is_read(known):
    folder, truths = known
    write_truths(folder, truths)
    figures, done = evaluate(folder)
    labelled = sum(field in truth for truth in truths.values() for field in HEADER)
    items = sum(len(truth["line_items"]) for truth in truths.values())
    total = figures["all"]
    assert (total["docs"], total["missing"]) == (4, 0)
    assert {key: total["all_header"][key] for key in ("labelled", "predicted", "right", "spurious")} == {
        "labelled": labelled, "predicted": labelled, "right": labelled, "spurious": 0}
    assert total["line_items"]["right"] == total["line_items"]["labelled"] == total["line_items"]["predicted"] == items
    assert total["core_exact"] == total["all_header_exact"] == total["all_items_exact"] == [4, 4]
    assert sum(bin["count"] for bin in figures["reliability"]["bins"]) == labelled
    assert figures["reliability"]["sure"][0] == figures["reliability"]["sure"][1]
    groups = figures["reliability"]["fields"]
    assert sum(bin["count"] for group in groups.values() for bin in group["bins"]) == labelled
    assert sum(bin["count"] for bin in groups["amount"]["bins"]) == sum(
        field in truth for truth in truths.values() for field in ("subtotal", "tax_rate", "tax_amount", "freight", "total_amount"))
    assert figures["worst"] == [] and figures["seconds"]["count"] == 4
    assert 0 < figures["seconds"]["median"] <= figures["seconds"]["p95"] <= figures["seconds"]["max"]
    assert f"{'ALL HEADER (micro)':<20}{labelled:>9}{labelled:>10}{labelled:>7}  1.0000" in done.stdout


def test_every_fault_is_counted_where_it_is(known):
    folder, truths = known
    right = copy.deepcopy(truths)
    truths["d0"]["total_amount"] = cent_more(right["d0"]["total_amount"])
    del truths["d1"]["invoice_date"]
    truths["d1"]["vendor_name"] = right["d1"]["vendor_name"].upper() + " !"
    truths["d2"]["invoice_number"] = None
    truths["d2"]["vendor_name"] = "Ü" + right["d2"]["vendor_name"]
    truths["d3"]["currency"] = "ZZZ"
    truths["d3"]["_accept"] = {"currency": [right["d3"]["currency"]]}
    truths["d3"]["line_items"][0] |= {"quantity": "987", "line_total": "123456.78"}
    write_truths(folder, truths)
    figures, done = evaluate(folder)
    fields = figures["all"]["fields"]

    def counts(field):
        return tuple(fields[field][key] for key in ("labelled", "predicted", "right", "spurious"))

    assert counts("total_amount") == (4, 4, 3, 0) and fields["total_amount"]["f1"] == 0.75
    assert counts("invoice_date") == (3, 3, 3, 0)
    assert counts("invoice_number") == (3, 3, 3, 1)
    assert counts("vendor_name") == (4, 4, 3, 0) and fields["vendor_name"]["f1_fuzzy"] == 1
    assert counts("currency") == (4, 4, 4, 0)
    items = sum(len(truth["line_items"]) for truth in truths.values())
    assert (figures["all"]["line_items"]["labelled"], figures["all"]["line_items"]["right"]) == (items, items - 1)
    assert figures["all"]["core_exact"] == [3, 4]
    assert figures["all"]["all_header_exact"] == [2, 4]
    assert figures["all"]["all_items_exact"] == [3, 4]
    faults = {worst["document"]: worst["faults"] for worst in figures["worst"]}
    assert faults.keys() == {"d0", "d2", "d3"}
    assert faults["d0"] == [{"field": "total_amount", "expected": truths["d0"]["total_amount"],
                             "read": right["d0"]["total_amount"]}]
    assert faults["d3"][0]["field"] == "line_items" and faults["d3"][0]["read"] is None
    shares = [worst["wrong"] / worst["values"] for worst in figures["worst"]]
    assert shares == sorted(shares, reverse=True)
    assert f'total_amount: "{truths["d0"]["total_amount"]}", read as "{right["d0"]["total_amount"]}"' in done.stdout


def test_a_document_that_cannot_be_read_counts_as_nothing_read(known):
    folder, truths = known
    write_truths(folder, truths)
    (folder / "d2" / "document.pdf").write_bytes(b"no document")
    figures, done = evaluate(folder, "--jobs", "2", code=1)
    assert (figures["all"]["docs"], figures["all"]["missing"]) == (4, 1)
    assert figures["all"]["fields"]["total_amount"]["predicted"] == 3
    assert figures["worst"][0]["document"] == "d2" and "error" in figures["worst"][0]["faults"][0]
    assert "d2/document.pdf" in done.stderr and "4 documents, 1 without a prediction" in done.stdout


def test_wrong_use_is_told(tmp_path):
    assert doxin("eval").returncode == 2
    assert doxin("eval", tmp_path).returncode == 2
    assert doxin("eval", tmp_path, "--what").returncode == 2
    assert doxin("eval", tmp_path / "nowhere").returncode == 1
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "truth.json").write_text("{")
    broken = doxin("eval", tmp_path)
    assert broken.returncode == 1 and "truth.json: it is not JSON" in broken.stderr
