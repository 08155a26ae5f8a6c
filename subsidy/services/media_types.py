"""What a file really is, by its first bytes; its name and what the browser says prove nothing.

Accepted: PDF, the open Office formats (Microsoft's since 2007 and OpenDocument) without macros, and
images that every browser shows. Not accepted: anything that can run.
"""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from workflows.definition import FileKind

HEAD = 2048
# The end of a zip file: a fixed record, and a comment of at most 64 kB after it.
END_RECORD = b"PK\x05\x06"
END_LENGTH = 22
# Before it, in a file so large that the end record does not tell its lengths: no document is.
LARGE_RECORD = b"PK\x06\x07"
LARGE_LENGTH = 20
LONGEST_COMMENT = 65_535
# A list of contents longer than this is no document; reading it would only cost memory.
LONGEST_DIRECTORY = 1_000_000
LONGEST_MEDIA_TYPE = 200
# Where documents keep their macros: the first at the end of a name, the others at its beginning.
MICROSOFT_MACROS = "vbaproject.bin"
OPEN_DOCUMENT_MACROS = ("basic/", "scripts/")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file that is accepted: its media type, and the ending that its name gets."""

    name: str
    ending: str


PDF = MediaType("application/pdf", ".pdf")
PNG = MediaType("image/png", ".png")
JPEG = MediaType("image/jpeg", ".jpg")
OOXML = {
    "word/": MediaType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": MediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": MediaType("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
OPEN_DOCUMENT = {
    one.name: one
    for one in (
        MediaType("application/vnd.oasis.opendocument.text", ".odt"),
        MediaType("application/vnd.oasis.opendocument.spreadsheet", ".ods"),
        MediaType("application/vnd.oasis.opendocument.presentation", ".odp"),
    )
}
OFFICE = (*OOXML.values(), *OPEN_DOCUMENT.values())
# What a question may accept, as the kinds of file behind each of its words.
OF_KIND: Mapping[FileKind, tuple[MediaType, ...]] = {
    FileKind.PDF: (PDF,),
    FileKind.OFFICE: OFFICE,
    FileKind.IMAGE: (PNG, JPEG),
}


def accepted_types(accepts: Iterable[FileKind]) -> tuple[MediaType, ...]:
    """Give the kinds of file that a question takes."""
    return tuple(one for kind in accepts for one in OF_KIND[kind])


def accepted_endings(accepts: Iterable[FileKind]) -> tuple[str, ...]:
    """Give the endings that a browser offers to choose from for a question."""
    endings = [one.ending for one in accepted_types(accepts)]
    return (*endings, ".jpeg") if JPEG.ending in endings else tuple(endings)


def media_type_of(file: IO[bytes]) -> MediaType | None:
    """Give the kind of a file that can be sought in, or None when it is none that is accepted."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    return _document(file) if head.startswith(b"PK\x03\x04") else None


def _document(file: IO[bytes]) -> MediaType | None:
    if not _short_directory(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(_runs(name.lower()) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next(
                    (kind for part, kind in OOXML.items() if any(n.startswith(part) for n in names)), None
                )
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= LONGEST_MEDIA_TYPE:
                return OPEN_DOCUMENT.get(archive.read("mimetype").decode("ascii", "replace").strip())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    finally:
        file.seek(0)
    return None


def _runs(name: str) -> bool:
    return name.endswith(MICROSOFT_MACROS) or name.startswith(OPEN_DOCUMENT_MACROS)


def _short_directory(file: IO[bytes]) -> bool:
    """Whether the list of contents is short enough to read: its length stands in the end record."""
    length = file.seek(0, 2)
    file.seek(max(0, length - LARGE_LENGTH - END_LENGTH - LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) - at < END_LENGTH or tail[max(0, at - LARGE_LENGTH) : at].startswith(LARGE_RECORD):
        return False
    (size,) = struct.unpack_from("<I", tail, at + 12)
    return bool(size <= LONGEST_DIRECTORY)
