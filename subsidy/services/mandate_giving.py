"""Giving and withdrawing mandates (Awb 10:3 and on): by an administrator, never to oneself.

What a mandate says never changes: another mandate is another row, and this one is withdrawn from now on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import or_, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import GrantRow, Mandate, Round, User
from subsidy.services import events
from subsidy.services.advance import NotAllowedError
from subsidy.services.mandates import terms_of
from workflows.mandates import Power, Standing, standing_of
from workflows.permissions import Actor, Can, Role, Target, may

PAGE = 50


class MandateError(Exception):
    """A mandate cannot be given so: a stable code."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate is to say: amounts in euro cents, days in Amsterdam, the last day still counts.

    `function` stands below the name in a letter, `reference` is the decision that gave the mandate.
    """

    powers: frozenset[Power]
    function: str
    reference: str
    from_day: date
    until_day: date | None = None
    up_to_cents: int | None = None
    round_id: int | None = None


class Line(NamedTuple):
    """A mandate in a list, with who holds it, the round it is for and where it stands today."""

    mandate: Mandate
    holder: str
    round_title: str | None
    standing: Standing


class Page(NamedTuple):
    """Some mandates, the newest first, and the id after which the next page begins."""

    lines: Sequence[Line]
    more: int | None


def give(user: User, terms: Terms, *, actor: Actor, now: datetime) -> Mandate:
    """Give an officer a mandate; the same that holds already (a double click) is given back as it is.

    Raises NotAllowedError (to oneself, say) and MandateError: powers_needed, says_where_from,
    ends_before_it_begins, ended_already, not_an_officer.
    """
    _ask(actor, user.id)
    _refuse(terms, today=clock.day_of(now))
    db.session.refresh(user, with_for_update=LOCK)
    if user.disabled_at is not None or not _is_officer(user.id, terms.round_id):
        raise MandateError("not_an_officer")
    there = _same(user, terms)
    if there is not None:
        return there
    mandate = Mandate(
        user_id=user.id,
        powers=sorted(terms.powers),
        up_to_cents=terms.up_to_cents,
        round_id=terms.round_id,
        function=terms.function,
        reference=terms.reference,
        from_day=terms.from_day,
        until_day=terms.until_day,
        given_by=actor.user_id,
        given_at=now,
    )
    db.session.add(mandate)
    db.session.flush()
    _tell("mandate.given", mandate, actor=actor, now=now)
    return mandate


def withdraw(mandate: Mandate, *, actor: Actor, now: datetime) -> bool:
    """Withdraw a mandate from now on; false when it was withdrawn already. Raises NotAllowedError."""
    _ask(actor, mandate.user_id)
    db.session.refresh(mandate, with_for_update=LOCK)
    if mandate.withdrawn_at is not None:
        return False
    mandate.withdrawn_by, mandate.withdrawn_at = actor.user_id, now
    db.session.flush()
    _tell("mandate.withdrawn", mandate, actor=actor, now=now)
    return True


def find_page(*, today: date, ended: bool = False, after: int | None = None) -> Page:
    """Return mandates, the newest first; `ended`: also those that were withdrawn or are over. One query."""
    query = (
        select(Mandate, User.name, Round.title)
        .join(User, User.id == Mandate.user_id)
        .outerjoin(Round, Round.id == Mandate.round_id)
        .order_by(Mandate.id.desc())
        .limit(PAGE + 1)
    )
    if not ended:
        query = query.where(
            Mandate.withdrawn_at.is_(None), or_(Mandate.until_day.is_(None), Mandate.until_day >= today)
        )
    if after is not None:
        query = query.where(Mandate.id < after)
    rows = db.session.execute(query).all()
    lines = [
        Line(mandate, name, title, standing_of(terms_of(mandate), today))
        for mandate, name, title in rows[:PAGE]
    ]
    return Page(lines, lines[-1].mandate.id if len(rows) > PAGE else None)


def find_officers(*, besides: int | None) -> Sequence[tuple[int, str]]:
    """Return who may hold a mandate, by name: every officer, on all rounds or on one."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(GrantRow, GrantRow.user_id == User.id)
        .where(GrantRow.role == Role.OFFICER.value, User.disabled_at.is_(None))
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows if row.id != besides]


def _ask(actor: Actor, holder_id: int) -> None:
    if not may(actor, Can.MANDATES_MANAGE, Target(owner_id=holder_id)):
        raise NotAllowedError(Can.MANDATES_MANAGE)


def _refuse(terms: Terms, *, today: date) -> None:
    faults = {
        "powers_needed": not terms.powers,
        "says_where_from": not terms.function.strip() or not terms.reference.strip(),
        "ends_before_it_begins": terms.until_day is not None and terms.until_day < terms.from_day,
        "ended_already": terms.until_day is not None and terms.until_day < today,
    }
    for code, holds in faults.items():
        if holds:
            raise MandateError(code)


def _is_officer(user_id: int, round_id: int | None) -> bool:
    """Be an officer of this round; for a mandate on all rounds, of any."""
    query = select(GrantRow.id).where(GrantRow.user_id == user_id, GrantRow.role == Role.OFFICER.value)
    if round_id is not None:
        query = query.where(or_(GrantRow.round_id.is_(None), GrantRow.round_id == round_id))
    return db.session.scalar(query.limit(1)) is not None


def _same(user: User, terms: Terms) -> Mandate | None:
    """Find the mandate that says exactly this and was not withdrawn."""
    held = db.session.scalars(
        select(Mandate).where(Mandate.user_id == user.id, Mandate.withdrawn_at.is_(None))
    )
    return next((one for one in held if _terms_in(one) == terms), None)


def _terms_in(row: Mandate) -> Terms:
    return Terms(
        powers=frozenset(Power(one) for one in row.powers),
        function=row.function,
        reference=row.reference,
        from_day=row.from_day,
        until_day=row.until_day,
        up_to_cents=row.up_to_cents,
        round_id=row.round_id,
    )


def _tell(name: str, mandate: Mandate, *, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=mandate.round_id,
        facts={
            "mandate": mandate.id,
            "user": mandate.user_id,
            "powers": list(mandate.powers),
            "up_to_cents": mandate.up_to_cents,
            "reference": mandate.reference,
            "from_day": mandate.from_day.isoformat(),
            "until_day": None if mandate.until_day is None else mandate.until_day.isoformat(),
        },
    )
