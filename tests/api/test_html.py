"""The page of `doxin extract --format html`, read by a parser of HTML 5: what a browser will find in it."""
import base64
import hashlib
import io
import os
import re
import subprocess
import sys

import html5lib
import pytest
from PIL import Image

from conftest import PROGRAMS, ROOT, SUPPRESSIONS


def doxin(*arguments, code=0, **options):
    done = subprocess.run([PROGRAMS / "doxin", *map(str, arguments)], capture_output=True, timeout=300,
                          env=os.environ | {"LSAN_OPTIONS": SUPPRESSIONS}, **options)
    assert done.returncode == code, done.stderr.decode()
    return done


class Page:
    """The parsed page. Strict: any error of its HTML is an error of the test."""

    def __init__(self, data):
        self.tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data)
        self.elements = list(self.tree.iter())
        self.by_id = {}
        for element in self.elements:
            if isinstance(element.tag, str) and "id" in element.attrib:
                assert element.attrib["id"] not in self.by_id, element.attrib
                self.by_id[element.attrib["id"]] = element
        self.style = self.one("style").text
        self.places = {name: [float(part.split(":")[1].rstrip("%")) for part in rules.split(";")[:4]]
                       for name, rules in re.findall(r"#(b-[\w-]+)\{([^}]*)\}", self.style)}

    def all(self, tag, kind=None):
        return [e for e in self.elements if e.tag == tag and (kind is None or kind in e.attrib.get("class", "").split())]

    def one(self, tag, kind=None):
        found = self.all(tag, kind)
        assert len(found) == 1, (tag, kind, len(found))
        return found[0]

    def text(self, element):
        return " ".join("".join(element.itertext()).split())


def check(page):
    """What must be true of every page."""
    for link in page.all("a"):
        assert link.attrib["href"][0] == "#" and link.attrib["href"][1:] in page.by_id, link.attrib
    boxes = page.all("a", "box")
    for box in boxes:
        field = page.by_id[box.attrib["href"][1:]]
        assert field.attrib["data-f"] == box.attrib["data-f"] and field.attrib["href"] == "#" + box.attrib["id"]
        left, top, width, height = page.places[box.attrib["id"]]
        assert 0 <= left and 0 <= top and width > 0 and height > 0 and left + width <= 100.001 and top + height <= 100.001
    assert {box.attrib["id"] for box in boxes} == page.places.keys()
    assert {a.attrib["href"][1:] for a in page.all("a", "v")} == page.places.keys()
    policy = [m for m in page.all("meta") if "http-equiv" in m.attrib][0].attrib["content"]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        digest = base64.b64encode(hashlib.sha256(page.one(tag).text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not any(name == "style" or name.startswith("on") for e in page.elements if isinstance(e.tag, str) for name in e.attrib)
    assert page.all("html")[0].attrib["lang"] == "en" and page.all("h1") and page.all("title")
    pictures = []
    for image in page.all("img"):
        assert image.attrib["alt"]
        kind, data = re.fullmatch(r"data:image/(png|jpeg);base64,(.*)", image.attrib["src"]).groups()
        picture = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
        picture.load()
        assert picture.format.lower() == kind
        pictures.append(picture)
    return pictures


def dark_share(picture, place):
    left, top, width, height = place
    grey = picture.convert("L")
    part = grey.crop((int(left * grey.width / 100), int(top * grey.height / 100), int((left + width) * grey.width / 100) + 1,
                      int((top + height) * grey.height / 100) + 1))
    data = part.tobytes()
    return sum(value < 140 for value in data) / len(data)


def test_boxes_lie_on_words_of_the_picture(invoices, tmp_path):
    for number, (data, truth) in enumerate(invoices):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        page = Page(doxin("extract", "--format", "html", path).stdout)
        pictures = check(page)
        assert len(pictures) == len(page.all("figure")) and len(pictures) >= 1
        shown = page.text(page.by_id["f-total_amount"])
        assert shown == truth["total_amount"], "thousands stand apart by style alone"
        for name, place in page.places.items():
            sheet = next(f for f in page.all("figure") if page.by_id[name] in f.iter())
            assert dark_share(pictures[page.all("figure").index(sheet)], place) > 0.02, name
        assert len(page.by_id["f-line_items-0-line_total"].attrib["href"]) > 1


@pytest.fixture(scope="session")
def scan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scan")
    subprocess.run([sys.executable, ROOT / "tests/make/make_invoices.py", folder, "--count", "1", "--seed", "9", "--family", "3"], check=True)
    made = next(folder.glob("*/document.pdf"))
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", made, folder / "scan"], check=True)
    return Image.open(folder / "scan.png").convert("L")


@pytest.mark.parametrize("turn", [-2.5, 90, 180])
def test_boxes_lie_on_words_of_a_scan_that_was_turned(scan, tmp_path, turn):
    path = tmp_path / "scan.png"
    scan.rotate(turn, expand=turn % 90 == 0, fillcolor=255).save(path)
    page = Page(doxin("extract", "--format", "html", path).stdout)
    picture, = check(page)
    assert (picture.width > picture.height) == (scan.width > scan.height), "upright"
    assert len(page.places) > 5
    assert sum(dark_share(picture, place) > 0.02 for place in page.places.values()) / len(page.places) > 0.95


def test_a_file_without_pages_has_fields_alone(tmp_path):
    page = Page(doxin("extract", "--format", "html", ROOT / "server/demo/invoices/8-nl.xml").stdout)
    assert check(page) == [] and not page.places
    assert page.all("body", "alone")


def test_pictures_are_bounded_by_number(invoices, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(invoices[0][0])
    page = Page(doxin("extract", "--format", "html", "--pictures", "0", path).stdout)
    assert check(page) == [] and page.places, "the words stand at their places"
    box = page.by_id["b-total_amount"]
    assert page.text(box), "with their text"
