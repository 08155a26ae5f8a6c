"""The receipt: everything that was entered, in the applicant's language."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from subsidy.documents.receipt import (
    WORDS,
    ReceiptContent,
    ReceiptFile,
    ReceiptRow,
    ReceiptSection,
    ReceiptTable,
    render_receipt,
)
from tests.documents.letters import ADDRESSEE, OFFICE
from tests.documents.reading import attached, bookmarks_of, opened, tags_of, text_of


def receipt(**changes: object) -> ReceiptContent:
    values: dict[str, object] = {
        "lang": "nl",
        "office": OFFICE,
        "addressee": ADDRESSEE,
        "reference": "JZOJP-RB-002",
        "round_title": "Regiobeeld, ronde 1",
        "application_title": "Gezond & Gelukkig Den Haag",
        "received": "vrijdag 13 juni 2026 om 09:15 uur",
        "submitted_by": "A. Jansen (a.jansen@example.nl)",
        "what_next": ("Wij kijken eerst of uw aanvraag volledig is.",),
        "sections": (
            ReceiptSection(
                title="Project",
                rows=(
                    ReceiptRow(
                        label="Wat wilt u bereiken?", value="Een eerste zin.\n\nEen tweede <b>zin</b>."
                    ),
                    ReceiptRow(label="Website", value=" "),
                ),
            ),
            ReceiptSection(
                title="Begroting",
                tables=(
                    ReceiptTable(
                        caption="Kosten",
                        columns=("Post", "Bedrag"),
                        rows=(("Uren", "€ 8.000,00"), ("Zaal", "€ 2.000,00")),
                        numeric=frozenset({1}),
                        total=("Totaal", "€ 10.000,00"),
                    ),
                ),
            ),
        ),
        "files": (ReceiptFile(name="begroting.xlsx", size="24 kB", sha256="ab" * 32),),
        "data": {"title": "Gezond & Gelukkig Den Haag", "months": 6},
        "created_at": datetime(2026, 6, 13, 7, 15, tzinfo=UTC),
    }
    return ReceiptContent.model_validate(values | changes)


def test_it_holds_everything_that_was_entered() -> None:
    said = text_of(render_receipt(receipt()))
    assert [
        sentence
        for sentence in (
            "Ontvangstbevestiging",
            "Kenmerk JZOJP-RB-002",
            "Ontvangen op vrijdag 13 juni 2026 om 09:15 uur",
            "A. Jansen (a.jansen@example.nl)",
            "Gezond & Gelukkig Den Haag",
            "Wat wilt u bereiken? Een eerste zin.",
            "Een tweede <b>zin</b>.",
            "Website niet ingevuld",
            "Uren € 8.000,00 Zaal € 2.000,00 Totaal € 10.000,00",
            "begroting.xlsx 24 kB",
            "Pagina 1 van",
        )
        if sentence not in said
    ] == []
    assert "ab" * 32 in said.replace(" ", "")


def test_it_is_archival_tagged_and_carries_the_data() -> None:
    pdf = render_receipt(receipt())
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
        assert document.Root.Lang == "nl"
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["xmp:CreateDate"] == "2026-06-13T07:15:00+00:00"
    assert json.loads(attached(pdf, "aanvraag.json")) == receipt().data
    assert bookmarks_of(pdf)[:3] == ["Ontvangstbevestiging", "Hoe gaat het verder?", "Project"]
    assert {"H1", "H2", "H3", "L", "Table", "TH", "TD", "Figure"} <= set(tags_of(pdf))


def test_in_english_its_own_words_are_english() -> None:
    pdf = render_receipt(receipt(lang="en"))
    said = text_of(pdf)
    assert "Receipt of your application" in said
    assert "Page 1 of" in said
    assert "not filled in" in said
    assert [word for word in ("Ontvangst", "Pagina", "niet ingevuld") if word in said] == []
    with opened(pdf) as document:
        assert document.Root.Lang == "en"


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["nl"].keys() == WORDS["en"].keys()


def test_drawing_it_again_gives_the_same_bytes() -> None:
    one, other = (hashlib.sha256(render_receipt(receipt())).hexdigest() for _ in range(2))
    assert one == other


def test_a_very_long_answer_is_kept_whole() -> None:
    words = [f"woord{number}" for number in range(2500)]
    section = ReceiptSection(title="Lang", rows=(ReceiptRow(label="Vraag", value=" ".join(words)),))
    said = set(text_of(render_receipt(receipt(sections=(section,)))).split())
    assert set(words) <= said


def test_a_table_needs_columns_and_no_field_is_unknown() -> None:
    with pytest.raises(ValidationError):
        ReceiptTable(columns=())
    with pytest.raises(ValidationError):
        receipt(more="x")


def test_the_code_of_a_receipt_takes_no_page_of_its_own() -> None:
    office = OFFICE.model_copy(update={"check_at": "https://subsidie.example.nl/echt"})
    plain = render_receipt(receipt(office=office))
    coded = render_receipt(receipt(office=office, code="0123456789ABCDEF"))
    assert "0123-4567-89AB-CDEF" in text_of(coded)
    assert len(opened(coded).pages) == len(opened(plain).pages)
