"""Until when the office has: the decision term of one application, with what suspended it."""

from datetime import date, datetime
from typing import Protocol

from subsidy.clock import day_of
from subsidy.models import Round
from workflows import term_account
from workflows.definition import RoundDefinition
from workflows.rules import Distribution
from workflows.suspension import Suspension, for_supplement
from workflows.term_account import Account, Begins
from workflows.terms import Term


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


def decision_account_of(
    round_: Round,
    definition: RoundDefinition,
    *,
    submitted_at: datetime,
    supplement: SupplementDates | None,
    today: date,
    delayed_to: date | None = None,
) -> Account:
    """Account for the term to decide on an application (Awb 4:13), suspended while a supplement was awaited.

    It runs from the closing day of the round, from the day of receipt for what came in later, and always
    from the day of receipt where applications are taken one by one. `delayed_to` is the later day that the
    office named (Awb 4:14).
    """
    received_on, closed_on = day_of(submitted_at), day_of(round_.closes_at)
    one_by_one = definition.rules.distribution is Distribution.FIRST_COME
    from_receipt = one_by_one or received_on > closed_on
    return term_account.decision(
        Begins.RECEIVED if from_receipt else Begins.CLOSED,
        received_on if from_receipt else closed_on,
        definition.terms.decision_weeks,
        suspensions=() if supplement is None else (suspension_of(supplement),),
        today=today,
        delayed_to=delayed_to,
    )


def decision_term_of(
    round_: Round,
    definition: RoundDefinition,
    *,
    submitted_at: datetime,
    supplement: SupplementDates | None,
    today: date,
) -> Term:
    """Return the term to decide on an application (Awb 4:13), without how it was counted."""
    return decision_account_of(
        round_, definition, submitted_at=submitted_at, supplement=supplement, today=today
    ).term
