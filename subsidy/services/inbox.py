"""The inbox of an applicant: letters, messages of the office and notices, so that nothing is only by mail.

A letter shows once it lies in the file; that of a decision when the decision was announced. A notice is a
mail to this person that has no letter and no message behind it. Who may see a file was asked before; the list
over all own files starts from the memberships.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import contains_eager

from subsidy import clock
from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    Hearing,
    Letter,
    LetterReading,
    Mail,
    Membership,
    Message,
    MessageReading,
    Rebuttal,
    Supplement,
    User,
)
from workflows.correspondence import ProcedureKind, Reaction

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Mails that tell of something that is in the list itself, and mails to reviewers and invited people.
NOT_NOTICES = (
    "message:",
    "receipt:",
    "decision:",
    "invitation:",
    "interest:",
    "assigned:",
    "review-reopened:",
)


class Source(StrEnum):
    """What a row of the inbox is."""

    LETTER = "letter"
    MESSAGE = "message"
    NOTICE = "notice"


# What came at the same instant: the letter stands above the mail that told of it.
ORDER = {Source.LETTER: 3, Source.MESSAGE: 2, Source.NOTICE: 1}
OF_ORDER = {order: source for source, order in ORDER.items()}


class Stage(StrEnum):
    """Where the reaction stands that a letter asks for, or makes possible."""

    # Nothing is expected.
    NONE = ""
    OPEN = "open"
    # The collaboration did it.
    DONE = "done"
    # The term ended, or it is no longer asked.
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a letter expects or makes possible, until when, and whether it was done."""

    reaction: Reaction
    until: date | None
    stage: Stage
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One row. `title` and `body` are those of a notice; of a message only that it is there."""

    source: Source
    id: int
    at: datetime
    application: Application
    letter: Letter | None = None
    asked: Asked | None = None
    # When this person opened it for the first time; a notice has no such moment.
    read_at: datetime | None = None
    title: str = ""
    body: str = ""

    @property
    def unread(self) -> bool:
        """Whether this person has still to open it."""
        return self.source is not Source.NOTICE and self.read_at is None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its instant, the rank of its source, its id."""

    at: datetime
    order: int
    id: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.order}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read it from an address; ValueError for what is none."""
        micros, order, id_ = (int(part) for part in text.split("."))
        if order not in OF_ORDER:
            raise ValueError(text)
        try:
            return cls(EPOCH + micros * MICROSECOND, order, min(id_, 2**31 - 1))
        except OverflowError as error:
            raise ValueError(text) from error


class Unread(NamedTuple):
    """What one member did not open yet in a file."""

    letters: int
    messages: int

    @property
    def total(self) -> int:
        """How many rows of the inbox that are."""
        return self.letters + self.messages


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox, newest first, and where the next begins, if there is one."""

    items: list[Item]
    next_before: Cursor | None


def page_of(application: Application, *, user: User, now: datetime, before: Cursor | None = None) -> Page:
    """Give a page of the inbox of one file; at most four queries."""
    return _page([application.id], user=user, now=now, before=before)


def page_of_all(user: User, *, now: datetime, before: Cursor | None = None) -> Page:
    """Give a page of the inbox over all files of which this person is a member; at most four queries."""
    return _page(OWN_FILES, user=user, now=now, before=before)


def find_letter(application: Application, letter_id: int, *, user: User, now: datetime) -> Item | None:
    """Give one letter that lies in this file; None for what the applicant may not know of."""
    row = db.session.execute(
        LETTERS.where(Letter.id == letter_id, Letter.application_id == application.id, in_the_file()),
        {"me": user.id},
    ).one_or_none()
    return None if row is None else _letter(row, now=now)


def letter_of(decision: Decision) -> int | None:
    """Give the number of the letter of a decision that was announced; None for history that has none."""
    return db.session.scalar(
        select(Letter.id).where(Letter.decision_id == decision.id, Letter.placed_at.is_not(None))
    )


def unread_per_application(user_id: int) -> Mapping[int, int]:
    """Count what this person did not open yet, for each of the own files where there is any; one query."""
    unread = union_all(
        _unread_letters(Letter.application_id), _unread_messages(Message.application_id)
    ).subquery()
    rows = db.session.execute(select(unread.c[0], func.count()).group_by(unread.c[0]), {"me": user_id})
    return {row[0]: row[1] for row in rows}


def count_unread(user_id: int) -> int:
    """Count what this person did not open yet, over all own files; one query."""
    return db.session.scalar(UNREAD, {"me": user_id}) or 0


def count_unread_in(application: Application, user_id: int) -> Unread:
    """Count what this member did not open yet in one file; one query."""
    return Unread(*db.session.execute(UNREAD_IN_FILE, {"me": user_id, "file": application.id}).one())


def in_the_file() -> ColumnElement[bool]:
    """The condition that a letter lies in the file of the applicant; `Decision` is joined to it."""
    told = or_(Letter.decision_id.is_(None), Decision.announced_at.is_not(None))
    return and_(Letter.placed_at.is_not(None), told)


ME = bindparam("me", type_=Integer)
OWN_FILES = (
    select(Membership.application_id)
    .join(Application, Application.id == Membership.application_id)
    .where(Membership.user_id == ME, Application.state != "draft")
)
# Put together once: building a query costs about as much as running it.
LETTERS = (
    select(
        Letter,
        LetterReading.read_at,
        Decision.replaced_at,
        Supplement.supplied_at,
        Rebuttal.sent_at,
        Hearing.answered_at,
    )
    .join(Letter.application)
    .join(Application.round)
    .outerjoin(Letter.decision)
    .outerjoin(LetterReading, and_(LetterReading.letter_id == Letter.id, LetterReading.user_id == ME))
    .outerjoin(Supplement, Supplement.application_id == Letter.application_id)
    .outerjoin(Rebuttal, Rebuttal.application_id == Letter.application_id)
    # A letter is ordered in the transaction that opens its hearing, at the same instant.
    .outerjoin(
        Hearing,
        and_(
            Letter.kind == ProcedureKind.HEARING.value,
            Hearing.application_id == Letter.application_id,
            Hearing.opened_at == Letter.created_at,
        ),
    )
    .options(
        contains_eager(Letter.application).contains_eager(Application.round),
        contains_eager(Letter.decision),
    )
)


def _unread_letters(column: Any) -> Select[Any]:
    read = exists().where(LetterReading.letter_id == Letter.id, LetterReading.user_id == ME)
    return (
        select(column)
        .select_from(Letter)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .where(Letter.application_id.in_(OWN_FILES), in_the_file(), ~read)
    )


def _unread_messages(column: Any) -> Select[Any]:
    read = exists().where(MessageReading.message_id == Message.id, MessageReading.user_id == ME)
    own = Message.application_id.in_(OWN_FILES)
    return select(column).select_from(Message).where(own, Message.from_office, ~read)


UNREAD_LETTERS, UNREAD_MESSAGES = _unread_letters(func.count()), _unread_messages(func.count())
UNREAD = select(UNREAD_LETTERS.scalar_subquery() + UNREAD_MESSAGES.scalar_subquery())
UNREAD_IN_FILE = select(
    UNREAD_LETTERS.where(Letter.application_id == bindparam("file")).scalar_subquery(),
    UNREAD_MESSAGES.where(Message.application_id == bindparam("file")).scalar_subquery(),
)


def _page(files: Iterable[int] | Select[Any], *, user: User, now: datetime, before: Cursor | None) -> Page:
    rows = db.session.execute(_entries(files, user, before), {"me": user.id}).all()
    shown = rows[:PAGE]
    found = {
        **_letters([row.id for row in shown if row.order == ORDER[Source.LETTER]], user, now=now),
        **_messages([row.id for row in shown if row.order == ORDER[Source.MESSAGE]], user),
        **_notices([row.id for row in shown if row.order == ORDER[Source.NOTICE]]),
    }
    items = [found[OF_ORDER[row.order], row.id] for row in shown]
    return Page(items, Cursor(*shown[-1]) if len(rows) > PAGE else None)


def _entries(files: Iterable[int] | Select[Any], user: User, before: Cursor | None) -> Select[Any]:
    """Name the rows of a page, one more than it shows: from three tables, the newest first."""
    parts = [
        _part(Source.LETTER, Letter.placed_at, Letter.id, before)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .where(Letter.application_id.in_(files), in_the_file()),
        _part(Source.MESSAGE, Message.sent_at, Message.id, before).where(
            Message.application_id.in_(files), Message.from_office
        ),
        _part(Source.NOTICE, Mail.created_at, Mail.id, before).where(
            Mail.application_id.in_(files),
            Mail.recipient == user.email,
            Mail.letter_id.is_(None),
            *(~Mail.key.startswith(prefix, autoescape=True) for prefix in NOT_NOTICES),
        ),
    ]
    entries = union_all(*parts).subquery()
    newest = (entries.c.at.desc(), entries.c.order.desc(), entries.c.id.desc())
    return select(entries.c.at, entries.c.order, entries.c.id).order_by(*newest).limit(PAGE + 1)


def _part(source: Source, at: Any, id_: Any, before: Cursor | None) -> Select[Any]:
    order = ORDER[source]
    query = select(at.label("at"), literal(order).label("order"), id_.label("id"))
    if before is None:
        return query
    if order == before.order:
        return query.where(or_(at < before.at, and_(at == before.at, id_ < before.id)))
    return query.where(at <= before.at if order < before.order else at < before.at)


def _letters(ids: Sequence[int], user: User, *, now: datetime) -> dict[tuple[Source, int], Item]:
    if not ids:
        return {}
    rows = db.session.execute(LETTERS.where(Letter.id.in_(ids)), {"me": user.id})
    return {(Source.LETTER, row[0].id): _letter(row, now=now) for row in rows}


def _letter(row: Any, *, now: datetime) -> Item:
    letter, read_at, replaced_at, supplied_at, answered_at, heard_at = row
    done_at = {
        ProcedureKind.SUPPLEMENT: supplied_at,
        ProcedureKind.REBUTTAL: answered_at,
        ProcedureKind.HEARING: heard_at,
    }.get(letter.kind)
    over = replaced_at is not None or (letter.decision_id is None and letter.application.state == "withdrawn")
    return Item(
        source=Source.LETTER,
        id=letter.id,
        at=letter.placed_at,
        application=letter.application,
        letter=letter,
        asked=_asked(letter, done_at, over=over, today=clock.day_of(now)),
        read_at=read_at,
    )


def _asked(letter: Letter, done_at: datetime | None, *, over: bool, today: date) -> Asked:
    reaction = Reaction(letter.expected)
    if reaction is Reaction.NOTHING:
        return Asked(reaction, letter.last_day, Stage.NONE)
    if done_at is not None:
        return Asked(reaction, letter.last_day, Stage.DONE, done_at)
    past = over or (letter.last_day is not None and letter.last_day < today)
    return Asked(reaction, letter.last_day, Stage.PAST if past else Stage.OPEN)


def _messages(ids: Sequence[int], user: User) -> dict[tuple[Source, int], Item]:
    if not ids:
        return {}
    read = and_(MessageReading.message_id == Message.id, MessageReading.user_id == ME)
    rows = db.session.execute(
        select(Message, Application, MessageReading.read_at)
        .join(Application, Application.id == Message.application_id)
        .join(Application.round)
        .outerjoin(MessageReading, read)
        .where(Message.id.in_(ids))
        .options(contains_eager(Application.round)),
        {"me": user.id},
    )
    return {
        (Source.MESSAGE, one.id): Item(Source.MESSAGE, one.id, one.sent_at, application, read_at=read_at)
        for one, application, read_at in rows
    }


def _notices(ids: Sequence[int]) -> dict[tuple[Source, int], Item]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Mail, Application)
        .join(Application, Application.id == Mail.application_id)
        .join(Application.round)
        .where(Mail.id.in_(ids))
        .options(contains_eager(Application.round))
    )
    return {
        (Source.NOTICE, one.id): Item(
            Source.NOTICE, one.id, one.created_at, application, title=one.subject, body=one.body
        )
        for one, application in rows
    }
