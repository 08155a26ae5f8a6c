"""The pictures that come with one document: a logo and a signature of the file store, a QR code made here.

Each has an address that names what it is, and nothing else: no text from outside can make one, and the
renderer knows no others than those that it is given with the document (`pdf_assets`).
"""

from io import BytesIO

import segno

from subsidy.documents.pdf_assets import Picture
from subsidy.services import file_store

STORED, QR = "stored:", "qr:"
PNG, SVG = "image/png", "image/svg+xml"
# White around a QR code, in its own dots, so that a telephone finds its edges.
QUIET = 4


def stored(sha256: str) -> str:
    """Give the address of a picture in the file store."""
    return f"{STORED}{sha256}"


def qr(leads_to: str) -> str:
    """Give the address of the QR code that leads to this page."""
    return f"{QR}{leads_to}"


def pictures_of(*sha256s: str, leads_to: str = "") -> dict[str, Picture]:
    """Give the stored pictures with these digests, and the QR code of a page; "" stands for none.

    Raises FileDamagedError for bytes that are gone or were changed.
    """
    pictures = {stored(one): Picture(file_store.read(one), PNG) for one in sha256s if one}
    if leads_to:
        pictures[qr(leads_to)] = Picture(_drawn(leads_to), SVG)
    return pictures


def _drawn(text: str) -> bytes:
    drawing = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawing, kind="svg", border=QUIET, xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return drawing.getvalue()
