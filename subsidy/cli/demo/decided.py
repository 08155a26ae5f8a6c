"""regiobeeld-2: a decided round with a reserve list, and the decisions that came after it."""

from datetime import date

from subsidy.cli.demo import awarding, people, publishing
from subsidy.cli.demo.awarding import PROPOSER, Entry
from subsidy.cli.demo.clockwork import at, moment
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import before
from subsidy.models import Application
from subsidy.services import rounds
from workflows.calendar_nl import propose_working_day
from workflows.mandates import DecisionKind

COMPARED = (
    Entry("Zoetermeer", "aanvrager", 8),
    Entry("Den Haag", "aanvrager2", 9),
    Entry("Texel", "aanvrager5", 12),
    Entry("Assen", "aanvrager6", 15),
    Entry("Noordkop", "aanvrager7", 20),
    Entry("Achterhoek", "aanvrager8", 21),
)
# Three awards fit and nothing is left; the withdrawal of the first leaves a part for the last on the list.
COMPARED_CEILING = 2_600_000
COMPARED_RULES = {"min_partial_cents": 100_000}
WITHDRAWN = "U vroeg ons om de subsidie in te trekken, omdat de partners geen projectleider vonden."
MOVED_UP = "Een andere aanvrager kreeg de subsidie en heeft die teruggegeven. U was de eerste op de lijst."
FITTING = "De aanvraag is geschikt bevonden en stond op de reservelijst."
CORRECTED = "In de eerste brief ontbrak de verplichting over het delen van het regiobeeld."
SHARED = "U maakt het regiobeeld openbaar op de website van de gemeente."
OBJECTION = "Bezwaarschrift van de aanvrager, ontvangen binnen de termijn; advies van de bezwaarcommissie."
UPHELD = (
    "De bezwaarcommissie vindt dat de tweede referent een bijlage niet heeft meegewogen. Met die bijlage "
    "haalt de aanvraag de drempel voor kwaliteit en het totaal."
)


def load(persons: Persons, *, today: date) -> None:
    """Close the round, and then: one is corrected, one gives back, one moves up, one wins an objection."""
    round_ = awarding.brought_in(
        persons,
        2,
        COMPARED,
        opens=before(today, 230),
        closes=before(today, 195),
        ceiling_cents=COMPARED_CEILING,
        rules=COMPARED_RULES,
        day=before(today, 160),
    )
    proposed, confirmed, announced, closed = (
        propose_working_day(before(today, days)) for days in (127, 124, 120, 116)
    )
    awarding.decide(round_, persons, proposed=proposed, confirmed=confirmed, announced=announced)
    with at(moment(closed)) as now:
        rounds.close(round_, actor=people.actor(persons, PROPOSER), now=now, today=closed)
    by_region = {one.region_name: one for one in publishing.applications_of(round_)}
    _correct(by_region["Zoetermeer"], persons, first=before(today, 108))
    _give_back(by_region["Den Haag"], persons, first=before(today, 80))
    _move_up(by_region["Assen"], persons, first=before(today, 66))
    _uphold(by_region["Achterhoek"], persons, first=before(today, 32))


def _correct(application: Application, persons: Persons, *, first: date) -> None:
    awarding.replace_decision(
        application,
        DecisionKind.CORRECTION,
        persons,
        first=first,
        coded=("manifest_error",),
        reason=CORRECTED,
        obligations=(SHARED,),
    )


def _give_back(application: Application, persons: Persons, *, first: date) -> None:
    awarding.replace_decision(
        application,
        DecisionKind.WITHDRAWAL,
        persons,
        first=first,
        coded=("own_request",),
        reason=WITHDRAWN,
        motivation=WITHDRAWN,
    )


def _move_up(application: Application, persons: Persons, *, first: date) -> None:
    awarding.replace_decision(
        application,
        DecisionKind.RESERVE,
        persons,
        first=first,
        most_cents=application.requested_cents,
        reason=MOVED_UP,
        motivation=FITTING,
    )


def _uphold(application: Application, persons: Persons, *, first: date) -> None:
    """Award after an objection, outside the ceiling (Awb 4:25(3))."""
    awarding.replace_decision(
        application,
        DecisionKind.REMEDY,
        persons,
        first=first,
        coded=("after_objection",),
        reason=UPHELD,
        motivation=UPHELD,
        remedy_of=OBJECTION,
    )
