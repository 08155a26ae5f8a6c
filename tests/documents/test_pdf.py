"""The drawn letter as a file: archival, accessible, closed to the outside, and always the same."""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy.documents import pdf_assets
from subsidy.documents.letter import LetterContent, render_letter
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.pdf import Collector, PdfRenderer, RenderError, many_documents, pdf_renderer
from tests.documents.definitions import definition
from tests.documents.letters import facts
from tests.documents.reading import attached, bookmarks_of, figure_texts, opened, tags_of, text_of

ROOT = Path(__file__).resolve().parents[2]
HARD_TEXTS = {
    "markup": "<script>alert(1)</script><img src='file:///etc/passwd'><svg><image href='http://127.0.0.1/x'/></svg>",
    "style": "</style><style>@import url(http://127.0.0.1/x.css);* {background:url(file:///etc/passwd)}",
    "template": "{{ letter.office }}{% include '/etc/passwd' %}",
    "attributes": '" onerror="x" src="file:///etc/passwd" \'><object data=file:///etc/passwd>',
    "long word": "a" * 1200,
    "no spaces": "Hottentottententententoonstelling" * 60,
    "right to left": "שלום עולם, مرحبا بالعالم 123",
    "scripts": "Ελληνικά Русский हिन्दी ไทย አማርኛ ქართული",
    "emoji": "Goed 👍🏽 👩‍⚕️ 🇳🇱 1️⃣",
    "no glyph": "\U0001f9ff\U0001fae0 \U00030000 \ue000",
    "controls": "a\x00b\x07c\u202ed\u200fe",
    "empty": "",
    "blank": " \n\t ",
}


def letter(case: str = "award", **changes: object) -> LetterContent:
    return compose_letter(definition(), facts(definition(), case, **changes))


def with_typed_text(text: str) -> LetterContent:
    """Put a text everywhere that someone outside the office types."""
    content = letter("reject-score", title=text, motivation=text, deviation=text)
    return content.model_copy(
        update={
            "addressee": content.addressee.model_copy(
                update={"organisation": text, "attention": text, "address_lines": (text, text)}
            ),
            "criteria": tuple(row.model_copy(update={"motivation": text}) for row in content.criteria),
        }
    )


@pytest.fixture(scope="module")
def award() -> bytes:
    return render_letter(letter())


def test_it_is_a_sound_archival_file(award: bytes) -> None:
    with opened(award) as document:
        assert document.check_pdf_syntax() == []
        assert document.pdf_version == "1.7"
        assert "/ID" in document.trailer
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["dc:title"] == "Onderwerp award Proefregeling, ronde 1 - JZOJP-RB-002"
            assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-11-20T14:30:00+00:00"
        intent = document.Root.OutputIntents[0]
        assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
        assert not {"/JavaScript", "/OpenAction", "/AA"} & {
            *document.Root.keys(),
            *document.Root.Names.keys(),
        }


def test_it_is_tagged_in_dutch_with_title_and_bookmarks(award: bytes) -> None:
    with opened(award) as document:
        assert document.Root.Lang == "nl"
        assert document.Root.MarkInfo.Marked is True
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
    tags = tags_of(award)
    assert tags[0] == "Document"
    assert tags.count("H1") == 1
    assert {"H2", "H3", "P", "L", "LI", "Table", "THead", "TH", "TD", "Figure"} <= set(tags)
    assert figure_texts(award) == ["Logo van Subsidiebureau Regionale Samenwerking"]
    assert bookmarks_of(award) == [
        "Onderwerp: Onderwerp award Proefregeling, ronde 1",
        "Ons besluit",
        "Hoe wij uw aanvraag hebben behandeld",
        "Motivering",
        "Kwaliteit",
        "Bereik",
        "Wat u moet doen",
        "Betaling",
        "Wettelijke grondslag",
        "Bezwaar maken",
    ]


def test_every_font_is_embedded_and_is_ours(award: bytes) -> None:
    with opened(award) as document:
        fonts = {
            str(font.BaseFont): font.DescendantFonts[0].FontDescriptor
            for page in document.pages
            for font in page.resources.Font.values()
        }
        assert fonts
        for name, descriptor in fonts.items():
            assert re.fullmatch(r"/[A-Z]{6}\+Noto-Sans(-Bold)?", name)
            assert len(descriptor.FontFile2.read_bytes()) > 1000


def test_the_decision_travels_inside_as_data(award: bytes) -> None:
    with opened(award) as document:
        (file,) = document.Root.AF
        assert (file.AFRelationship, file.UF) == ("/Data", "besluit.json")
        stream = file.EF.F
        assert stream.Subtype == "/application/json"
        assert stream.Params.CreationDate == stream.Params.ModDate == "D:20261120143000Z"
    assert json.loads(attached(award, "besluit.json")) == letter().decision


def test_the_dates_are_those_of_the_proposal_in_any_time_zone() -> None:
    amsterdam = datetime.fromisoformat("2026-11-20T15:30:00+01:00")
    assert render_letter(letter(proposed_at=amsterdam)) == render_letter(letter())


def test_other_facts_give_other_bytes(award: bytes) -> None:
    assert render_letter(letter(reference="JZOJP-RB-003")) != award


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(award: bytes, tmp_path: Path) -> None:
    content = tmp_path / "letter.json"
    content.write_text(letter().model_dump_json(), encoding="utf-8")
    program = (
        "import hashlib, sys, pathlib\n"
        "from subsidy.documents.letter import LetterContent, render_letter\n"
        "content = LetterContent.model_validate_json(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(hashlib.sha256(render_letter(content)).hexdigest())\n"
    )
    digests = [
        subprocess.run(
            [sys.executable, "-c", program, str(content)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    ]
    assert digests == [hashlib.sha256(award).hexdigest()] * 2


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS.keys())
def test_what_people_type_is_only_ever_text(text: str) -> None:
    pdf = render_letter(with_typed_text(text))
    said = text_of(pdf)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
        assert list(document.attachments) == ["besluit.json"]
        images = [name for page in document.pages for name in page.resources.get("/XObject", {})]
        links = [note for page in document.pages for note in page.get("/Annots", [])]
    assert (len(images), links) == (len(_own_images()), [])
    # Breaks may fall anywhere in a long word, so blanks are left out of the comparison.
    if text.isascii() and text.isprintable():
        assert re.sub(r"\s", "", text) in re.sub(r"\s", "", said)
    assert "U krijgt geen subsidie." in said
    assert "Met vriendelijke groet, namens het bestuur van het Subsidiebureau," in said


def _own_images() -> list[str]:
    with opened(render_letter(letter("reject-score"))) as document:
        return [name for page in document.pages for name in page.resources.get("/XObject", {})]


def test_a_character_without_a_glyph_shows_as_unknown() -> None:
    pdf = render_letter(letter("reject-score", motivation="voor\U00030000na"))
    assert "voor\ufffdna" in text_of(pdf)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []


def test_right_to_left_text_is_there_in_full() -> None:
    said = text_of(render_letter(letter("reject-score", motivation="مرحبا")))
    assert set("مرحبا") <= set(said)


@pytest.mark.slow
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_gives_a_sound_letter(text: str) -> None:
    pdf = render_letter(letter("reject-score", motivation=text))
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
    assert "U krijgt geen subsidie." in text_of(pdf)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "data:image/png;base64,AA==",
        "asset:../letter.html",
        "asset:letter.css",
        "ASSET:logo.svg",
        "relative.png",
    ],
)
def test_a_document_that_asks_for_anything_else_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = PdfRenderer()
    page = f'<html lang="nl"><title>t</title><img alt="x" src="{address}"></html>'
    monkeypatch.setattr(renderer, "html", lambda *_: page)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(RenderError, match=re.escape(address)):
        renderer.render("x.html", {}, styles=("document",), created_at=at, modified_at=at)


def test_the_fetcher_knows_only_the_images_in_its_folder() -> None:
    fetcher = pdf_assets.AssetFetcher()
    assert fetcher("asset:logo.svg").read() == (pdf_assets.ASSETS / "logo.svg").read_bytes()
    assert set(pdf_assets.assets()) == {"concept.svg", "logo.svg"}
    with pytest.raises(pdf_assets.RefusedFetchError, match="file:///etc/hostname"):
        fetcher("file:///etc/hostname")
    assert fetcher.refused == ["file:///etc/hostname"]


def test_a_refusal_does_not_spoil_the_next_document(award: bytes) -> None:
    with pytest.raises(RenderError):
        render_letter(
            letter().model_copy(update={"office": letter().office.model_copy(update={"logo": "other.svg"})})
        )
    assert render_letter(letter()) == award


def test_concept_is_marked_on_every_page_and_in_the_title() -> None:
    pdf = render_letter(letter(concept=True, motivation="Een lange motivering. " * 400))
    with opened(pdf) as document:
        pages = len(document.pages)
        assert pages > 2
        with document.open_metadata() as metadata:
            assert metadata["dc:title"].startswith("CONCEPT - ")
    said = text_of(pdf)
    assert "Dit is geen besluit" in said
    # In the header of each page, and in the first line; the mark behind the text is a picture.
    assert said.count("CONCEPT") == pages + 1
    with opened(pdf) as document:
        assert all("/Pattern" in page.resources for page in document.pages)


def test_a_real_letter_bears_no_mark(award: bytes) -> None:
    assert "CONCEPT" not in text_of(award)


def test_pages_are_numbered(award: bytes) -> None:
    with opened(award) as document:
        pages = len(document.pages)
    said = text_of(award)
    assert [f"Pagina {page} van {pages}" in said for page in range(1, pages + 1)] == [True] * pages


def test_the_renderer_is_made_once_per_process() -> None:
    assert pdf_renderer() is pdf_renderer()


def test_the_garbage_collector_is_as_it_was_after_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("subsidy.documents.pdf.gc.collect", lambda: calls.append("collected"))
    import gc

    with many_documents() as collector:
        assert gc.isenabled() is False
        for _ in range(40):
            collector.count()
        assert (collector.documents, calls) == (40, ["collected"] * 2)
    assert gc.isenabled() is True
    assert isinstance(collector, Collector)


@pytest.mark.slow
def test_memory_stays_flat_over_many_letters() -> None:
    """In a process of its own, after a warm-up; the whole run of 500 is in the bench."""
    program = (
        "import pathlib, resource\n"
        "from tests.documents.test_pdf import letter, render_letter, many_documents\n"
        "def rss():\n"
        "    lines = pathlib.Path('/proc/self/status').read_text().splitlines()\n"
        "    return int(next(line for line in lines if line.startswith('VmRSS')).split()[1]) / 1024\n"
        "def draw(first, last):\n"
        "    with many_documents() as collector:\n"
        "        for number in range(first, last):\n"
        "            render_letter(letter(reference=f'R-{number}'))\n"
        "            collector.count()\n"
        "draw(0, 30); before = rss(); draw(30, 90); print(rss() - before)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(found.stdout) < 15
