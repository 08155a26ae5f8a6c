"""Until when the office has: the decision term of one application, with what suspended it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from subsidy.clock import day_of
from subsidy.db import db
from subsidy.models import Application, Letter, Round
from subsidy.services.snapshots import definition_of
from workflows import term_account
from workflows.correspondence import ProcedureKind
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
    delayed_to: date | None,
) -> Term:
    """Return the term to decide on an application, without how it was counted; a delay names its last day."""
    account = decision_account_of(
        round_,
        definition,
        submitted_at=submitted_at,
        supplement=supplement,
        today=today,
        delayed_to=delayed_to,
    )
    return replace(account.term, last_day=account.last_day, articles=account.articles)


def term_of(application: Application, supplement: SupplementDates | None, *, today: date) -> Term:
    """Return the term to decide on one application, with its delay; one query."""
    return decision_term_of(
        application.round,
        definition_of(application.round),
        submitted_at=application.submitted_at or application.created_at,
        supplement=supplement,
        today=today,
        delayed_to=db.session.scalar(select(delayed_to(application.id))),
    )


def delayed_to(application_id: int | InstrumentedAttribute[int]) -> ScalarSelect[date | None]:
    """Give the day to which the newest letter of delay puts a decision off (Awb 4:14); null without one.

    A next one names a later day always, so the newest names the last.
    """
    return (
        select(func.max(Letter.last_day))
        .where(Letter.application_id == application_id, Letter.kind == ProcedureKind.DELAY)
        .scalar_subquery()
    )
