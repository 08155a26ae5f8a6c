"""Sending the letters of a round: started by an officer, done by jobs, one letter each; held up and let go.

How far it is follows from the decisions, their letters and their work in the outbox. What a job cannot send
stays in sight with the reason and stops nothing else.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select, update

from subsidy import clock
from subsidy.db import db, insert_into
from subsidy.models import Application, Decision, Letter, OutboxRow, Round, Sending, User
from subsidy.services import announcements, events, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.announcements import by_notification, is_confirmed
from workflows.permissions import Actor, Can, may

PAGE = 50


class Counts(NamedTuple):
    """How many letters of one round and day are where, each in one place; `by_post` is to be posted yet."""

    waiting: int
    failed: int
    by_post: int
    sent: int
    posted: int

    @property
    def total(self) -> int:
        """How many letters there are."""
        return sum(self)

    @property
    def busy(self) -> bool:
        """Whether a page that shows this has to look again."""
        return self.waiting + self.failed > 0


class Failure(NamedTuple):
    """A letter that could not be sent: what the mail server said, and when it is tried again, if it is."""

    application_id: int
    reference: str
    decision_id: int
    letter_id: int | None
    error: str
    attempts: int
    due_at: datetime
    gave_up: bool


def start(round_: Round, *, actor: Actor, now: datetime) -> Sending:
    """Send every confirmed letter of today that goes by notification; starting twice sends nothing twice.

    What is paused stays so. Raises NotAllowedError.
    """
    sending = _of_today(round_, actor, now)
    announcements.send_today(round_, actor=actor, now=now)
    return sending


def pause(round_: Round, *, actor: Actor, now: datetime) -> bool:
    """Hold up every letter of this round and day; one that is being sent at this moment still goes.

    False when it was held up already. Raises NotAllowedError.
    """
    return _turn(_of_today(round_, actor, now), actor, now, paused=True)


def resume(round_: Round, *, actor: Actor, now: datetime) -> bool:
    """Let the letters of this day go on, now. False when nothing held them up. Raises NotAllowedError."""
    sending = _of_today(round_, actor, now)
    if not _turn(sending, actor, now, paused=False):
        return False
    announcements.send_today(round_, actor=actor, now=now)
    return True


def try_again(application: Application, *, actor: Actor, now: datetime) -> bool:
    """Send the letter of today that failed once more; false when there is none. Raises NotAllowedError."""
    if not may(actor, Can.LETTER_ANNOUNCE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.LETTER_ANNOUNCE)
    decision = db.session.scalars(
        select(Decision).where(
            Decision.application_id == application.id,
            is_confirmed(),
            by_notification(),
            Decision.announce_on == clock.day_of(now),
        )
    ).one_or_none()
    return decision is not None and outbox.again([announcements.key_of(decision)], now=now) > 0


def find(round_: Round, day: date) -> Sending | None:
    """Return the sending of this round and day, when somebody asked for one."""
    return db.session.scalars(
        select(Sending).where(Sending.round_id == round_.id, Sending.day == day)
    ).one_or_none()


def people_of(sending: Sending) -> dict[int, str]:
    """Return the names of who asked for a sending and who holds it up."""
    ids = {sending.asked_by, sending.paused_by} - {None}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def counts(round_: Round, day: date) -> Counts:
    """Count where the letters of one round and day are; one query."""
    announced = Decision.announced_at.is_not(None)
    posted = Letter.posted_at.is_not(None)
    trouble = has_trouble()
    row = db.session.execute(
        _letters_of(round_, day).with_only_columns(
            _count(~announced & by_notification() & ~trouble),
            _count(~announced & by_notification() & trouble),
            _count(~announced & ~by_notification()),
            _count(announced & ~posted),
            _count(announced & posted),
        )
    ).one()
    return Counts(*row)


def find_failures(round_: Round, day: date, *, after: str = "", limit: int = PAGE) -> Sequence[Failure]:
    """Return the letters of one round and day that could not be sent, by reference; one query."""
    rows: Iterable[Any] = db.session.execute(
        _letters_of(round_, day)
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.announced_at.is_(None), by_notification(), has_trouble())
        .where(Application.reference > after)
        .order_by(Application.reference)
        .limit(limit)
        .with_only_columns(
            Application.id,
            Application.reference,
            Decision.id,
            Letter.id,
            OutboxRow.last_error,
            OutboxRow.attempts,
            OutboxRow.due_at,
            OutboxRow.dead_at.is_not(None),
        )
    )
    return [Failure(*row) for row in rows]


def has_trouble() -> ColumnElement[bool]:
    """Be work that was tried and failed, and is not started afresh since."""
    return and_(
        OutboxRow.done_at.is_(None),
        OutboxRow.last_error != "",
        or_(OutboxRow.dead_at.is_not(None), OutboxRow.attempts > 0),
    )


def _letters_of(round_: Round, day: date) -> Select[Any]:
    """The confirmed decisions of a day, each with its letter and its work."""
    work = literal("announce:").concat(cast(Decision.id, String))
    return (
        select(Decision)
        .outerjoin(OutboxRow, OutboxRow.key == work)
        .outerjoin(Letter, Letter.decision_id == Decision.id)
        .where(
            Decision.round_id == round_.id,
            Decision.returned_at.is_(None),
            Decision.confirmed_at.is_not(None),
            Decision.announce_on == day,
        )
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _of_today(round_: Round, actor: Actor, now: datetime) -> Sending:
    """Give the row of today, made by who is first; whoever changes it holds it until the commit."""
    if not may(actor, Can.LETTERS_SEND, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.LETTERS_SEND)
    day = clock.day_of(now)
    first = db.session.execute(
        insert_into(Sending)
        .values(round_id=round_.id, day=day, asked_by=actor.user_id, asked_at=now)
        .on_conflict_do_nothing(index_elements=["round_id", "day"])
        .returning(Sending.id)
    ).first()
    sending = db.session.scalars(
        select(Sending)
        .where(Sending.round_id == round_.id, Sending.day == day)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if first is not None:
        _record("round.sending_asked", sending, actor, now)
    return sending


def _turn(sending: Sending, actor: Actor, now: datetime, *, paused: bool) -> bool:
    """Hold up or let go; one update, so that of two who do it at once one did."""
    otherwise = Sending.paused_at.is_(None) if paused else Sending.paused_at.is_not(None)
    changed = db.session.execute(
        update(Sending)
        .where(Sending.id == sending.id, otherwise)
        .values(paused_at=now if paused else None, paused_by=actor.user_id if paused else None)
        .returning(Sending.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        return False
    db.session.refresh(sending)
    _record("round.sending_paused" if paused else "round.sending_resumed", sending, actor, now)
    return True


def _record(name: str, sending: Sending, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=sending.round_id,
        facts={"day": sending.day.isoformat()},
    )
