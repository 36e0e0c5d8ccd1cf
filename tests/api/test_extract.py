"""`doxin extract` as a person meets it: where results go, in what form, and what one bad file costs."""
import csv
import io
import json
import os
import re
import subprocess
import unicodedata

import openpyxl
import pytest

from conftest import PROGRAMS, ROOT, SUPPRESSIONS

SAMPLE = ROOT / "examples/invoice.pdf"
NUMBER = "RC-2026-0147"


def doxin(*arguments, code=0, **options):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DOXIN_")}
    done = subprocess.run([PROGRAMS / "doxin", "extract", *map(str, arguments)], capture_output=True, timeout=300,
                          env=clean | {"LSAN_OPTIONS": SUPPRESSIONS}, **options)
    assert done.returncode == code, f"{done.returncode}: {done.stderr.decode()}"
    return done


@pytest.fixture
def folder(invoices, tmp_path):
    """Four documents, two of the same name, and one that is none."""
    for number, (data, _) in enumerate(invoices):
        place = tmp_path / "in" / ("a", "b")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number // 2}.pdf").write_bytes(data)
    (tmp_path / "in" / "bad.pdf").write_bytes(b"%PDF-1.4\nnothing\n")
    return tmp_path / "in"


def numbers(invoices):
    return [truth["invoice_number"] for _, truth in (invoices[0], invoices[2], invoices[1], invoices[3])]


def test_lines_are_in_the_order_of_the_arguments_and_a_bad_file_is_one_of_them(folder, invoices):
    for jobs in ("1", "4"):
        done = doxin("--format", "flat", "--jobs", jobs, folder / "b", folder / "bad.pdf", folder / "a", "/no/such.pdf", code=1)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        order = numbers(invoices)
        assert [line.get("invoice_number", line.get("error", {}).get("code")) for line in lines] == \
            [order[2], order[3], lines[2]["error"]["code"], order[0], order[1], "DOXIN_E_NOT_FOUND"]
        assert lines[2]["file"] == str(folder / "bad.pdf") and lines[2]["error"]["message"]


def test_options_may_stand_behind_the_files():
    line = json.loads(doxin(SAMPLE, "--format", "flat").stdout)
    assert line["invoice_number"] == NUMBER
    assert doxin("--", "--format", code=1).stdout, "a file of that name is looked for"


@pytest.mark.parametrize("arguments", [(), ("--format", "pdf", SAMPLE), ("--jobs", "0", SAMPLE), ("--pictures", "x", SAMPLE),
                                       ("--format",), ("--explain", "magic", SAMPLE), ("-", "-"), ("--nothing", SAMPLE),
                                       ("--format", "html", SAMPLE, SAMPLE), ("--format", "html", "--split", SAMPLE)])
def test_wrong_usage_is_said(arguments):
    done = doxin(*arguments, code=2, stdin=subprocess.DEVNULL)
    assert not done.stdout and b"Try `doxin help extract`" in done.stderr


def test_standard_input_is_read():
    line = json.loads(doxin("--format", "flat", "-", input=SAMPLE.read_bytes()).stdout)
    assert (line["file"], line["invoice_number"]) == ("-", NUMBER)


@pytest.mark.parametrize("form, extension", [("html", "html"), ("flat", "json"), ("table", "txt"), ("csv", "csv"), ("xlsx", "xlsx")])
def test_a_folder_gets_a_file_of_each_document_under_a_name_of_its_own(folder, tmp_path, form, extension):
    out = tmp_path / "out"
    again = folder / "a" / "0.pdf"
    done = doxin("--format", form, "--out", f"{out}/", folder, again, code=1)
    assert not done.stdout and b"bad.pdf" in done.stderr
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"{name}.{extension}" for name in ("a_0.pdf", "a_1.pdf", "b_0.pdf", "b_1.pdf", "a_0.pdf-2"))
    assert all(path.stat().st_size > 100 for path in out.iterdir()), "and nothing half written"


def test_one_file_takes_all_and_is_there_whole_or_not_at_all(folder, tmp_path):
    out = tmp_path / "all.csv"
    doxin("--format", "csv", "--out", out, folder, code=1)
    rows = list(csv.reader(io.StringIO(out.read_bytes().decode(), newline="")))
    assert len({len(row) for row in rows}) == 1 and rows[0][0] == "file"
    assert [row[0] for row in rows].count("file") == 1, "one line with the columns' names"
    none = tmp_path / "none.csv"
    doxin("--format", "csv", "--out", none, folder / "bad.pdf", code=1)
    assert not none.exists()
    doxin("--format", "csv", "--out", tmp_path / "no" / "such" / "x.csv", SAMPLE, code=1)


def test_csv_holds_the_lines(folder, invoices):
    text = doxin("--format", "csv", folder / "a").stdout.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    truth = [line["line_total"] for _, each in (invoices[0], invoices[2]) for line in each["line_items"]]
    assert [row["line_total"] for row in rows] == truth
    assert {row["needs_review"] for row in rows} <= {"true", "false"}


def test_xlsx_is_one_workbook_of_numbers_and_days(folder, invoices, tmp_path):
    out = tmp_path / "all.xlsx"
    doxin("--format", "xlsx", "--out", out, folder, code=1)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Invoices", "Lines", "Taxes", "Checks", "Values"]
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    head, *rows = sheets["Invoices"]
    found = [dict(zip(head, row)) for row in rows]
    assert [row["Number"] for row in found] == numbers(invoices)
    for row, (_, truth) in zip(found, (invoices[0], invoices[2], invoices[1], invoices[3])):
        assert f"{row['Total']:.2f}" == truth["total_amount"]
        assert row["Date"].date().isoformat() == truth["invoice_date"]
    lines = [dict(zip(sheets["Lines"][0], row)) for row in sheets["Lines"][1:]]
    assert len(lines) == sum(len(truth["line_items"]) for _, truth in invoices)
    assert all(isinstance(line["Line total"], (int, float)) for line in lines)
    assert {row[3] for row in sheets["Checks"][1:]} <= {"holds", "fails", "not known"}
    one = openpyxl.load_workbook(io.BytesIO(doxin("--format", "xlsx", SAMPLE).stdout))
    assert one["Invoices"]["C2"].value == NUMBER


def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_table_is_plain_text_in_a_file(folder):
    text = doxin("--format", "table", SAMPLE, folder / "a").stdout.decode()
    assert "\x1b" not in text
    assert all(width(line) <= 100 for line in text.splitlines() if "─" in line)
    assert f"Invoice {NUMBER}" in text and "✓ Needs no review" in text


def test_table_in_a_terminal_has_its_width_and_colours(tmp_path):
    import fcntl
    import pty
    import struct
    import termios

    def run(**variables):
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        process = subprocess.Popen([PROGRAMS / "doxin", "extract", "--format", "table", SAMPLE], stdout=side, stderr=side,
                                   env=os.environ | {"LSAN_OPTIONS": SUPPRESSIONS} | variables)
        os.close(side)
        text = b""
        try:
            while part := os.read(main, 65536):
                text += part
        except OSError:
            pass
        os.close(main)
        assert process.wait(60) == 0
        return text.decode()

    coloured = run()
    assert "\x1b[1m" in coloured
    plain = re.sub(r"\x1b\[\d+m", "", coloured)
    assert {width(line) for line in plain.splitlines() if set(line) == {"─"}} == {80}
    assert run(NO_COLOR="1") == plain


def test_every_stage_can_be_looked_at():
    done = doxin("--explain", "help")
    stages = [line.split()[0] for line in done.stdout.decode().splitlines()]
    assert stages[0] == "page" and stages[-1] == "invoice" and len(stages) == 13
    results = {}
    for stage in stages:
        line = json.loads(doxin("--explain", stage, SAMPLE).stdout)
        assert (line["file"], line["stage"]) == (str(SAMPLE), stage)
        results[stage] = line["result"]
        assert line["result"], stage
    assert any(word["text"] == NUMBER for page in results["page"]["pages"] for word in page["words"])
    assert results["hypotheses"]["currency"] == "GBP"
    table = next(table for table in results["tables"] if table["chosen"])
    assert {"col_description", "col_quantity", "col_price", "col_total"} <= {column["role"] for column in table["columns"]}
    assert len(table["rows"]) == 4 and all(row["proved"] for row in table["rows"])
    assert [item["line_total"] for item in results["items"]] == ["291.00", "78.00", "247.60", "396.00"]
    assert {"invoice_number", "due_date"} <= {candidate["field"] for candidate in results["candidates"]}
    assert results["sums"]["total"][0]["value"].startswith("1215.12")
    assert {party["role"] for party in results["parties"]} >= {"vendor", "customer"}
    assert results["choice"]["checks"] == [] and results["invoice"]["checks"]
    assert results["choice"]["total_amount"] == results["invoice"]["total_amount"] == "1215.12"


def test_xml_has_no_stages():
    line = json.loads(doxin("--explain", "layout", ROOT / "server/demo/invoices/8-nl.xml", code=1).stdout)
    assert line["error"]["code"] == "DOXIN_E_UNSUPPORTED"


@pytest.mark.parametrize("program", ["example_extract", "example_table"])
def test_examples_run(program):
    """They are not linked with the sanitizer that the library may have in it: it is loaded first."""
    needed = subprocess.run(["ldd", PROGRAMS / program], capture_output=True, text=True, check=True).stdout
    runtime = [line.split()[2] for line in needed.splitlines() if line.strip().startswith("libasan")]
    done = subprocess.run([PROGRAMS / program, SAMPLE], capture_output=True, text=True, timeout=60,
                          env=os.environ | {"LSAN_OPTIONS": SUPPRESSIONS} | ({"LD_PRELOAD": runtime[0]} if runtime else {}))
    assert done.returncode == 0, done.stderr
    assert NUMBER in done.stdout and "1215.12" in done.stdout
    assert len((ROOT / "examples/table.c").read_text().splitlines()) <= 30


def test_help_names_every_option_that_is_taken():
    text = subprocess.run([PROGRAMS / "doxin", "help", "extract"], capture_output=True, text=True, check=True).stdout
    source = (ROOT / "server/cmd/extract.c").read_text() + (ROOT / "server/cmd/batch.c").read_text()
    for option in set(re.findall(r'arguments_(?:value|flag)\(from, "(--[a-z-]+)"', source)):
        assert option in text, option
