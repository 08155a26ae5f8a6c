"""A picture of a stranger becomes a small PNG of dots alone, or is refused with a reason."""

import time
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import StoredFile
from subsidy.services import file_store, pictures
from subsidy.services.pictures import HIGHEST, MOST_BYTES, WIDEST, PictureRefusedError
from tests.conftest import MOMENT
from tests.services.pictures import claims, jpeg, png, text_bomb, with_secrets, with_text

pytestmark = pytest.mark.usefixtures("app")

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"


def drawn(content: bytes) -> Image.Image:
    kept = pictures.keep(BytesIO(content), now=MOMENT)
    assert kept.media_type == "image/png"
    return Image.open(BytesIO(file_store.read(kept.sha256)))


TAKEN = {
    "png": png(),
    "jpeg": jpeg(),
    "photo": jpeg((4000, 3000)),
    "grey": png(mode="L", colour=100),
    "grey with alpha": png(mode="LA", colour=(100, 50)),
    "palette": png(mode="P", colour=3),
    "black and white": png(mode="1", colour=0),
    "for print": jpeg(mode="CMYK", colour=(200, 20, 20, 0)),
    "one dot": png((1, 1)),
    "a line": png((8000, 1)),
    "exif": with_secrets(),
    "text": with_text(),
}


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
def test_what_is_kept_is_small_and_has_nothing_but_dots(content: bytes) -> None:
    picture = drawn(content)
    assert (picture.format, picture.mode, picture.info) == ("PNG", "RGB", {})
    assert picture.width <= WIDEST
    assert picture.height <= HIGHEST
    kept = pictures.keep(BytesIO(content), now=MOMENT)
    stored = file_store.read(kept.sha256)
    assert [one for one in (b"GEHEIM", b"script", b"Exif", b"tEXt", b"zTXt", b"iCCP") if one in stored] == []
    assert stored.endswith(b"IEND\xaeB`\x82")


def test_a_picture_on_its_side_is_put_upright() -> None:
    picture = drawn(with_secrets())
    assert picture.height > picture.width


def test_what_is_transparent_becomes_paper() -> None:
    picture = drawn(png((20, 20), colour=(255, 0, 0, 0), mode="RGBA"))
    assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_the_same_picture_is_kept_once() -> None:
    first, second = (pictures.keep(BytesIO(png()), now=MOMENT).sha256 for _ in range(2))
    assert first == second


REFUSED = {
    "nothing": (b"", "empty"),
    "drawing with a script": (SVG, "kind_unknown"),
    "page": (b"<!doctype html><script>alert(1)</script>", "kind_unknown"),
    "pdf": (b"%PDF-1.7", "kind_unknown"),
    "gif": (b"GIF89a" + bytes(20), "kind_unknown"),
    "page before a picture": (b"<script>" + png(), "kind_unknown"),
    "page that begins as a PNG": (b"\x89PNG\r\n\x1a\n" + SVG, "unreadable"),
    "page that begins as a JPEG": (b"\xff\xd8\xff" + SVG, "unreadable"),
    "half": (png((600, 600), mode="RGB")[:200], "unreadable"),
    "half a JPEG": (jpeg((600, 600))[:400], "unreadable"),
    "too many bytes": (png() + bytes(MOST_BYTES), "too_large"),
    "too many dots": (claims(5000, 5000), "too_many_dots"),
    "bomb": (claims(60_000, 60_000), "too_many_dots"),
    "endless": (claims(2**31 - 1, 2**31 - 1), "too_many_dots"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_none_is_refused_before_it_costs_anything(content: bytes, code: str) -> None:
    begin = time.process_time()
    with pytest.raises(PictureRefusedError) as refused:
        pictures.keep(BytesIO(content), now=MOMENT)
    assert refused.value.code == code
    assert time.process_time() - begin < 2
    assert db.session.scalars(select(StoredFile)).all() == []


def test_a_comment_that_unpacks_to_very_much_is_not_unpacked() -> None:
    content, begin = text_bomb(), time.process_time()
    with suppress(PictureRefusedError):  # where nothing told Pillow to read on
        assert drawn(content).info == {}
    assert time.process_time() - begin < 2


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=st.sampled_from([png((40, 30)), png((40, 30), mode="P", colour=1), jpeg((40, 30)), with_secrets()]),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 5000),
)
def test_a_damaged_picture_is_drawn_or_refused(
    whole: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(whole[: len(whole) - cut % 50])
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        kept = pictures.keep(BytesIO(bytes(damaged)), now=MOMENT)
    except PictureRefusedError:
        return
    assert Image.open(BytesIO(file_store.read(kept.sha256))).mode == "RGB"
