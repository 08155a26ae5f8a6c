"""Somebody stops reviewing in a round: what they did counts, what they began is kept, the rest goes back.

A review that was not begun is taken back, as if it was never asked. One that was begun is released: what was
written stays and counts nowhere. A review with an interest stays as the record of that interest.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

import config
from subsidy.db import db
from subsidy.models import Application, GrantRow, Review, Round, RoundReviewer, User
from subsidy.services import assignable, events, grants, mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.pool import PoolError, hold, is_over
from workflows.permissions import SYSTEM, Actor, Can, Role, may


@dataclass(frozen=True, slots=True)
class Left:
    """What became of somebody's reviews: never begun, begun and not handed in, handed in."""

    removed: int
    released: int
    kept: int


def lay_down(row: RoundReviewer, *, reason: str, user: User, now: datetime) -> Left | None:
    """Stop reviewing in a round, as who reviews; None when that was done already.

    Raises PoolError `not_serving`, `reason_needed`, `round_over`.
    """
    hold(row)
    if row.user_id != user.id:
        raise PoolError("not_serving")
    return _drop(row, user, reason, Actor(user.id), now)


def drop(row: RoundReviewer, *, reason: str, actor: Actor, now: datetime) -> Left | None:
    """Let somebody stop, as the office; None when that was done already. Mail tells them.

    Raises PoolError `not_serving`, `reason_needed`, `round_over`; NotAllowedError.
    """
    if not may(actor, Can.POOL_MANAGE, standing.to_round(actor, row.round, now=now)):
        raise NotAllowedError(Can.POOL_MANAGE)
    hold(row)
    if row.account is None:
        raise PoolError("not_serving")
    return _drop(row, row.account, reason, actor, now)


def lacking(actor: Actor, round_: Round) -> list[assignable.File]:
    """Give the applications that have fewer reviewers than they need, as far as this person may see them."""
    files, _more = assignable.find_files(actor, round_, limit=None)
    return [one for one in files if one.short]


def _drop(row: RoundReviewer, user: User, reason: str, actor: Actor, now: datetime) -> Left | None:
    if row.answer != "accepted":
        raise PoolError("not_serving")
    if row.dropped_at is not None:
        return None
    if is_over(row.round):
        raise PoolError("round_over")
    if not reason.strip():
        raise PoolError("reason_needed")
    row.dropped_at, row.dropped_by, row.drop_reason = now, actor.user_id, reason.strip()
    left = _let_go(_reviews(row), actor, now)
    _take_role(row, user, now)
    events.append(
        "reviewer.dropped",
        at=now,
        actor_id=actor.user_id,
        round_id=row.round_id,
        facts={
            "request": row.id,
            "user": user.id,
            "removed": left.removed,
            "released": left.released,
            "kept": left.kept,
        },
        personal={"reason": row.drop_reason},
    )
    _tell(row, user, left, by_office=actor.user_id != user.id, now=now)
    db.session.flush()
    return left


def _reviews(row: RoundReviewer) -> list[Review]:
    """Lock the reviews of this person in the round, in one order for everybody."""
    query = (
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.round_id == row.round_id,
            Review.reviewer_id == row.user_id,
            Review.released_at.is_(None),
        )
        .order_by(Review.id)
        .with_for_update(key_share=True, of=Review)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _let_go(reviews: Iterable[Review], actor: Actor, now: datetime) -> Left:
    found: Counter[str] = Counter()
    for review in reviews:
        if review.conflict is not None:
            continue
        if review.handed_in_at is not None:
            found["kept"] += 1
        elif review.declared_at is None and not review.scores and not review.notes:
            found["removed"] += 1
            _record("review.unassigned", review, actor, now, {"reviewers": [review.reviewer]})
            db.session.delete(review)
        else:
            found["released"] += 1
            review.released_at = now
            _record("review.released", review, actor, now, {"review": review.id})
    return Left(found["removed"], found["released"], found["kept"])


def _take_role(row: RoundReviewer, user: User, now: datetime) -> None:
    """Take the role on this round; one on all rounds stays, and opens no file without serving."""
    query = select(GrantRow.id).where(
        GrantRow.user_id == user.id,
        GrantRow.role == Role.REVIEWER.value,
        GrantRow.round_id == row.round_id,
    )
    for grant_id in db.session.scalars(query).all():
        grants.take(SYSTEM, user, grant_id=grant_id, now=now)
    db.session.expire(user, ["grants"])


def _tell(row: RoundReviewer, user: User, left: Left, *, by_office: bool, now: datetime) -> None:
    """Tell the other side: the reviewer, or the office."""
    settings: config.Settings = current_app.config["SETTINGS"]
    mail.compose(
        f"reviewer_dropped:{row.id}:{now.isoformat()}",
        recipient=user.email if by_office else settings.office_email,
        template="reviewer_dropped" if by_office else "reviewer_left",
        context={"asked": row, "round": row.round, "left": left},
        now=now,
        locale=user.locale if by_office else "nl",
    )


def _record(name: str, review: Review, actor: Actor, now: datetime, facts: dict[str, object]) -> None:
    application = db.session.get_one(Application, review.application_id)
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts=facts,
    )
