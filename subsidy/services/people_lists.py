"""Lists for who looks after the installation: people with their roles, and the events of a chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import selectinload

from subsidy.db import db
from subsidy.models import Application, Event, EventDetail, GrantRow, Round, User
from subsidy.services import events
from workflows.permissions import Actor, Role, rounds_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list that is paged by key; `more` names the last row when others follow."""

    rows: Sequence[Any]
    more: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as a person reads it; `detail` is the part that can be erased."""

    sequence: int
    name: str
    at: datetime
    actor: str | None
    reference: str | None
    facts: dict[str, Any]
    detail: dict[str, Any]


def find_people(*, search: str = "", staff: bool = False, after_id: int | None = None) -> Page:
    """Confirmed accounts by name, fifty at a time, with their grants; `staff`: who is more than applicant."""
    key = (func.lower(User.name), User.id)
    query = (
        select(User)
        .where(User.email_confirmed_at.is_not(None))
        .options(selectinload(User.grants))
        .order_by(*key)
        .limit(PAGE + 1)
    )
    if search:
        wanted = f"%{_literal(search.lower())}%"
        query = query.where(
            or_(func.lower(User.name).like(wanted, escape="\\"), User.email.like(wanted, escape="\\"))
        )
    if staff:
        query = query.where(
            exists().where(GrantRow.user_id == User.id, GrantRow.role != Role.APPLICANT.value)
        )
    if after_id is not None:
        name = db.session.scalar(select(User.name).where(User.id == after_id)) or ""
        query = query.where(tuple_(*key) > tuple_(func.lower(name), literal(after_id)))
    rows = db.session.scalars(query).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def round_titles() -> dict[int, str]:
    """Every round by id, the newest first: for choosing one and for naming it."""
    rows = db.session.execute(select(Round.id, Round.title).order_by(Round.opens_at.desc(), Round.id))
    return {row.id: row.title for row in rows}


def rounds_with_events(actor: Actor) -> list[tuple[str, str]]:
    """The rounds (slug, title) on which this person may ask for the events, the newest first."""
    rounds = rounds_of(actor, Role.OFFICER, Role.AUDITOR)
    query = select(Round.slug, Round.title).order_by(Round.opens_at.desc(), Round.id)
    if rounds is not None:
        query = query.where(Round.id.in_(rounds))
    return [(row.slug, row.title) for row in db.session.execute(query)]


def events_of(round_id: int | None, *, before: int | None = None) -> Page:
    """The events of a round, or of the office itself (None), the last first, fifty at a time."""
    query = (
        select(
            Event.sequence,
            Event.name,
            Event.at,
            User.name,
            Application.reference,
            Event.facts,
            EventDetail.body,
        )
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(Application, Application.id == Event.application_id)
        .outerjoin(EventDetail, EventDetail.event_id == Event.id)
        .where(Event.chain == events.chain_of(round_id))
        .order_by(Event.sequence.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Event.sequence < before)
    rows = [
        Happened(sequence, name, at, actor, reference, facts, detail or {})
        for sequence, name, at, actor, reference, facts, detail in db.session.execute(query)
    ]
    return Page(rows[:PAGE], rows[PAGE - 1].sequence if len(rows) > PAGE else None)


def _literal(text: str) -> str:
    """Escape what LIKE would read as a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
