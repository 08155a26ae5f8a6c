"""Which applications of a round were asked for their view, and which of those the office waits for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Hearing, Round
from subsidy.services.reach import Reach, hidden_from
from workflows import hearing as policy
from workflows.hearing import Stage
from workflows.permissions import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One hearing in the list, with its application."""

    id: int
    application_id: int
    reference: str
    title: str
    stage: Stage
    asked_at: datetime
    last_day: date
    answered_at: datetime | None


class Page(NamedTuple):
    """A page of the list, and the id before which the next page ends, if there is one."""

    lines: list[Line]
    next_before: int | None


def find_lines(
    round_: Round, actor: Actor, *, now: datetime, before: int | None = None, limit: int = PAGE
) -> Page:
    """Return a page of the hearings of a round, the latest first; two queries.

    Files that this person may not see are left out.
    """
    query = (
        select(Hearing, Application.reference, Application.title)
        .join(Application, Application.id == Hearing.application_id)
        .where(Reach((round_,), hidden_from(actor)).within())
        .order_by(Hearing.id.desc())
        .limit(limit + 1)
    )
    rows = db.session.execute(query if before is None else query.where(Hearing.id < before)).all()
    today = clock.day_of(now)
    lines = [
        Line(
            id=one.id,
            application_id=one.application_id,
            reference=reference or "",
            title=title,
            stage=_stage(one, today),
            asked_at=one.opened_at,
            last_day=one.last_day,
            answered_at=one.answered_at,
        )
        for one, reference, title in rows[:limit]
    ]
    return Page(lines, lines[-1].id if len(rows) > limit else None)


def stages(application_ids: Collection[int], *, today: date) -> dict[int, tuple[Stage, date]]:
    """Return of each of these applications that was heard where its latest hearing stands; one query."""
    rows = db.session.scalars(
        select(Hearing).where(Hearing.application_id.in_(application_ids)).order_by(Hearing.id)
    )
    return {one.application_id: (_stage(one, today), one.last_day) for one in rows}


def _stage(hearing: Hearing, today: date) -> Stage:
    return policy.stage(today=today, last_day=hearing.last_day, answered=hearing.answered_at is not None)
