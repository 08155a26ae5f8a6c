"""What is wrong inside a file of a kind that is accepted: nobody can open it, or it does something by itself.

A look at the bytes, not a virus scan: see virus_scan.py. Files leave only as a download, and are read on
screen as pictures; this keeps what runs from the computers of officers and reviewers all the same.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import IO

from PIL import Image

from subsidy.services.media_types import JPEG, PDF, PNG, MediaType

# A picture of more pixels than this costs hundreds of megabytes to look at.
MOST_PIXELS = 50_000_000
# An action of a PDF that runs a script or starts a program; fields, links and bookmarks use neither.
RUNNING = (b"JavaScript", b"Launch")


def _written(name: bytes) -> bytes:
    """Give the pattern of a name with or without escapes: /J#61vaScript is /JavaScript."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name)


RUNS = re.compile(b"/(?:" + b"|".join(map(_written, RUNNING)) + b")(?![A-Za-z0-9#])")
# What stands between the name of an object stream and its packed bytes, and how long that may be.
PACKED, STREAM = b"/ObjStm", b"stream"
OPENING = re.compile(rb"stream\r?\n")
LONGEST_OPENING = 500
# Packed objects of a PDF are looked into up to this many bytes in all; a stream counts for some at least.
MOST_UNPACKED = 50_000_000
LEAST_UNPACKED = 4096
PIECE = 16 * 1024


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
    return any(RUNS.search(part) for part in chain((content,), _packed(content)))


def _packed(content: bytes) -> Iterator[bytes]:
    """Unpack the streams in which a PDF keeps objects together.

    Every byte is looked at a fixed number of times: a file that is nothing but beginnings costs no more.
    """
    left = MOST_UNPACKED
    at = content.find(PACKED)
    while at >= 0 and left > 0:
        stream = content.find(STREAM, at)
        if stream < 0:
            return
        end = at + LONGEST_OPENING
        if stream > end:  # it belongs to another object, or to a later one of these
            at = content.find(PACKED, stream - LONGEST_OPENING)
            continue
        opening = OPENING.search(content, stream, end)
        if opening:
            part = _unpacked(memoryview(content)[opening.end() :], left)
            left -= max(len(part), LEAST_UNPACKED)
            yield part
        at = content.find(PACKED, stream)


def _unpacked(packed: memoryview, most: int) -> bytes:
    """Unpack until the end, until something is wrong, or until there is this much."""
    unpacker, found = zlib.decompressobj(), bytearray()
    try:
        for start in range(0, len(packed), PIECE):
            piece = bytes(packed[start : start + PIECE])
            while piece and len(found) < most:
                found += unpacker.decompress(piece, PIECE)
                piece = unpacker.unconsumed_tail
            if unpacker.eof or len(found) >= most:
                break
    except zlib.error:
        pass  # readers show what came before
    return bytes(found)
