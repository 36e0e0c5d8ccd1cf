"""Every limit of a document: what passes it is answered in time, by a stable code and words that name the limit."""
import json
import os
import subprocess
import time

import pytest

from conftest import PROGRAMS, SUPPRESSIONS
import hostile

DEADLINE = 60  # of the test machine, with sanitizers and other work; the parser's own is below


def extract(folder, data, **limits):
    document = folder / "document"
    document.write_bytes(data)
    start = time.monotonic()
    done = subprocess.run([PROGRAMS / "doxin", "extract", document], capture_output=True, timeout=DEADLINE,
                          env=os.environ | {"LSAN_OPTIONS": SUPPRESSIONS} | {name: str(value) for name, value in limits.items()})
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout), time.monotonic() - start


@pytest.mark.parametrize("name,make,limits,code,says", [
    ("bytes", lambda: hostile.text_pdf(b" " * 2000), {"DOXIN_MAX_BYTES": 1000}, "DOXIN_E_LIMIT", "1000 are allowed (max_bytes)"),
    ("pages", lambda: hostile.many_pages(100000), {}, "DOXIN_E_TOO_MANY_PAGES", "100000 pages, at most 500 are read (max_pages)"),
    ("fewer pages", lambda: hostile.many_pages(4), {"DOXIN_MAX_PAGES": 3}, "DOXIN_E_TOO_MANY_PAGES", "at most 3 are read (max_pages)"),
    ("pixels", lambda: hostile.png(50000, 50000), {}, "DOXIN_E_TOO_MANY_PIXELS", "at most 100000000 are read (max_pixels)"),
    ("words", lambda: hostile.many_words(3000), {"DOXIN_MAX_WORDS": 2999}, "DOXIN_E_LIMIT", "more than 2999 words (max_words)"),
    ("time", lambda: hostile.bomb(64 << 20), {"DOXIN_PARSE_TIMEOUT_MS": 300}, "DOXIN_E_PARSER_TIMEOUT", "300 ms (parse_timeout_ms)"),
    ("memory", lambda: hostile.png(30000, 30000), {"DOXIN_MAX_PIXELS": 2000000000, "DOXIN_PARSER_MEMORY_BYTES": 300 << 20},
     "DOXIN_E_PARSER_MEMORY", "300 MiB to be read (parser_memory_bytes)"),
    ("attachments that fill it", lambda: hostile.many_attachments(100000), {"DOXIN_PARSER_MEMORY_BYTES": 300 << 20}, "DOXIN_E_PARSER_MEMORY",
     "300 MiB to be read (parser_memory_bytes)"),
    ("XML bytes", lambda: hostile.wide_xml(100), {"DOXIN_MAX_XML_BYTES": 1000}, "DOXIN_E_LIMIT", "at most 1000 are read (max_xml_bytes)"),
    ("XML depth", lambda: hostile.deep_xml(100000), {}, "DOXIN_E_LIMIT", "deeper than 100 elements (max_xml_depth)"),
    ("less depth", lambda: hostile.deep_xml(9), {"DOXIN_MAX_XML_DEPTH": 8}, "DOXIN_E_LIMIT", "deeper than 8 elements (max_xml_depth)"),
    ("XML elements", lambda: hostile.wide_xml(600000), {}, "DOXIN_E_LIMIT", "more than 1000000 elements and attributes (max_xml_elements)"),
    ("fewer elements", lambda: hostile.wide_xml(50), {"DOXIN_MAX_XML_ELEMENTS": 99}, "DOXIN_E_LIMIT", "99 elements"),
    ("entities", hostile.laughing_xml, {}, "DOXIN_E_XML_FORBIDDEN", "DOCTYPE"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_limit_says_its_name_and_its_value(tmp_path, name, make, limits, code, says):
    answer, seconds = extract(tmp_path, make(), **limits)
    assert answer["error"]["code"] == code, answer
    assert says in answer["error"]["message"], answer
    assert seconds < 30, f"{name}: {seconds:.1f} s"


def test_what_is_just_within_the_limits_is_read(tmp_path):
    assert "error" not in extract(tmp_path, hostile.many_words(3000), DOXIN_MAX_WORDS=3000)[0]
    assert "error" not in extract(tmp_path, hostile.many_pages(3), DOXIN_MAX_PAGES=3)[0]
    answer, _ = extract(tmp_path, hostile.many_attachments(3, 1000), DOXIN_MAX_ATTACHMENTS=3, DOXIN_MAX_ATTACHMENT_BYTES=1000)
    assert answer["warnings"] == [] or all("attachment" not in warning["code"] for warning in answer["warnings"])


@pytest.mark.parametrize("make,limits,code,says", [
    (lambda: hostile.many_attachments(10000), {}, "more_attachments", "more attachments than the 200 that were looked at (max_attachments)"),
    (lambda: hostile.many_attachments(1, 40 << 20), {}, "large_attachment", "(max_attachment_bytes)"),
    (lambda: hostile.many_attachments(1, 1001), {"DOXIN_MAX_ATTACHMENT_BYTES": 1000}, "large_attachment", "(max_attachment_bytes)"),
], ids=["10000", "40 MiB", "1001 bytes"])
def test_attachments_beyond_a_limit_are_a_warning(tmp_path, make, limits, code, says):
    answer, seconds = extract(tmp_path, make(), **limits)
    assert [warning for warning in answer["warnings"] if warning["code"] == code and says in warning["message"]], answer["warnings"]
    assert seconds < 30
