"""A program of its own that draws the pages of a file as pictures: a stranger's file may crash or stall it.

    python -I page_program.py opens FILE           exit code 0, or 3 when a PDF asks for a password
    python -I page_program.py draw FILE FOLDER     a picture per page in FOLDER; prints JSON, a line each:
                                                   {"pages": 12}, then one for each page that is drawn

It imports nothing of ours, knows no database and no settings, and gives itself little time and memory. pdfium
comes without a script engine, so nothing in a PDF runs, and nothing is fetched.
"""

import json
import math
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

WIDTH = 1240  # pixels: A4 at 150 dots per inch
MOST_PIXELS = 12_000_000  # of one drawn page
MOST_SIDE = 16_000  # pixels: WebP ends a little after that
MOST_PAGES = 200
MOST_MEMORY = 1536 * 1024 * 1024  # bytes
MOST_SECONDS = 60  # of computing
QUALITY = 82  # of WebP: text stays sharp
EFFORT = 2  # of WebP: more takes twice the time and saves a fortieth of the bytes
LOCKED = 3
FPDF_ERR_PASSWORD = 4


def main(arguments: list[str]) -> int:
    """Do what is asked; the exit code says how that went."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    task, source, *rest = arguments
    try:
        if task == "opens":
            pypdfium2.PdfDocument(source).close()
        else:
            draw(Path(source), Path(rest[0]))
    except pypdfium2.PdfiumError as error:
        return LOCKED if error.err_code == FPDF_ERR_PASSWORD else 1
    return 0


def draw(source: Path, folder: Path) -> None:
    """Draw every page, at most MOST_PAGES, and tell of each when it is there."""
    with source.open("rb") as file:
        pdf = file.read(5) == b"%PDF-"
    pages = _pages_of_pdf(source) if pdf else _picture(source)
    for number, page in enumerate(pages, start=1):
        ending, content = smallest(page)
        name = f"{number}.{ending}"
        (folder / name).write_bytes(content)
        _tell({"number": number, "name": name, "width": page.width, "height": page.height})


def scale_for(width: float, height: float) -> float:
    """How much to enlarge so that a page gets WIDTH, unless that makes it too large."""
    return min(WIDTH / width, MOST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))


def smallest(page: Image.Image) -> tuple[str, bytes]:
    """Give a picture as PNG or WebP, whichever is smaller, with the ending of its kind."""
    png, webp = BytesIO(), BytesIO()
    page.save(png, "PNG")
    page.save(webp, "WEBP", quality=QUALITY, method=EFFORT)
    return min(("png", png.getvalue()), ("webp", webp.getvalue()), key=lambda made: len(made[1]))


def _pages_of_pdf(source: Path) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(source)
    document.init_forms()  # else what was filled in does not show
    _tell({"pages": len(document)})
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        bitmap = page.render(scale=scale_for(*page.get_size()))
        yield bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()


def _picture(source: Path) -> Iterator[Image.Image]:
    with Image.open(source, formats=("PNG", "JPEG")) as image:
        # A large photo is read at a fraction of its size; it may be about to be turned on its side.
        scale = min(1.0, max(scale_for(image.width, image.height), scale_for(image.height, image.width)))
        image.draft("RGB", _scaled(image, scale))
        turned = ImageOps.exif_transpose(image)
        if turned.has_transparency_data:
            see_through = turned.convert("RGBA")
            turned = Image.new("RGB", see_through.size, "white")
            turned.paste(see_through, mask=see_through)
        scale = min(1.0, scale_for(turned.width, turned.height))
        page = turned.convert("RGB").resize(_scaled(turned, scale), Image.Resampling.LANCZOS)
    _tell({"pages": 1})
    yield page


def _scaled(image: Image.Image, scale: float) -> tuple[int, int]:
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _tell(line: dict[str, int | str]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
