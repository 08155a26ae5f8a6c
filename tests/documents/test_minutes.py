"""Minutes as a document: archival, tagged, the same bytes twice, and whole whatever people typed."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from flask import Flask

from subsidy.documents.minutes import render_minutes
from subsidy.services.minutes_parts import Minutes
from tests.documents.letters import OFFICE
from tests.documents.minuted import discussed, minutes, placed
from tests.documents.reading import attached, bookmarks_of, opened, tags_of, text_of

pytestmark = pytest.mark.usefixtures("app")

DASH = "\N{EN DASH}"
MADE = datetime(2026, 5, 12, 12, 5, tzinfo=UTC)


def drawn(content: Minutes) -> bytes:
    return render_minutes(content, made_at=MADE, office=OFFICE)


def test_they_hold_all_that_was_recorded(app: Flask) -> None:
    said = text_of(drawn(minutes()))
    assert [
        words
        for words in (
            "Verslag van de vergadering van de commissie",
            "Ronde Netwerk, ronde 2",
            "dinsdag 12 mei 2026",
            "Geopend 12 mei 2026, 10:00 uur",
            f"Lidy Lid lid 10:00 {DASH} 11:00 en 11:15 {DASH} 14:00",
            "Laat Komer lid afwezig",
            "Met stem waren er bij de opening 2 van de 3. Nodig waren er 2: het quorum was gehaald.",
            "Lidy Lid (commissielid): JZOJP-NW-001",
            "Was tot 2024 bestuurder van een partner.",
            "Het belang blijft staan (Vera Voorzit, 4 mei 2026, 10:00 uur).",
            "Dat is nog geen drie jaar geleden.",
            "Maatregel: Geen advies en geen beraad over deze aanvraag.",
            f"Lidy Lid JZOJP-NW-001 11:00 {DASH} 11:15 Gemeld belang.",
            "1. JZOJP-NW-001: Samen in de regio 1",
            "Gevraagd € 49.999,50",
            "de aanvrager heeft op de rapporten gereageerd (22 april 2026, 10:00 uur)",
            "de aanvrager heeft niet op de rapporten gereageerd",
            "Kwaliteit 4 · 5 4,5 1 5",
            "Waarom de commissie bij Kwaliteit een andere score geeft De samenwerking is beter",
            "niet besproken. Aangehouden: De tijd was op.",
            "geen advies vastgelegd",
            "1 JZOJP-NW-002 Stichting Zorg 1 naar score plaats 2 87,5",
            "Streep van het plafond: 1 aanvraag hierboven, € 49.999,50 verdeeld, € 0,50 over",
            "JZOJP-NW-002: plaats 1, naar score plaats 2 Raakt meer inwoners.",
            f"JZOJP-NW-003 {DASH} onder de drempel voor Kwaliteit",
            "Bij gelijke uitkomst gaat voor: de score op Kwaliteit, dan loting.",
            f"Kwaliteit 40 1 {DASH} 5 3",
            "Versie van de gebiedsindeling: 2025-1",
        )
        if words not in said
    ] == []
    assert "CONCEPT" not in said


def test_they_are_archival_tagged_and_carry_the_record() -> None:
    content = minutes()
    pdf = drawn(content)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
        assert document.Root.Lang == "nl"
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["xmp:CreateDate"] == "2026-05-12T12:05:00+00:00"
    assert json.loads(attached(pdf, "verslag.json")) == content.model_dump(mode="json")
    assert {"H1", "H2", "H3", "L", "Table", "TH", "TD", "Figure"} <= set(tags_of(pdf))
    assert bookmarks_of(pdf)[:3] == [
        "Verslag van de vergadering van de commissie",
        "Wie er waren",
        "Gemelde belangen",
    ]


def test_drawing_them_again_gives_the_same_bytes() -> None:
    one, other = (hashlib.sha256(drawn(minutes())).hexdigest() for _ in range(2))
    assert one == other


def test_a_meeting_that_still_runs_gives_a_concept() -> None:
    said = text_of(drawn(minutes(closed_at=None)))
    assert said.startswith("CONCEPT")
    assert "Gesloten nog niet" in said


def test_without_interests_departures_or_places_they_say_so() -> None:
    said = text_of(drawn(minutes(interests=(), absences=(), discussed=(), placed=(), unplaced=())))
    for words in (
        "In deze ronde is geen belang gemeld.",
        "Bij geen van de aanvragen verliet iemand de vergadering.",
        "Er stond geen aanvraag op de agenda.",
        "Geen aanvraag komt voor subsidie in aanmerking.",
    ):
        assert words in said
    assert "De volgorde is die van de scores." in text_of(drawn(minutes(placed=(placed(1), placed(2)))))
    unexplained = (placed(1, by_score=2, departs=True), placed(2, by_score=1, departs=True))
    assert "Er is geen reden vastgelegd." in text_of(drawn(minutes(placed=unexplained)))


STRANGE = (
    "Zorg" * 200,
    "هذا نص عربي طويل عن الرعاية في المنطقة",
    "Mooi plan 🎉 met \x07 en \ue000 en \u202eomgedraaid\u202c",
    "<b>vet</b> {{ 7 * 7 }} & meer",
    "regel een\r\nregel twee\u2028regel drie",
)


@pytest.mark.parametrize("words", STRANGE)
def test_whatever_people_typed_is_printed(words: str) -> None:
    content = minutes(
        title=words[:200],
        place=words[:200],
        notes=words,
        discussed=(discussed(1, title=words, applicant=words, deliberation=words, advice=words),),
        placed=(placed(1, applicant=words, reason=words, departs=True),),
    )
    pdf = drawn(content)
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
    said = text_of(pdf)
    assert "49" not in said.replace("49.999,50", "")
    assert "<b>vet</b>" in said or "<b>" not in words


@pytest.mark.slow
def test_sixty_applications_are_all_there() -> None:
    content = minutes(
        discussed=tuple(discussed(number) for number in range(1, 61)),
        placed=tuple(placed(number) for number in range(1, 61)),
        line_after=60,
    )
    said = text_of(drawn(content))
    assert all(said.count(f"JZOJP-NW-{number:03}") >= 2 for number in range(1, 61))
    assert "60 aanvragen hierboven" in said
