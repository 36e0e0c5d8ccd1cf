"""Documents that are made to use up what reads them: small files with huge contents, for the tests of limits."""
import struct
import zlib


def pdf(objects, streams=()):
    """A PDF of numbered objects (bytes each, from 1) and streams (number, dictionary, bytes), with a table of references."""
    out, places = bytearray(b"%PDF-1.5\n"), {}
    bodies = dict(enumerate(objects, 1))
    for number, entries, data in streams:
        bodies[number] = b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)
    for number, body in sorted(bodies.items()):
        places[number] = len(out)
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table)
    return bytes(out)


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents %d 0 R>>"
FLATE = b"/Filter/FlateDecode"


def text_pdf(content, entries=b"", catalog=b""):
    return pdf([b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE % 4], [(4, entries, content)])


def many_pages(count):
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(count))
    page = PAGE % 3
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), b"<</Length 0>>stream\n\nendstream"]
               + [page] * count)


def many_words(count):
    lines = (b"BT /F 6 Tf %d %d Td (word%d) Tj ET\n" % (20 + index % 20 * 28, 820 - index // 20 % 130 * 6, index) for index in range(count))
    return text_pdf(zlib.compress(b"".join(lines)), FLATE)


def many_attachments(count, size=10):
    names = b"".join(b"(a%06d)%d 0 R" % (index, 6) for index in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[%s]>>>>>>" % names, b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               PAGE % 4, b"<</Length 44>>stream\nBT /F 12 Tf 72 700 Td (Invoice 1 Total 2) Tj ET \nendstream",
               None, b"<</Type/Filespec/F(a.bin)/EF<</F 5 0 R>>>>"]
    content = zlib.compress(b"x" * size)
    objects[4] = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content)
    return pdf(objects)


def bomb(size):
    """One page whose content has `size` bytes once it is unpacked twice: operators that draw nothing."""
    inner, packer = bytearray(), zlib.compressobj(9)
    block = b"0 0 m 1 1 l S\n" * 70000
    for _ in range(size // len(block) + 1):
        inner += packer.compress(block)
    inner += packer.flush()
    return text_pdf(zlib.compress(bytes(inner), 9), b"/Filter[/FlateDecode/FlateDecode]")


def png(width, height):
    """A PNG that says it is this large, with next to nothing inside."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def deep_xml(depth):
    return b"<?xml version='1.0'?>" + b"<a>" * depth + b"</a>" * depth


def wide_xml(count):
    return b"<?xml version='1.0'?><Invoice>" + b"<a b='1'/>" * count + b"</Invoice>"


def laughing_xml():
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + index, b"&%c;" % (97 + index) * 10) for index in range(9))
    return b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aaaaaaaaaa">' + entities + b"]><Invoice>&j;</Invoice>"
