"""The lines of the ledger for people: with their decision, who confirmed it, and what was promised then.

Lines outside the ceiling (Awb 4:25(3)) are told apart: they never counted in what was promised.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import Application, Decision, LedgerLine, Round, User
from subsidy.services.ledger import OUTSIDE, PROMISED, RELEASED

PAGE = 50


class Line(NamedTuple):
    """One movement of money, in euro cents.

    `balance_cents` is what was promised after it; of a line outside the ceiling, what stood outside it.
    The decision is the one that moved the money: of what came free, the one that took the other's place.
    """

    id: int
    application_id: int
    reference: str
    decision_kind: str
    outcome: str
    kind: str
    cents: int
    balance_cents: int
    booked_at: datetime
    confirmed_by: str | None
    reason: str
    remedy_of: str


class Page(NamedTuple):
    """Some lines in the order in which they were booked, and the id after which the next page begins."""

    lines: Sequence[Line]
    more: int | None


class Sums(NamedTuple):
    """All that was booked in a round, in euro cents: what was released counts as a positive amount."""

    promised_cents: int
    released_cents: int
    outside_cents: int


def find_page(round_: Round, *, outside: bool = False, after: int | None = None) -> Page:
    """Return a page of lines within the ceiling, or of those outside it; one query."""
    query = _lines(round_, outside=outside, after=after or 0).limit(PAGE + 1)
    rows = [Line(*row) for row in db.session.execute(query)]
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def sums_of(round_: Round) -> Sums:
    """Return what was booked, per kind of line; one query."""
    rows = db.session.execute(
        select(LedgerLine.kind, func.sum(LedgerLine.cents))
        .where(LedgerLine.round_id == round_.id)
        .group_by(LedgerLine.kind)
    )
    sums = {kind: int(cents) for kind, cents in rows}
    return Sums(sums.get(PROMISED, 0), -sums.get(RELEASED, 0), sums.get(OUTSIDE, 0))


def movements_of(round_: Round) -> list[tuple[datetime, int]]:
    """Return when what was promised changed and by how many euro cents, for a picture; one query."""
    rows = db.session.execute(
        select(LedgerLine.booked_at, func.sum(LedgerLine.cents))
        .where(LedgerLine.round_id == round_.id, LedgerLine.kind != OUTSIDE)
        .group_by(LedgerLine.booked_at)
        .order_by(LedgerLine.booked_at)
    )
    return [(at, int(cents)) for at, cents in rows]


def all_lines(round_: Round) -> list[Line]:
    """Return every line, first those within the ceiling and then those outside it; two queries."""
    return [
        Line(*row)
        for outside in (False, True)
        for row in db.session.execute(_lines(round_, outside=outside, after=0))
    ]


def has_history(round_: Round) -> bool:
    """Whether decisions were brought in as history, which never pass the ledger."""
    history = exists().where(Decision.round_id == round_.id, Decision.imported)
    return bool(db.session.scalar(select(history)))


def _lines(round_: Round, *, outside: bool, after: int) -> Select[Any]:
    """Select the lines after this one, each with the sum of all lines up to and including it."""
    side = LedgerLine.kind == OUTSIDE if outside else LedgerLine.kind != OUTSIDE
    together = func.sum(LedgerLine.cents).over(order_by=LedgerLine.id)
    booked = (
        select(LedgerLine, cast(together, BigInteger).label("balance"))
        .where(LedgerLine.round_id == round_.id, side)
        .subquery()
    )
    later, cause = aliased(Decision), aliased(Decision)
    took_its_place = (
        select(func.min(later.id))
        .where(
            later.replaces_id == booked.c.decision_id,
            later.confirmed_at.is_not(None),
            later.returned_at.is_(None),
        )
        .scalar_subquery()
    )
    moved_by = case(
        (booked.c.cents < 0, func.coalesce(took_its_place, booked.c.decision_id)), else_=booked.c.decision_id
    )
    return (
        select(
            booked.c.id,
            Application.id,
            Application.reference,
            cause.kind,
            cause.outcome,
            booked.c.kind,
            booked.c.cents,
            booked.c.balance,
            booked.c.booked_at,
            User.name,
            cause.reason,
            cause.remedy_of,
        )
        .select_from(booked)
        .join(cause, cause.id == moved_by)
        .join(Application, Application.id == cause.application_id)
        .outerjoin(User, User.id == cause.confirmed_by)
        .where(booked.c.id > after)
        .order_by(booked.c.id)
    )
