"""Pictures that go onto paper: known by their content, and drawn anew without what was hidden in them.

The bytes that somebody sent are never kept. What is kept is a small PNG on white, of dots alone: no metadata,
no transparency, nothing behind its end.
"""

import logging
import struct
import zlib
from datetime import datetime
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from subsidy.models import StoredFile
from subsidy.services import file_store
from subsidy.services.media_types import JPEG, PNG, media_type_of

log = logging.getLogger("subsidy.pictures")

MOST_BYTES = 5 * 1024 * 1024
# To look at one dot takes four bytes, twice over: more than this is no logo.
MOST_DOTS = 16_000_000
# Some 400 dots an inch in the place that a letter has for it: 60 mm wide and 16 mm high.
WIDEST, HIGHEST = 960, 256
FORMATS = ("PNG", "JPEG")
# How Pillow says that it cannot read something.
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error)


class PictureRefusedError(Exception):
    """This picture is not taken; a code says why.

    Codes: empty, too_large, kind_unknown, unreadable, too_many_dots, cannot_store.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep(file: IO[bytes], *, now: datetime) -> StoredFile:
    """Draw a PNG or JPEG anew and store it, in the caller's transaction. Raises PictureRefusedError."""
    try:
        return file_store.put(_drawn_anew(file), media_type=PNG.name, now=now)
    except file_store.CannotStoreError as error:
        log.exception("a picture could not be stored")
        raise PictureRefusedError("cannot_store") from error


def _drawn_anew(file: IO[bytes]) -> bytes:
    size = file.seek(0, 2)
    if size == 0:
        raise PictureRefusedError("empty")
    if size > MOST_BYTES:
        raise PictureRefusedError("too_large")
    if media_type_of(file) not in (PNG, JPEG):
        raise PictureRefusedError("kind_unknown")
    try:
        with Image.open(file, formats=FORMATS) as image:
            image.verify()  # a whole PNG: WeasyPrint lets Pillow draw half ones too
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_DOTS:
                raise PictureRefusedError("too_many_dots")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefusedError("too_many_dots") from error
    except UNREADABLE as error:
        raise PictureRefusedError("unreadable") from error
    upright.thumbnail((WIDEST, HIGHEST))
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    drawn = BytesIO()
    paper.convert("RGB").save(drawn, "PNG", optimize=True)
    return drawn.getvalue()
