"""Pictures as people send them, made on the spot."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin


def png(
    size: tuple[int, int] = (600, 150), colour: Any = "#0b4a5e", mode: str = "RGB", **saved: Any
) -> bytes:
    """A PNG of one colour."""
    return _saved(Image.new(mode, size, colour), "PNG", **saved)


def jpeg(
    size: tuple[int, int] = (600, 150), colour: Any = "#0b4a5e", mode: str = "RGB", **saved: Any
) -> bytes:
    """A JPEG of one colour."""
    return _saved(Image.new(mode, size, colour), "JPEG", **saved)


def with_secrets() -> bytes:
    """A JPEG that says where it was made, by whom, on its side, with a page behind its end."""
    exif = Image.Exif()
    exif[0x010E] = "GEHEIM"  # what it shows
    exif[0x0112] = 6  # lies on its side
    return jpeg((400, 100), exif=exif, comment=b"GEHEIM") + b"<script>alert(1)</script>"


def with_text() -> bytes:
    """A PNG with text inside, and a page behind its end."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "GEHEIM", zip=True)
    return png(pnginfo=text) + b"<html><script>alert(1)</script>"


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be as large as this."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to more than a hundred megabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    body = b"Comment\x00\x00" + zlib.compress(bytes(120_000_000))
    plain = png()
    return plain[:33] + chunk(b"zTXt", body) + plain[33:]


def _saved(image: Image.Image, kind: str, **saved: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **saved)
    return file.getvalue()
