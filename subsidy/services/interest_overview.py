"""Which interests were declared in a round and what was decided: for the advice, the minutes and the file.

Nothing of the content of an application is in it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from subsidy.db import db
from subsidy.models import (
    Application,
    GrantRow,
    Interest,
    OverriddenWarning,
    Round,
    RoundDeclaration,
    RoundReviewer,
    User,
)
from subsidy.services.interest_rounds import Shown, shown
from subsidy.services.reach import hidden_from
from workflows.interests import Code, Sign
from workflows.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared interest with its decision, if there is one. An empty measure is the usual one."""

    id: int
    application_id: int
    reference: str
    title: str
    user_id: int
    name: str
    capacity: str
    kind: str
    extent: str
    nature: str
    measure: str
    declared_at: datetime
    decision: str | None
    decision_reason: str
    decision_measure: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overridden:
    """That somebody declared no interest despite signs of one, and why."""

    application_id: int
    reference: str
    title: str
    user_id: int
    name: str
    capacity: str
    signs: tuple[Sign, ...]
    reason: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Declarant:
    """Who is asked to declare for the round as a whole; `whole` when nothing came in since."""

    user_id: int
    name: str
    declared_at: datetime | None
    whole: bool


def overview_of(round_: Round, viewer: Actor | None = None) -> list[Declared]:
    """Return every declared interest of a round, by application and time.

    For a viewer without what others declared on files from which the viewer is barred. One query, two with
    a viewer.
    """
    decider = aliased(User)
    rows = db.session.execute(
        select(Interest, Application.reference, Application.title, User.name, decider.name)
        .join(Application, Application.id == Interest.application_id)
        .join(User, User.id == Interest.user_id)
        .outerjoin(decider, decider.id == Interest.decided_by)
        .where(Application.round_id == round_.id, _visible(viewer, Interest.user_id))
        .order_by(Application.reference, Interest.id)
    )
    return [
        Declared(
            id=one.id,
            application_id=one.application_id,
            reference=reference or "",
            title=title,
            user_id=one.user_id,
            name=name,
            capacity=one.capacity,
            kind=one.kind,
            extent=one.extent,
            nature=one.nature,
            measure=one.measure,
            declared_at=one.declared_at,
            decision=one.decision,
            decision_reason=one.decision_reason,
            decision_measure=one.decision_measure,
            decided_by=decided_by,
            decided_at=one.decided_at,
        )
        for one, reference, title, name, decided_by in rows
    ]


def overridden_in(round_: Round, viewer: Actor | None = None) -> list[Overridden]:
    """Return who declared no interest despite signs of one, by application; as `overview_of`."""
    rows = db.session.execute(
        select(OverriddenWarning, Application.reference, Application.title, User.name)
        .join(Application, Application.id == OverriddenWarning.application_id)
        .join(User, User.id == OverriddenWarning.user_id)
        .where(Application.round_id == round_.id, _visible(viewer, OverriddenWarning.user_id))
        .order_by(Application.reference, User.name, User.id)
    )
    return [
        Overridden(
            application_id=one.application_id,
            reference=reference or "",
            title=title,
            user_id=one.user_id,
            name=name,
            capacity=one.capacity,
            signs=tuple(Sign(Code(sign["code"]), sign["params"]) for sign in one.warnings),
            reason=one.reason,
            declared_at=one.declared_at,
        )
        for one, reference, title, name in rows
    ]


def declarants_of(round_: Round) -> list[Declarant]:
    """Return the chairs, officers, finance and committee of a round with what they declared; two queries."""
    now = shown(round_)
    office = exists().where(
        GrantRow.user_id == User.id,
        GrantRow.role.in_([Role.CHAIR.value, Role.OFFICER.value, Role.FINANCE.value]),
        or_(GrantRow.round_id.is_(None), GrantRow.round_id == round_.id),
    )
    committee = exists().where(
        RoundReviewer.user_id == User.id,
        RoundReviewer.round_id == round_.id,
        RoundReviewer.body == "committee",
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    newest = (
        select(Application.submitted_at)
        .where(Application.round_id == round_.id, Application.submitted_at.is_not(None))
        .order_by(Application.submitted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(User.id, User.name, RoundDeclaration.declared_at, RoundDeclaration.covers, newest)
        .outerjoin(
            RoundDeclaration,
            (RoundDeclaration.user_id == User.id) & (RoundDeclaration.round_id == round_.id),
        )
        .where(User.disabled_at.is_(None), or_(office, committee, RoundDeclaration.covers.is_not(None)))
        .order_by(User.name, User.id)
    )
    return [
        Declarant(user_id, name, declared_at, _whole(declared_at, covers, last, now))
        for user_id, name, declared_at, covers, last in rows
    ]


def _whole(declared_at: datetime | None, covers: int | None, last: datetime | None, now: Shown) -> bool:
    if declared_at is None or covers is None:
        return False
    return covers >= now.highest and (last is None or declared_at >= last)


def _visible(viewer: Actor | None, declarant: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if viewer is None:
        return true()
    return or_(Application.id.not_in(hidden_from(viewer)), declarant == viewer.user_id)
