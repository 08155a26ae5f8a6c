"""The pages of a file become pictures: once for the same bytes, and never a job that fails for ever."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, OutboxRow, PageImage, PagesMade
from subsidy.services import file_store, page_images, page_program
from subsidy.services.page_images import Drawing, draw, draw_pages, reading_of
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.services.attached import attach, locked_pdf, make_image, make_pdf


@pytest.fixture
def application(app: Flask) -> Application:
    return make_application(make_round(), "draft", member=make_user())


def drawn(content: bytes, folder: Path) -> tuple[Drawing, list[Image.Image]]:
    """Let the program draw this; gives what it told and the pictures."""
    source = folder / "source"
    source.write_bytes(content)
    target = folder / "pages"
    target.mkdir()
    drawing = draw(source, target)
    return drawing, [picture(target / str(page["name"])) for page in drawing.drawn]


def picture(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def sizes(images: Sequence[PageImage]) -> list[tuple[int, int, int]]:
    return [(image.number, image.width, image.height) for image in images]


def test_a_job_draws_each_page_once(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = attach(application, make_pdf(2)), make_application(make_round(), "draft")
    again = attach(second, make_pdf(2), "kopie.pdf")
    (row,) = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "pages")).all()
    assert reading_of(first).made is None
    draw_pages(row.payload)
    monkeypatch.setattr(page_images, "draw", pytest.fail)
    draw_pages(row.payload)
    for attachment in (first, again):
        reading = reading_of(attachment)
        assert reading.made is not None
        assert (reading.made.pages, reading.made.problem, reading.made.made_at) == (2, "", MOMENT)
        assert sizes(reading.images) == [(1, 1240, 1755), (2, 1240, 1755)]
    content = file_store.read(reading.images[0].image_sha256)
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("WEBP", (1240, 1755))


def test_a_page_is_kept_in_the_smaller_of_two_ways() -> None:
    board = Image.new("L", (2, 2))
    board.putdata([0, 255, 255, 0])
    fine = Image.new("L", (300, 300))
    for at in range(0, 300, 2):
        for down in range(0, 300, 2):
            fine.paste(board, (at, down))
    assert page_program.smallest(fine.convert("RGB"))[0] == "png"
    assert page_program.smallest(Image.effect_noise((200, 100), 90).convert("RGB"))[0] == "webp"


def test_a_photo_is_turned_upright_and_made_smaller(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    drawing, (image,) = drawn(make_image("JPEG", (4000, 2000), exif=exif), tmp_path)
    assert (drawing.pages, drawing.problem) == (1, "")
    assert image.size == (1240, 2480)


def test_what_is_see_through_becomes_white(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    _, (image,) = drawn(file.getvalue(), tmp_path)
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.7\n%%EOF\n", "broken"),
        (b"%PDF-1.7\n" + bytes(100_000), "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "broken"),
        (locked_pdf("geheim"), "locked"),
    ],
    ids=["empty PDF", "PDF of nothing", "broken picture", "password"],
)
def test_what_cannot_be_drawn_is_noted_and_not_tried_again(app: Flask, content: bytes, problem: str) -> None:
    stored = file_store.put(content, media_type="application/pdf", now=MOMENT)
    draw_pages({"sha256": stored.sha256})
    made = db.session.get_one(PagesMade, stored.sha256)
    assert (made.pages, made.problem) == (0, problem)
    assert db.session.scalars(select(PageImage)).all() == []


def test_an_empty_password_opens_by_itself(tmp_path: Path) -> None:
    drawing, images = drawn(locked_pdf(""), tmp_path)
    assert (drawing.problem, len(images)) == ("", 1)


@pytest.mark.slow
def test_of_a_long_document_the_first_pages_are_drawn(tmp_path: Path) -> None:
    most = page_program.MOST_PAGES
    drawing, images = drawn(make_pdf(most + 1, 20, 10), tmp_path)
    assert (drawing.pages, len(images), drawing.problem) == (most + 1, most, "incomplete")


@pytest.mark.slow
def test_what_takes_too_long_is_stopped_and_what_is_there_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import pathlib, sys, time\n"
        "pathlib.Path(sys.argv[3], '1.png').write_bytes(b'x')\n"
        """print('{"pages": 3}\\n{"number": 1, "name": "1.png", "width": 1, "height": 1}', flush=True)\n"""
        """print('{"number": 2, "na', end='', flush=True)\n"""
        "time.sleep(60)\n"
    )
    monkeypatch.setattr(page_images, "PROGRAM", slow)
    monkeypatch.setattr(page_images, "MOST_SECONDS", 5.0)
    drawing = draw(tmp_path / "any", tmp_path)
    assert drawing == Drawing(3, ({"number": 1, "name": "1.png", "width": 1, "height": 1},), "incomplete")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (595, 842), (14400, 14400), (10, 14400), (14400, 10)])
def test_a_page_of_any_size_stays_within_its_pixels(width: float, height: float, tmp_path: Path) -> None:
    drawing, (image,) = drawn(make_pdf(1, width, height), tmp_path)
    assert drawing.problem == ""
    assert image.width <= page_program.WIDTH
    assert image.width * image.height <= page_program.MOST_PIXELS * 1.01


def test_an_office_document_is_not_drawn(app: Flask) -> None:
    page_images.post_drawing("0" * 64, "application/vnd.oasis.opendocument.text", now=MOMENT)
    assert db.session.scalars(select(OutboxRow)).all() == []


def test_the_program_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tells.py"
    program.write_text("import json, os\nprint(json.dumps({'pages': int('SECRET_KEY' in os.environ)}))\n")
    monkeypatch.setattr(page_images, "PROGRAM", program)
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    assert page_images.draw(tmp_path / "file.pdf", tmp_path).pages == 0
