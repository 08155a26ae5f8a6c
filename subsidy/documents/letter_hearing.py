"""What a decision letter says of the view that the applicant was asked for beforehand (Awb 4:7, 4:8)."""

from collections.abc import Iterable

from subsidy.documents.dutch import long_date
from subsidy.documents.letter_facts import HearingFacts

ASKED = (
    "Op {asked} vroegen wij u om uw zienswijze op wat wij van plan waren te besluiten (artikelen 4:7 en 4:8 "
    "Awb). U kon die geven tot en met {until}."
)
WRITTEN = "Wij ontvingen uw zienswijze op {day}."
SPOKEN = "U gaf uw zienswijze mondeling op {day}."
LATE = "Dat was na de termijn."
WEIGHED = "Onder het kopje {heading} leest u wat wij met uw zienswijze deden."
MOTIVATION, REASON = "Motivering", "Waarom wij dit besluiten"
SILENT = "Wij kregen geen zienswijze van u."


def heard_of(hearings: Iterable[HearingFacts], *, weighed_under: str) -> tuple[str, ...]:
    """Say of each time that the applicant was heard: when, until when, and whether they answered.

    `weighed_under` is the heading in the letter under which the office says what it did with the view.
    """
    return tuple(" ".join(_sentences(one, weighed_under)) for one in hearings)


def _sentences(hearing: HearingFacts, weighed_under: str) -> tuple[str, ...]:
    asked = ASKED.format(asked=long_date(hearing.asked_on), until=long_date(hearing.last_day))
    if hearing.answered_on is None:
        return asked, SILENT
    given = (SPOKEN if hearing.by_mouth else WRITTEN).format(day=long_date(hearing.answered_on))
    late = (LATE,) if hearing.answered_on > hearing.last_day else ()
    return asked, given, *late, WEIGHED.format(heading=weighed_under)
