"""What a file is, by its content, and what it is called."""

import struct
import zipfile
from io import BytesIO

import pytest
from flask import Flask

from subsidy.services import attachments
from subsidy.services.attachments import AttachmentRefusedError, safe_name
from subsidy.services.media_types import media_type_of
from subsidy.services.snapshots import definition_of
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.permissions import Actor

PDF = b"%PDF-1.7\n%%EOF\n"


def archive(*names: str, **contents: str) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
        for name, content in contents.items():
            made.writestr(name, content)
    return file


def told_twice(file: BytesIO) -> BytesIO:
    """The same archive with a second end record, for large files, which readers believe before the first."""
    content = file.getvalue()
    at = content.rindex(b"PK\x05\x06")
    _, _, _, _, entries, size, start, _ = struct.unpack("<4s4H2LH", content[at : at + 22])
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, start)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    told = BytesIO(content[:at] + large + place + content[at:])
    assert len(zipfile.ZipFile(told).namelist()) == entries
    return told


ODT = "application/vnd.oasis.opendocument.text"
KINDS = {
    ".pdf": BytesIO(PDF),
    ".png": BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(20)),
    ".jpg": BytesIO(b"\xff\xd8\xff\xe0" + bytes(20)),
    ".docx": archive("[Content_Types].xml", "word/document.xml"),
    ".xlsx": archive("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"),
    ".pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    ".odt": archive("content.xml", mimetype=ODT),
}


@pytest.mark.parametrize(("ending", "file"), KINDS.items())
def test_a_file_is_known_by_its_content(ending: str, file: BytesIO) -> None:
    kind = media_type_of(file)
    assert kind is not None
    assert kind.ending == ending
    assert file.tell() == 0


STRANGE = {
    "program": BytesIO(b"MZ\x90\x00"),
    "page": BytesIO(b"<html><script>alert(1)</script></html>"),
    "drawing that can run": BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "old Office": BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "macros": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "macros in OpenDocument": archive("Basic/Standard/Module1.xml", mimetype=ODT),
    "zip": archive("photo.png"),
    "broken zip": BytesIO(b"PK\x03\x04" + bytes(200)),
    "endless list of contents": BytesIO(
        b"PK\x03\x04" + b"PK\x05\x06" + bytes(8) + (2_000_000).to_bytes(4, "little") + bytes(6)
    ),
    "list of contents whose length is told twice": told_twice(KINDS[".docx"]),
    "another mimetype": archive("content.xml", mimetype="application/epub+zip"),
    "nothing": BytesIO(b""),
}


@pytest.mark.parametrize("file", STRANGE.values(), ids=STRANGE)
def test_what_is_not_accepted_has_no_kind(file: BytesIO) -> None:
    assert media_type_of(file) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("PLAN.PDF", "PLAN.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\jan\\plan.pdf", "plan.pdf"),
        ('a<b>:"c|?*.pdf', "a b c.pdf"),
        ("plan\x00\r\n\u202egpj.pdf", "plangpj.pdf"),
        ("begroting.xlsx", "begroting.xlsx.pdf"),
        (".pdf", "bijlage.pdf"),
        ("   ", "bijlage.pdf"),
        ("é" * 300 + ".pdf", "é" * 120 + ".pdf"),
    ],
)
def test_a_name_is_safe_on_every_computer(name: str, safe: str) -> None:
    assert safe_name(name, ".pdf") == safe


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (PDF + bytes(100), "too_large"), (b"MZ", "kind_unknown")],
)
def test_a_refused_file_says_why(app: Flask, content: bytes, code: str) -> None:
    application = make_application(make_round(), "draft", member=make_user())
    question = next(one for one in definition_of(application.round).questions if one.id == "support")
    with pytest.raises(AttachmentRefusedError) as refused:
        attachments.add(
            application,
            question,
            file=BytesIO(content),
            name="x.pdf",
            most_bytes=50,
            actor=Actor(user_id=None),
            now=MOMENT,
        )
    assert refused.value.code == code
    assert application.attachments == []
