"""What a scanner or a camera makes of a page: skew, uneven light, blur, noise, compression."""
import io
import math
import subprocess

from PIL import Image, ImageChops, ImageFilter

SCALES = [150, 200, 200, 240, 300]  # dots an inch


def light(size, rng):
    """Paper that is brighter at one side: a small picture drawn large."""
    width, height = 24, 24
    angle, depth = rng.uniform(0, 2 * math.pi), rng.uniform(0, 50)
    small = Image.new("L", (width, height))
    for y in range(height):
        for x in range(width):
            across = ((x / width - 0.5) * math.cos(angle) + (y / height - 0.5) * math.sin(angle)) / 0.71
            small.putpixel((x, y), int(255 - depth * (0.5 + across / 1.0)))
    return small.resize(size, Image.BICUBIC)


def spoil(image, rng):
    """The page as it comes out of the scanner, grey."""
    image = image.convert("L").rotate(rng.uniform(-2, 2), expand=False, fillcolor=255, resample=Image.BICUBIC)
    image = ImageChops.multiply(image, light(image.size, rng))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.1, 1.0)))
    noise = Image.effect_noise(image.size, rng.uniform(4, 24))
    image = Image.blend(image, noise, rng.uniform(0.02, 0.12))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=rng.choice([35, 50, 65, 80, 90]))
    data.seek(0)
    return Image.open(data).copy()


def scan(pdf, rng):
    """Puts document.jpg, document.png or a PDF of pictures in the place of a PDF; returns its name. All pages stay."""
    dots = rng.choice(SCALES)
    stem = pdf.with_name("page")
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(pdf), str(stem)], check=True)
    files = sorted(pdf.parent.glob("page-*.png"))
    pages = [spoil(Image.open(file), rng) for file in files]
    kind = rng.choice(["jpg", "png", "pdf"]) if len(pages) == 1 else "pdf"
    for file in files:
        file.unlink()
    pdf.unlink()
    name = f"document.{kind}"
    if kind == "pdf":
        # Without the time of day, so that the same seed gives the same bytes.
        pages[0].save(pdf, "PDF", resolution=dots, save_all=True, append_images=pages[1:], quality=rng.choice([50, 75]), creationDate=None, modDate=None)
    else:
        pages[0].save(pdf.with_name(name), **({"quality": 90, "dpi": (dots, dots)} if kind == "jpg" else {"dpi": (dots, dots)}))
    return name
