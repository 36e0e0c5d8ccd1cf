#!/usr/bin/env python3
"""Makes one small picture of an invoice in each format that is read. Usage: make_pictures.py OUT_DIR. Needs Pillow.

HEIC is a container alone: no encoder is at hand, and what it would hold is the decoder's affair."""
import io
import pathlib
import struct
import sys

from PIL import Image, ImageDraw, ImageFont

LINES = ["Riverside Carpentry Ltd", "Invoice RC-2026-0148", "Date 3 May 2026", "Oak board   2   48.50   97.00", "Total   97.00 EUR"]


def picture(mode, width=600, height=400):
    image = Image.new(mode, (width, height), "white" if mode != "RGBA" else (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 22)
    for number, line in enumerate(LINES):
        draw.text((30, 30 + 60 * number), line, fill=0 if mode in ("L", "1") else "black", font=font)
    return image


def box(kind, content):
    return struct.pack(">I", 8 + len(content)) + kind + content


def heic():
    handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    item = box(b"infe", b"\2\0\0\0\0\1\0\0hvc1\0")
    extent = box(b"ispe", bytes(4) + struct.pack(">II", 600, 400))
    meta = bytes(4) + handler + box(b"pitm", b"\0\0\0\0\0\1") + box(b"iinf", b"\0\0\0\0\0\1" + item)
    meta += box(b"iprp", box(b"ipco", extent)) + box(b"iloc", b"\0\0\0\0\x44\0\0\1\0\1\0\0\0\1" + struct.pack(">II", 300, 40))
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", meta) + box(b"mdat", bytes(200))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    for name, mode, options in [("grey.png", "L", {}), ("alpha.png", "RGBA", {}), ("bits.png", "1", {}), ("colour.jpg", "RGB", {"quality": 70}),
                                ("turned.jpg", "L", {"exif": exif}), ("progressive.jpg", "RGB", {"progressive": True}),
                                ("plain.tif", "L", {}), ("packed.tif", "1", {"compression": "group4"}), ("lzw.tif", "RGB", {"compression": "tiff_lzw"}),
                                ("lossy.webp", "RGB", {}), ("lossless.webp", "RGBA", {"lossless": True})]:
        picture(mode).save(folder / name, **options)
    pages = io.BytesIO()
    picture("L").save(pages, "TIFF", save_all=True, append_images=[picture("L", 300, 200), picture("L")], compression="tiff_deflate")
    (folder / "pages.tif").write_bytes(pages.getvalue())
    (folder / "container.heic").write_bytes(heic())


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(pathlib.Path(sys.argv[1]))
