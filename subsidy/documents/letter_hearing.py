"""What a decision letter says of the view that the applicant was asked for beforehand (Awb 4:7, 4:8)."""

from collections.abc import Iterable

from subsidy.documents.letter_facts import HearingFacts
from subsidy.documents.letter_language import DUTCH, Language
from workflows.values import Text

ASKED = Text(
    nl="Op {asked} vroegen wij u om uw zienswijze op wat wij van plan waren te besluiten (artikelen 4:7 en "
    "4:8 Awb). U kon die geven tot en met {until}.",
    en="On {asked} we asked your view on what we intended to decide (articles 4:7 and 4:8 Awb). You could "
    "give it up to and including {until}.",
)
WRITTEN = Text(nl="Wij ontvingen uw zienswijze op {day}.", en="We received your view on {day}.")
SPOKEN = Text(
    nl="U gaf uw zienswijze mondeling op {day}.", en="You gave your view by word of mouth on {day}."
)
LATE = Text(nl="Dat was na de termijn.", en="That was after the term.")
WEIGHED = Text(
    nl="Onder het kopje {heading} leest u wat wij met uw zienswijze deden.",
    en="Under the heading {heading} you read what we did with your view.",
)
MOTIVATION = Text(nl="Motivering", en="Reasons")
REASON = Text(nl="Waarom wij dit besluiten", en="Why we decide this")
SILENT = Text(nl="Wij kregen geen zienswijze van u.", en="We got no view from you.")


def heard_of(
    hearings: Iterable[HearingFacts], *, weighed_under: Text, write: Language = DUTCH
) -> tuple[str, ...]:
    """Say of each time that the applicant was heard: when, until when, and whether they answered.

    `weighed_under` is the heading in the letter under which the office says what it did with the view.
    """
    return tuple(" ".join(_sentences(one, weighed_under, write)) for one in hearings)


def _sentences(hearing: HearingFacts, weighed_under: Text, write: Language) -> tuple[str, ...]:
    asked = write.say(ASKED, asked=write.long_date(hearing.asked_on), until=write.long_date(hearing.last_day))
    if hearing.answered_on is None:
        return asked, write.say(SILENT)
    given = write.say(SPOKEN if hearing.by_mouth else WRITTEN, day=write.long_date(hearing.answered_on))
    late = (write.say(LATE),) if hearing.answered_on > hearing.last_day else ()
    return asked, given, *late, write.say(WEIGHED, heading=write.say(weighed_under))
