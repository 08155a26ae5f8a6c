"""Who serves in a round: asked by the office, accepted with a declaration of secrecy, sometimes dropped.

Where a request stands follows from its instants. Withdrawn and dropped are the same mark: before an answer
it takes the request back, after accepting it ends the work.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from subsidy.db import LOCK, db
from subsidy.models import Round, RoundReviewer, User
from workflows.states import RoundState

# An answer that comes somewhat late is still welcome; a link must not work for ever.
GRACE = timedelta(days=14)


class PoolError(Exception):
    """Something about who reviews is refused; a stable code.

    `not_published`, `round_over`, `yourself`, `body_unknown`, `involved`, `accepted_already`,
    `not_serving`, `reason_needed`, `gone`, `changed_meanwhile`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stand(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    OVERDUE = "overdue"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


def stand_of(row: RoundReviewer, today: date) -> Stand:
    """Where a request stands today."""
    if row.dropped_at is not None:
        return Stand.DROPPED if row.answer == "accepted" else Stand.WITHDRAWN
    if row.answer is not None:
        return Stand(row.answer)
    return Stand.OVERDUE if row.reply_by is not None and today > row.reply_by else Stand.ASKED


def is_over(round_: Round) -> bool:
    """Whether the decisions of a round are out, and with that the work of who reviews in it."""
    return round_.state in {RoundState.DECIDED, RoundState.EVALUATED}


def can_be_answered(row: RoundReviewer, round_: Round, today: date) -> bool:
    """Whether somebody can still say yes or no to a request."""
    in_time = row.reply_by is None or today <= row.reply_by + GRACE
    waits = row.answer is None and row.dropped_at is None
    return waits and in_time and round_.state == RoundState.PUBLISHED


def is_for(row: RoundReviewer, user: User) -> bool:
    """Whether a request was sent to this account: a forwarded link gives nobody else the role."""
    return row.user_id == user.id if row.user_id is not None else row.email == user.email


def find_asked(round_: Round, asked_id: int) -> RoundReviewer | None:
    """Give somebody who was asked in this round."""
    query = select(RoundReviewer).where(RoundReviewer.id == asked_id, RoundReviewer.round_id == round_.id)
    return db.session.scalars(query).one_or_none()


def find_own(asked_id: int, user: User) -> RoundReviewer | None:
    """Give a request that was sent to this person."""
    row = db.session.get(RoundReviewer, asked_id)
    return row if row is not None and is_for(row, user) else None


def own_rows(user: User) -> list[RoundReviewer]:
    """Give every request to this person, the newest first, each with its round; one query."""
    query = (
        select(RoundReviewer)
        .join(RoundReviewer.round)
        .options(contains_eager(RoundReviewer.round))
        .where(
            or_(
                RoundReviewer.user_id == user.id,
                RoundReviewer.user_id.is_(None) & (RoundReviewer.email == user.email),
            )
        )
        .order_by(RoundReviewer.id.desc())
    )
    return list(db.session.scalars(query))


def hold(row: RoundReviewer) -> None:
    """Lock a request, and read again what decides."""
    db.session.refresh(row, with_for_update=LOCK)


def enrol(round_: Round, user: User, *, body: str, now: datetime) -> RoundReviewer:
    """Let somebody serve in a round who was asked and answered outside this program (Awb 2:5)."""
    row = RoundReviewer(
        round_id=round_.id,
        user_id=user.id,
        email=user.email,
        name=user.name,
        body=body,
        invited_at=now,
        answer="accepted",
        answered_at=now,
        secrecy_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
