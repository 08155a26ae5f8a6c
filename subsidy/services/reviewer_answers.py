"""The answer of who was asked to review: accept with a declaration of secrecy (Awb 2:5), or decline."""

from datetime import datetime

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import ReviewerProfile, RoundReviewer, User
from subsidy.services import events, grants, standing
from subsidy.services.pool import PoolError, can_be_answered, hold, is_for
from workflows.permissions import SYSTEM, Actor, Role


def accept(row: RoundReviewer, user: User, *, now: datetime) -> bool:
    """Let this person serve in the round, having declared secrecy; False when they did so already.

    They get the role of reviewer on this round. Raises PoolError `gone`: not (any more) to be answered, or
    asked of somebody else; `involved` for who takes part in an application of the round.
    """
    hold(row)
    if not is_for(row, user):
        raise PoolError("gone")
    if row.answer == "accepted" and row.dropped_at is None:
        return False
    if not can_be_answered(row, row.round, clock.day_of(now)):
        raise PoolError("gone")
    if is_involved(row, user, now=now):
        raise PoolError("involved")
    row.user_id, row.name = user.id, user.name
    row.answer, row.answered_at, row.secrecy_at = "accepted", now, now
    db.session.flush()
    grants.give(SYSTEM, user, role=Role.REVIEWER, round_id=row.round_id, now=now)
    _record("reviewer.accepted", row, user.id, now, body=row.body, user=user.id)
    db.session.expire(user, ["grants"])
    return True


def decline(row: RoundReviewer, *, reason: str, user: User | None, now: datetime) -> bool:
    """Record that somebody does not review in the round; False when they said so already.

    Without an account the link was the proof of the address. Raises PoolError `gone`.
    """
    hold(row)
    if user is not None and not is_for(row, user):
        raise PoolError("gone")
    if row.answer == "declined" and row.dropped_at is None:
        return False
    if not can_be_answered(row, row.round, clock.day_of(now)):
        raise PoolError("gone")
    row.answer, row.answered_at, row.decline_reason = "declined", now, reason.strip()
    if user is not None:
        row.user_id = user.id
    personal = {"reason": row.decline_reason} if row.decline_reason else None
    _record("reviewer.declined", row, None if user is None else user.id, now, personal)
    return True


def is_involved(row: RoundReviewer, user: User, *, now: datetime) -> bool:
    """Whether this person takes part in an application of the round; they review none of it (Awb 2:4)."""
    target = standing.to_round(Actor(user.id), row.round, now=now)
    return user.id in target.round_members


def has_profile(user: User) -> bool:
    """Whether this person told before what they know."""
    query = select(ReviewerProfile.user_id).where(ReviewerProfile.user_id == user.id)
    return db.session.scalars(query).first() is not None


def _record(
    name: str,
    row: RoundReviewer,
    user_id: int | None,
    now: datetime,
    personal: dict[str, str] | None = None,
    **facts: object,
) -> None:
    events.append(
        name,
        at=now,
        actor_id=user_id,
        round_id=row.round_id,
        facts={"request": row.id, **facts},
        personal=personal,
    )
    db.session.flush()
