"""The pictures of a letter: a QR code that leads to its proof, the office's logo, a signature; no others."""

import re
from datetime import UTC, datetime

import pikepdf
import pytest
import segno
from flask import Flask

from subsidy.documents.letter import LetterContent, render_letter
from subsidy.documents.letter_pictures import pictures_of, qr, stored
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import PdfRenderer, RenderError
from subsidy.services import file_store
from subsidy.services.file_store import FileDamagedError
from tests.conftest import MOMENT
from tests.documents.definitions import definition
from tests.documents.letters import AUTHORITY, OFFICE, facts
from tests.documents.reading import figure_texts, opened, tags_of, text_of
from tests.services.pictures import png

CHECK_AT = "https://subsidie.voorbeeld.nl/echt"
CODE = "2B7K09QXMMT41ZEA"
HERE = OFFICE.model_copy(update={"check_at": CHECK_AT})
AT = datetime(2026, 11, 20, tzinfo=UTC)


def kept(content: bytes) -> str:
    return file_store.put(content, media_type="image/png", now=MOMENT).sha256


def letter(logo: str = "", signature: str = "", **changes: object) -> LetterContent:
    office = HERE.model_copy(update={"logo_sha256": logo, "logo_text": "Wapen" if logo else ""})
    authority = AUTHORITY.model_copy(update={"picture_sha256": signature})
    said = {"office": office, "authority": authority, "code": CODE} | changes
    return compose_letter(definition(), facts(definition(), "award", **said))


def dots(svg: bytes) -> set[tuple[int, int]]:
    """The dark dots of a QR code, read from the lines that draw it: pen up (m, M) and right (h)."""
    (path,) = re.findall(r'<path [^>]*d="([^"]*)"', svg.decode())
    x, y, found = 0.0, 0.0, set()
    for step, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        values = [float(one) for one in re.findall(r"-?[0-9.]+", numbers)]
        if step == "h":
            found |= {(int(x) + one, int(y)) for one in range(int(values[0]))}
            x += values[0]
        elif step == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    return found


class TestProof:
    def test_the_qr_code_leads_to_the_page_of_this_letter(self) -> None:
        proof = HERE.proof_of(CODE)
        assert proof is not None
        assert (proof.page, proof.code, proof.address) == (
            "subsidie.voorbeeld.nl/echt",
            "2B7K-09QX-MMT4-1ZEA",
            f"{CHECK_AT}/{CODE}",
        )
        drawn = pictures_of(leads_to=proof.address)[proof.picture_address].content
        code = segno.make(f"{CHECK_AT}/{CODE}", error="m", micro=False)
        expected = {(x + 4, y + 4) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}
        assert dots(drawn) == expected

    def test_the_letter_prints_it_with_a_text_for_who_cannot_see_it(self) -> None:
        pdf = render_letter(letter())
        said = text_of(pdf)
        assert "ga naar subsidie.voorbeeld.nl/echt en vul in: 2B7K-09QX-MMT4-1ZEA" in said
        assert figure_texts(pdf) == [
            "Logo van Subsidiebureau Regionale Samenwerking",
            f"QR-code van {CHECK_AT}/{CODE}",
        ]
        assert tags_of(pdf).count("Figure") == 2

    @pytest.mark.parametrize("changes", [{"code": ""}, {"office": OFFICE}])
    def test_a_draft_prints_none(self, changes: dict[str, object]) -> None:
        pdf = render_letter(letter(concept=True, **changes))
        assert "Wilt u weten of deze brief" not in text_of(pdf)
        assert len(figure_texts(pdf)) == 1


@pytest.mark.usefixtures("app")
class TestPictures:
    def test_they_stand_on_the_letter_with_their_texts(self) -> None:
        logo, signature = kept(png((900, 200))), kept(png((700, 200), colour="black"))
        pdf = render_letter(letter(logo, signature))
        assert figure_texts(pdf) == [
            "Wapen",
            "Handtekening van B. de Vries",
            f"QR-code van {CHECK_AT}/{CODE}",
        ]
        assert "Daarom staat er geen handtekening onder." not in text_of(pdf)
        with opened(pdf) as document:
            images = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
            images = [one for one in images if one.get("/Subtype") == "/Image"]
            assert [(one.Width, one.Height) for one in images] == [(900, 200), (700, 200)]
            # PDF/A-3, 6.2.8: no picture is smoothed, and this one is of dots in colour alone.
            assert not any(one.get("/Interpolate", False) for one in images)
            assert {str(one.ColorSpace) for one in images} == {"/DeviceRGB"}
            assert document.check_pdf_syntax() == []

    def test_the_same_letter_has_the_same_bytes_whatever_was_drawn_between(self) -> None:
        logo, other = kept(png((300, 100))), kept(png((100, 100), colour="red"))
        first = render_letter(letter(logo))
        assert render_letter(letter(other, other)) != first
        assert render_letter(letter(logo)) == first

    def test_one_that_was_changed_is_never_printed(self, app: Flask) -> None:
        sha256 = kept(png((301, 100)))
        place = app.config["SETTINGS"].var_dir / "files" / sha256[:2] / sha256
        content = place.read_bytes()
        try:
            place.write_bytes(png((302, 100)))
            with pytest.raises(FileDamagedError):
                render_letter(letter(sha256))
            place.unlink()
            with pytest.raises(FileDamagedError):
                render_letter(letter("", sha256))
        finally:
            place.write_bytes(content)

    def test_another_document_never_gets_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        renderer, sha256 = PdfRenderer(), kept(png())
        addresses = [stored(sha256), qr(CHECK_AT)]
        shown = "".join(f'<img alt="x" src="{one}">' for one in addresses)
        monkeypatch.setattr(renderer, "html", lambda *_: f'<html lang="nl"><title>t</title>{shown}</html>')

        def draw(*sha256s: str, leads_to: str = "") -> bytes:
            pictures = pictures_of(*sha256s, leads_to=leads_to)
            return renderer.render(
                "x.html", {}, styles=("document",), created_at=AT, modified_at=AT, pictures=pictures
            )

        assert draw(sha256, leads_to=CHECK_AT).startswith(b"%PDF")
        for one, leads_to in (("", ""), (sha256, ""), ("", CHECK_AT), (kept(png((9, 9))), CHECK_AT)):
            for _twice in range(2):
                with pytest.raises(RenderError, match="asked for"):
                    draw(one, leads_to=leads_to)

    def test_what_is_not_there_is_refused_every_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        renderer = PdfRenderer()
        page = '<html lang="nl"><title>t</title><img alt="x" src="asset:nowhere.svg"></html>'
        monkeypatch.setattr(renderer, "html", lambda *_: page)
        for _twice in range(2):
            with pytest.raises(RenderError, match="nowhere"):
                renderer.render("x.html", {}, styles=("document",), created_at=AT, modified_at=AT)
