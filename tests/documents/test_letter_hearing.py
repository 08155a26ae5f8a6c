"""What a letter says of the view that was asked for before the decision."""

from collections.abc import Iterable
from datetime import date

import pytest

from subsidy.documents.letter_facts import HearingFacts
from subsidy.documents.letter_hearing import MOTIVATION, heard_of
from subsidy.documents.letter_text import compose_letter
from tests.documents.letters import facts
from workflows.kinds import KINDS

ASKED = (
    "Op 1 september 2026 vroegen wij u om uw zienswijze op wat wij van plan waren te besluiten (artikelen "
    "4:7 en 4:8 Awb). U kon die geven tot en met 15 september 2026."
)


WEIGHED = "Onder het kopje Motivering leest u wat wij met uw zienswijze deden."


def heard(answered_on: date | None = None, **more: bool) -> HearingFacts:
    return HearingFacts(
        asked_on=date(2026, 9, 1), last_day=date(2026, 9, 15), answered_on=answered_on, **more
    )


def plain(sentences: Iterable[str]) -> list[str]:
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in sentences]


def test_a_letter_says_when_and_whether_it_came() -> None:
    in_time, late = heard(date(2026, 9, 15)), heard(date(2026, 9, 16), by_mouth=True)
    assert plain(heard_of([heard(), in_time, late], weighed_under=MOTIVATION)) == [
        f"{ASKED} Wij kregen geen zienswijze van u.",
        f"{ASKED} Wij ontvingen uw zienswijze op 15 september 2026. {WEIGHED}",
        f"{ASKED} U gaf uw zienswijze mondeling op 16 september 2026. Dat was na de termijn. {WEIGHED}",
    ]


@pytest.mark.parametrize("case", ["reject-score", "reject-ineligible", "withdrawal"])
def test_it_stands_with_how_the_application_was_handled(case: str) -> None:
    definition = KINDS["regiobeeld"]
    letter = compose_letter(definition, facts(definition, case, hearings=(heard(),)))
    assert plain(letter.procedure)[-1] == f"{ASKED} Wij kregen geen zienswijze van u."
    assert "zienswijze" not in " ".join(compose_letter(definition, facts(definition, case)).procedure)


@pytest.mark.parametrize(
    ("motivation", "heading"), [("U bent gestopt.", "Waarom wij dit besluiten"), ("Anders.", "Motivering")]
)
def test_it_leads_to_a_heading_that_this_letter_has(motivation: str, heading: str) -> None:
    definition = KINDS["regiobeeld"]
    told = facts(definition, "withdrawal", motivation=motivation, hearings=(heard(date(2026, 9, 2)),))
    (said,) = compose_letter(definition, told).procedure
    assert said.endswith(f"Onder het kopje {heading} leest u wat wij met uw zienswijze deden.")
