"""Letters that lie in a file while nobody was told: a notification follows within 48 hours (Awb 2:10).

The hours run on through nights, weekends and holidays. What is posted counts as told.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from subsidy.db import db
from subsidy.models import Application, Letter, Mail, OutboxRow, Round
from subsidy.services import by_post
from subsidy.services.reach import rounds_for
from workflows.permissions import Actor, Role
from workflows.terms import notification_deadline

PAGE = 50
HOUR = timedelta(hours=1)
# A notification goes within seconds. What lies longer than this needs somebody to look at it.
SOON = HOUR


class Unsent(NamedTuple):
    """A letter that nobody was told of: until when that can be done, and what the mail server said."""

    letter_id: int
    application_id: int
    reference: str
    kind: str
    placed_at: datetime
    by_notification: bool
    error: str

    @property
    def deadline(self) -> datetime:
        """Until when the notification can be sent."""
        return notification_deadline(self.placed_at)

    def hours_left(self, now: datetime) -> int:
        """Whole hours left; negative when it is too late."""
        return (self.deadline - now) // HOUR


class Summary(NamedTuple):
    """How many letters of a round wait for it, and until when the first can."""

    round: Round
    letters: int
    deadline: datetime


def is_unsent() -> ColumnElement[bool]:
    """Be in a file, and neither notified nor posted; the index `ix_letter_not_sent` holds just these."""
    return and_(Letter.placed_at.is_not(None), Letter.notified_at.is_(None), Letter.posted_at.is_(None))


def find(round_: Round, *, after: int = 0, limit: int = PAGE) -> Sequence[Unsent]:
    """Return the letters of a round that nobody was told of, the first deadline first; one query."""
    said = (
        select(func.max(OutboxRow.last_error))
        .join(Mail, OutboxRow.key == literal("mail:").concat(Mail.key))
        .where(Mail.letter_id == Letter.id, Mail.delivery != "sent")
        .correlate(Letter)
        .scalar_subquery()
    )
    query = (
        select(
            Letter.id,
            Letter.application_id,
            Application.reference,
            Letter.kind,
            Letter.placed_at,
            by_post.reachable(Letter.application_id),
            func.coalesce(said, ""),
        )
        .join(Application, Application.id == Letter.application_id)
        .where(Letter.round_id == round_.id, is_unsent())
        .order_by(Letter.placed_at, Letter.id)
        .limit(limit)
    )
    if after:
        last = db.session.get(Letter, after)
        if last is not None and last.placed_at is not None:
            query = query.where(tuple_(Letter.placed_at, Letter.id) > (last.placed_at, last.id))
    return [Unsent(*row) for row in db.session.execute(query)]


def summaries(actor: Actor, *, hidden: Collection[int], now: datetime) -> Sequence[Summary]:
    """Tell an officer in which rounds letters lie longer than a notification takes; two queries at most.

    `hidden` are the applications that this officer may not see: such a round is left out whole.
    """
    waiting = db.session.execute(
        select(Letter.round_id, func.count(), func.min(Letter.placed_at))
        .where(is_unsent(), Letter.placed_at <= now - SOON)
        .group_by(Letter.round_id)
        .order_by(func.min(Letter.placed_at))
    ).all()
    if not waiting:
        return []
    barred = select(Application.round_id).where(Application.id.in_(hidden))
    mine = rounds_for(actor, Role.OFFICER).where(
        Round.id.in_([row[0] for row in waiting]), Round.id.not_in(barred)
    )
    known = {round_.id: round_ for round_ in db.session.scalars(mine)}
    return [
        Summary(known[round_id], letters, notification_deadline(first))
        for round_id, letters, first in waiting
        if round_id in known and first is not None
    ]


def summary_of(round_: Round, *, now: datetime) -> Summary | None:
    """Tell the same of one round; one query."""
    letters, first = db.session.execute(
        select(func.count(), func.min(Letter.placed_at)).where(
            Letter.round_id == round_.id, is_unsent(), Letter.placed_at <= now - SOON
        )
    ).one()
    return None if first is None else Summary(round_, letters, notification_deadline(first))
