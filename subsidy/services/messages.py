"""Messages in the file of an application: the collaboration and the office write to each other.

A message is read when somebody of the other side opens it. For the office that is an officer, who can
answer; who else looks goes to the access log. When each was sent, whether its notification arrived and who
read it when is kept, because the burden of proof is the authority's (Awb 2:17, 2:25). The mail tells that
there is a message and never what it says.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, bindparam, exists, func, select

import config
from subsidy.db import LOCK, db, insert_into
from subsidy.models import Application, Mail, Message, MessageReading, OutboxRow, User
from subsidy.services import announcements, events, mail
from workflows.permissions import Actor

PAGE = 20


class UnreachableError(Exception):
    """Nobody of the collaboration can be notified, so a message would reach nobody."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who opened a message for the first time when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a page shows it.

    `deliveries` says of each notification: waiting, sending, uncertain, sent or failed. `unread` is true
    when it is from the other side and this person had not opened it before.
    """

    id: int
    from_office: bool
    author: str
    body: str
    sent_at: datetime
    readings: tuple[Reading, ...]
    deliveries: tuple[str, ...]
    unread: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of messages, newest first, and the id before which the next page ends, if there is one."""

    letters: list[Letter]
    next_before: int | None

    @property
    def newest(self) -> int:
        """The id of the newest message on the page; 0 when there is none."""
        return self.letters[0].id if self.letters else 0


def send(
    application: Application,
    body: str,
    *,
    from_office: bool,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Message:
    """Put a message in the file and tell the other side by mail that it is there.

    `seen` is the newest message that the page of the sender showed: the same words of the same person
    after it are this message, sent already (a button pressed twice, an answer that got lost on the way).
    Raises UnreachableError when the office writes to a collaboration without a confirmed address.
    """
    db.session.refresh(application, with_for_update=LOCK)
    sent = _sent_already(application, body, from_office=from_office, seen=seen, actor=actor)
    if sent is not None:
        return sent
    message = Message(
        application_id=application.id,
        from_office=from_office,
        author_id=actor.user_id,
        body=body,
        sent_at=now,
    )
    db.session.add(message)
    db.session.flush()
    # The words lie beside the event, erasable; its own salted digest of them proves what was said.
    events.append(
        "message.sent",
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"message": message.id, "from_office": from_office},
        personal={"body": body},
    )
    if from_office:
        _notify_collaboration(application, message, now=now)
    else:
        _notify_office(application, message, now=now)
    return message


def page_of(
    application: Application, *, user_id: int | None, for_office: bool, before: int | None = None
) -> Page:
    """Return a page of the messages of a file, newest first, before the one with this id. Three queries."""
    query = (
        select(Message, User.name)
        .join(User, User.id == Message.author_id)
        .where(Message.application_id == application.id)
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query if before is None else query.where(Message.id < before)).all()
    found = [(message, author) for message, author in rows[:PAGE]]
    readings = _readings([message.id for message, _author in found])
    deliveries = _deliveries(application, [message for message, _author in found])
    letters = [
        Letter(
            id=message.id,
            from_office=message.from_office,
            author=author,
            body=message.body,
            sent_at=message.sent_at,
            readings=tuple(Reading(name, at) for _user, name, at in readings[message.id]),
            deliveries=tuple(deliveries[message.id]),
            unread=message.from_office is not for_office
            and all(user != user_id for user, _name, _at in readings[message.id]),
        )
        for message, author in found
    ]
    return Page(letters, found[-1][0].id if len(rows) > PAGE else None)


def mark_read(letters: Sequence[Letter], *, user_id: int, now: datetime) -> None:
    """Record that this person opened these messages; a first reading stays as it is."""
    new = [{"message_id": one.id, "user_id": user_id, "read_at": now} for one in letters if one.unread]
    if new:
        db.session.execute(insert_into(MessageReading).values(new).on_conflict_do_nothing())


def can_be_reached(application: Application) -> bool:
    """Whether somebody of the collaboration has a confirmed address."""
    return bool(announcements.find_addresses(application.id))


def unread_by_office() -> ColumnElement[bool]:
    """The condition that a message is for the office and no officer opened it yet."""
    return ~Message.from_office & ~exists().where(MessageReading.message_id == Message.id)


# Put together once: building a query costs about as much as running it.
UNREAD_IN_FILE = (
    select(func.count())
    .select_from(Message)
    .where(Message.application_id == bindparam("file"), unread_by_office())
)


def count_unread_by_office(application: Application) -> int:
    """Count the messages of the collaboration that no officer opened yet; one query."""
    return db.session.scalar(UNREAD_IN_FILE, {"file": application.id}) or 0


def _sent_already(
    application: Application, body: str, *, from_office: bool, seen: int | None, actor: Actor
) -> Message | None:
    if seen is None:
        return None
    return db.session.scalars(
        select(Message)
        .where(
            Message.application_id == application.id,
            Message.id > seen,
            Message.author_id == actor.user_id,
            Message.from_office == from_office,
            Message.body == body,
        )
        .limit(1)
    ).one_or_none()


def _notify_collaboration(application: Application, message: Message, *, now: datetime) -> None:
    people = announcements.find_addresses(application.id)
    if not people:
        raise UnreachableError
    mail.compose_for(people, application, f"message:{message.id}", template="message", now=now)


def _notify_office(application: Application, message: Message, *, now: datetime) -> None:
    settings: config.Settings = current_app.config["SETTINGS"]
    mail.compose(
        f"message:{message.id}:office",
        recipient=settings.office_email,
        template="message_to_office",
        context={"application": application},
        now=now,
        application_id=application.id,
    )


def _readings(ids: Sequence[int]) -> Mapping[int, list[tuple[int, str, datetime]]]:
    found: defaultdict[int, list[tuple[int, str, datetime]]] = defaultdict(list)
    rows = db.session.execute(
        select(MessageReading.message_id, MessageReading.user_id, User.name, MessageReading.read_at)
        .join(User, User.id == MessageReading.user_id)
        .where(MessageReading.message_id.in_(ids))
        .order_by(MessageReading.read_at, MessageReading.user_id)
    )
    for message_id, user_id, name, read_at in rows:
        found[message_id].append((user_id, name, read_at))
    return found


def _deliveries(application: Application, found: Sequence[Message]) -> Mapping[int, list[str]]:
    """Return how each notification fares; the mails of a message are as old as the message itself.

    A mail whose work was given up is one that failed.
    """
    by_message: defaultdict[int, list[str]] = defaultdict(list)
    if not found:
        return by_message
    rows = db.session.execute(
        select(Mail.key, Mail.delivery, OutboxRow.dead_at)
        .outerjoin(OutboxRow, OutboxRow.key == "mail:" + Mail.key)
        .where(
            Mail.application_id == application.id,
            Mail.key.like("message:%"),
            Mail.created_at.between(found[-1].sent_at, found[0].sent_at),
        )
        .order_by(Mail.id)
    )
    for key, delivery, dead_at in rows:
        failed = delivery != "sent" and dead_at is not None
        by_message[int(key.split(":")[1])].append("failed" if failed else delivery)
    return by_message
