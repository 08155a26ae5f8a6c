"""What is refused for what is inside it: pictures that do not open, PDFs that run or are locked."""

import zlib
from io import BytesIO
from time import process_time

import pytest
from flask import Flask

from subsidy.services import file_dangers
from subsidy.services.attachments import AttachmentRefusedError
from subsidy.services.file_dangers import danger_in
from subsidy.services.media_types import media_type_of
from tests.factories import make_application, make_round, make_user
from tests.services.attached import attach, locked_pdf, make_image, make_pdf, written_pdf

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def packed(content: bytes) -> bytes:
    """The object stream of a PDF, in which objects do not show."""
    small = zlib.compress(b"4 0 " + content)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(small),
        small,
    )


DANGERS = {
    "script": (written_pdf([SCRIPT], "/OpenAction 4 0 R"), "pdf_runs"),
    "script with an escaped name": (written_pdf([SCRIPT.replace(b"/Java", b"/J#61va")]), "pdf_runs"),
    "script in a packed object": (written_pdf([packed(SCRIPT)]), "pdf_runs"),
    "script in a packed object that breaks off": (
        written_pdf([packed(SCRIPT + bytes(100_000)).replace(b"endstream", b"")[:-8] + b"\xff" * 8]),
        "pdf_runs",
    ),
    "script in a packed object with a word that misleads": (
        written_pdf([packed(SCRIPT).replace(b"/N 1", b"/N 1 /X (stream)")]),
        "pdf_runs",
    ),
    "program": (written_pdf([b"<< /S /Launch /F (cmd.exe) >>"]), "pdf_runs"),
    "damaged picture": (make_image()[:60], "image_unreadable"),
    "picture with a wrong checksum": (make_image().replace(b"IDAT", b"IDAU"), "image_unreadable"),
    "beginning of a photo": (b"\xff\xd8\xff\xe0" + bytes(20), "image_unreadable"),
    "PDF": (make_pdf(), None),
    "PDF with packed objects": (written_pdf([packed(b"<< /Type /Page >>")]), None),
    "PDF with a name that begins alike": (written_pdf([b"<< /LaunchDate (2026) >>"]), None),
    "picture": (make_image(), None),
    "photo": (make_image("JPEG"), None),
}


@pytest.mark.parametrize(("content", "danger"), DANGERS.values(), ids=DANGERS)
def test_what_is_inside_is_looked_at(content: bytes, danger: str | None) -> None:
    file = BytesIO(content)
    kind = media_type_of(file)
    assert kind is not None
    assert danger_in(file, kind) == danger
    assert file.tell() == 0


ONLY_BEGINNINGS = b"/ObjStm "
BROKEN_OFF = b"/ObjStm >>stream\n" + zlib.compress(bytes(45_000_000))[:-4] + b"off!"


@pytest.mark.parametrize("part", [ONLY_BEGINNINGS, BROKEN_OFF], ids=["only beginnings", "broken off"])
def test_a_large_file_costs_seconds_whatever_it_holds(part: bytes) -> None:
    file = BytesIO(b"%PDF-1.7\n" + part * (25_000_000 // len(part)))
    kind = media_type_of(file)
    assert kind is not None
    begun = process_time()
    assert danger_in(file, kind) is None
    assert process_time() - begun < 5  # it was a quarter of a minute, and a whole one


def test_a_picture_of_too_many_pixels_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dangers, "MOST_PIXELS", 1199)
    file = BytesIO(make_image())
    kind = media_type_of(file)
    assert kind is not None
    assert danger_in(file, kind) == "image_too_large"


def test_a_password_is_refused_and_an_empty_one_is_not(app: Flask) -> None:
    application = make_application(make_round(), "draft", member=make_user())
    with pytest.raises(AttachmentRefusedError) as refused:
        attach(application, locked_pdf("geheim"))
    assert refused.value.code == "pdf_locked"
    assert application.attachments == []
    assert attach(application, locked_pdf("")).file_name == "plan.pdf"
