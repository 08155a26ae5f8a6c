"""What people wrote that waits for the office: unread messages, questions without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, CallQuestion, Message, Round
from subsidy.services.messages import unread_by_office
from subsidy.services.reach import Reach
from workflows.permissions import Actor, Role, rounds_of

PAGE = 50


class Counts(NamedTuple):
    """How many messages are unread, and how many questions wait."""

    messages: int
    questions: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A file with messages that no officer opened; `first_id` and `since` are of the oldest."""

    application_id: int
    reference: str
    title: str
    round: Round
    number: int
    first_id: int
    since: datetime


class Page(NamedTuple):
    """A page of files, and the message after which the next page begins, if there is one."""

    files: list[Unread]
    next_after: int | None


def rounds_to_answer(reach: Reach, actor: Actor) -> list[Round]:
    """Return the rounds within reach in which this person is an officer, and so can answer."""
    ids = rounds_of(actor, Role.OFFICER)
    return [one for one in reach.rounds if ids is None or one.id in ids]


def counts(reach: Reach, rounds: Sequence[Round]) -> Counts:
    """Count what waits in these rounds; one query."""
    messages = (
        select(func.count(Message.id))
        .join(Application, Application.id == Message.application_id)
        .where(reach.within(rounds), unread_by_office())
    )
    questions = select(func.count(CallQuestion.id)).where(
        CallQuestion.round_id.in_([one.id for one in rounds]), CallQuestion.answered_at.is_(None)
    )
    return Counts(*db.session.execute(select(messages.scalar_subquery(), questions.scalar_subquery())).one())


def find_files(reach: Reach, rounds: Sequence[Round], *, after: int = 0) -> Page:
    """Return a page of the files with unread messages, longest waiting first; one query."""
    known = {one.id: one for one in rounds}
    first = func.min(Message.id)
    rows = db.session.execute(
        select(
            Application.id,
            Application.reference,
            Application.title,
            Application.round_id,
            func.count(Message.id).label("number"),
            first.label("first_id"),
            func.min(Message.sent_at).label("since"),
        )
        .join(Message, Message.application_id == Application.id)
        .where(reach.within(rounds), unread_by_office())
        .group_by(Application.id)
        .having(first > after)
        .order_by(first)
        .limit(PAGE + 1)
    ).all()
    files = [
        Unread(
            application_id=row.id,
            reference=row.reference,
            title=row.title,
            round=known[row.round_id],
            number=row.number,
            first_id=row.first_id,
            since=row.since,
        )
        for row in rows[:PAGE]
    ]
    return Page(files, files[-1].first_id if len(rows) > PAGE else None)


def questions_per_round(rounds: Sequence[Round]) -> list[tuple[Round, int]]:
    """Return the rounds with questions that wait, with how many; one query."""
    rows = db.session.execute(
        select(CallQuestion.round_id, func.count())
        .where(CallQuestion.round_id.in_([one.id for one in rounds]), CallQuestion.answered_at.is_(None))
        .group_by(CallQuestion.round_id)
    )
    waiting: dict[int, int] = {row[0]: row[1] for row in rows}
    return [(one, waiting[one.id]) for one in rounds if one.id in waiting]
