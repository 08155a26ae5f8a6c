"""Until when the office has: the decision term of one application, with what suspended it."""

from datetime import date, datetime
from typing import Protocol

from subsidy.clock import day_of
from subsidy.models import Round
from workflows.definition import RoundDefinition
from workflows.rules import Distribution
from workflows.suspension import Suspension, for_supplement, suspend
from workflows.terms import Term, decision_term


class SupplementDates(Protocol):
    """The dates of an invitation to supplement: the stored row, or a row of a list."""

    requested_at: datetime
    supplied_at: datetime | None
    expired_at: datetime | None
    last_day: date


def suspension_of(supplement: SupplementDates) -> Suspension:
    """Return how long the invitation stops the clock (Awb 4:15(1)(a))."""
    supplied = supplement.supplied_at
    return for_supplement(
        day_of(supplement.requested_at),
        supplied_on=None if supplied is None else day_of(supplied),
        expired_on=supplement.last_day if supplied is None and supplement.expired_at is not None else None,
    )


def decision_term_of(
    round_: Round,
    definition: RoundDefinition,
    *,
    submitted_at: datetime,
    supplement: SupplementDates | None,
    today: date,
) -> Term:
    """Return the term to decide on an application (Awb 4:13), suspended while a supplement was awaited.

    It runs from the closing day of the round, from the day of receipt for what came in later, and always
    from the day of receipt where applications are taken one by one.
    """
    received_on = day_of(submitted_at)
    one_by_one = definition.rules.distribution is Distribution.FIRST_COME
    begins = received_on if one_by_one else max(received_on, day_of(round_.closes_at))
    term = decision_term(begins, definition.terms.decision_weeks)
    return term if supplement is None else suspend(term, [suspension_of(supplement)], today)
