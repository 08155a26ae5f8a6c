"""Who holds which role, on one round or on all. Nobody gives a role to oneself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from subsidy.db import db
from subsidy.models import GrantRow, User
from subsidy.services import events
from subsidy.services.advance import NotAllowedError
from workflows.permissions import Actor, Can, Grant, Role, Target, may


def actor_of(user: User) -> Actor:
    """The person as the policy sees them."""
    grants = frozenset(Grant(Role(row.role), row.round_id) for row in user.grants)
    return Actor(user_id=user.id, grants=grants)


def give(actor: Actor, user: User, *, role: Role, round_id: int | None, now: datetime) -> bool:
    """Give a person a role on one round, or on all (None); false when they held it already.

    Raises NotAllowedError: for oneself, or beyond the rounds that the actor administers.
    """
    _ask(actor, user, round_id)
    try:
        row = GrantRow(user_id=user.id, role=role.value, round_id=round_id, granted_at=now)
        row.granted_by = actor.user_id
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    _record("grant.given", actor, user.id, role.value, round_id, now)
    return True


def take(actor: Actor, user: User, *, grant_id: int, now: datetime) -> bool:
    """Take a role away; false when the person does not hold it (any more). Raises NotAllowedError."""
    query = (
        select(GrantRow)
        .where(GrantRow.id == grant_id, GrantRow.user_id == user.id)
        .with_for_update(key_share=True)
    )
    row = db.session.scalars(query).one_or_none()
    if row is None:
        return False
    _ask(actor, user, row.round_id)
    db.session.delete(row)
    _record("grant.taken", actor, user.id, row.role, row.round_id, now)
    db.session.flush()
    return True


def _ask(actor: Actor, user: User, round_id: int | None) -> None:
    if not may(actor, Can.GRANTS_MANAGE, Target(round_id=round_id, owner_id=user.id)):
        raise NotAllowedError(Can.GRANTS_MANAGE)


def _record(name: str, actor: Actor, user_id: int, role: str, round_id: int | None, now: datetime) -> None:
    facts = {"user": user_id, "role": role}
    events.append(name, at=now, actor_id=actor.user_id, round_id=round_id, facts=facts)
