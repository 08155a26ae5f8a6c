"""What is wrong inside a file of a kind that is accepted: nobody can open it, or it does something by itself.

A look at the bytes, not a virus scan: see virus_scan.py. Files leave only as a download, and are read on
screen as pictures; this keeps what runs from the computers of officers and reviewers all the same.
"""

import re
import zlib
from collections.abc import Iterator
from typing import IO

from PIL import Image

from subsidy.services.media_types import JPEG, PDF, PNG, MediaType

# A picture of more pixels than this costs hundreds of megabytes to look at.
MOST_PIXELS = 50_000_000
# An action of a PDF that runs a script or starts a program; fields, links and bookmarks use neither.
RUNS = re.compile(rb"/(?:JavaScript|Launch)(?![A-Za-z0-9])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,500}?>>\s*stream\r?\n", re.DOTALL)
# Packed objects of a PDF are looked into up to this many bytes in all.
MOST_UNPACKED = 50_000_000


def danger_in(file: IO[bytes], kind: MediaType) -> str | None:
    """Say as a code what is wrong with a file, or None: image_unreadable, image_too_large, pdf_runs."""
    file.seek(0)
    try:
        if kind in (PNG, JPEG):
            return _danger_in_image(file)
        if kind == PDF:
            return "pdf_runs" if _runs(file.read()) else None
    finally:
        file.seek(0)
    return None


def names_a_lock(file: IO[bytes]) -> bool:
    """Whether a PDF is encrypted; often with an empty password, and then everybody can open it."""
    file.seek(0)
    try:
        return b"/Encrypt" in file.read()
    finally:
        file.seek(0)


def _danger_in_image(file: IO[bytes]) -> str | None:
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                return "image_too_large"
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "image_too_large"
    except (OSError, ValueError, SyntaxError):  # as Pillow says that it cannot read something
        return "image_unreadable"
    return None


def _runs(content: bytes) -> bool:
    return any(RUNS.search(_plain(part)) for part in (content, *_packed(content)))


def _plain(part: bytes) -> bytes:
    """Names without escapes: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _packed(content: bytes) -> Iterator[bytes]:
    """Unpack the streams in which a PDF keeps objects together."""
    left = MOST_UNPACKED
    for found in OBJECT_STREAM.finditer(content):
        try:
            part = zlib.decompressobj().decompress(memoryview(content)[found.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
        if left <= 0:
            return
