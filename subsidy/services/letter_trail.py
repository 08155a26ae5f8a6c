"""The way of each letter of an application: drawn, placed, notified to whom, posted by whom, read by whom.

Delivery and reading are the authority's to prove (Awb 2:17).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import joinedload

from subsidy.db import db
from subsidy.models import Application, Letter, LetterReading, Mail, OutboxRow, User
from subsidy.services.by_post import window_of
from subsidy.services.decision_notifications import is_readdressed, original_key


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification: to which address, how it fares, and what the mail server said last."""

    mail_id: int
    recipient: str
    delivery: str
    sent_at: datetime | None
    error: str
    gave_up: bool
    # An officer sent it to another address than that of the account.
    elsewhere: bool
    # It went to another address in its place.
    covered: bool

    @property
    def troubled(self) -> bool:
        """Whether somebody who should have got it did not."""
        return self.delivery != "sent" and not self.covered


@dataclass(frozen=True, slots=True)
class Reading:
    """Who of the collaboration opened a letter, and when for the first time."""

    name: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Trail:
    """A letter with what became of it; instants are None for what did not happen."""

    letter: Letter
    address_lines: tuple[str, ...]
    announce_on: date | None
    posted_by: str | None
    mail_run_id: int | None
    notices: list[Notice] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)


def trails_of(application: Application) -> Sequence[Trail]:
    """Return the letters of an application, the newest first, each with its way; three queries."""
    rows = db.session.execute(
        select(Letter, User.name)
        .outerjoin(User, User.id == Letter.posted_by)
        .options(joinedload(Letter.decision))
        .where(Letter.application_id == application.id)
        .order_by(Letter.id.desc())
    ).all()
    notices, readings = _notices(application.id), _readings(application.id)
    return [
        Trail(
            letter=letter,
            address_lines=window_of(letter.facts),
            announce_on=None if letter.decision is None else letter.decision.announce_on,
            posted_by=poster,
            mail_run_id=letter.mail_run_id,
            notices=notices[letter.id],
            readings=readings[letter.id],
        )
        for letter, poster in rows
        # Of a proposal that was sent back nothing went out.
        if letter.decision is None or letter.decision.returned_at is None
    ]


def find(application: Application, letter_id: int) -> Letter | None:
    """Return a letter of this application."""
    return db.session.scalars(
        select(Letter).where(Letter.id == letter_id, Letter.application_id == application.id)
    ).one_or_none()


def _notices(application_id: int) -> defaultdict[int, list[Notice]]:
    found: defaultdict[int, list[Notice]] = defaultdict(list)
    rows_of = db.session.execute(
        select(Letter.id, Mail, OutboxRow.last_error, OutboxRow.dead_at)
        .join(Mail, Mail.letter_id == Letter.id)
        .outerjoin(OutboxRow, OutboxRow.key == literal("mail:").concat(Mail.key))
        .where(Letter.application_id == application_id)
        .order_by(Mail.id)
    )
    rows = rows_of.all()
    arrived = {
        original_key(mail.key)
        for _letter, mail, *_work in rows
        if is_readdressed(mail.key) and mail.delivery == "sent"
    }
    for letter_id, mail, error, dead_at in rows:
        found[letter_id].append(
            Notice(
                mail_id=mail.id,
                recipient=mail.recipient,
                delivery=mail.delivery,
                sent_at=mail.sent_at,
                error="" if mail.delivery == "sent" else error or "",
                gave_up=dead_at is not None,
                elsewhere=is_readdressed(mail.key),
                covered=original_key(mail.key) in arrived,
            )
        )
    return found


def _readings(application_id: int) -> defaultdict[int, list[Reading]]:
    found: defaultdict[int, list[Reading]] = defaultdict(list)
    rows = db.session.execute(
        select(LetterReading.letter_id, User.name, LetterReading.read_at)
        .join(Letter, Letter.id == LetterReading.letter_id)
        .join(User, User.id == LetterReading.user_id)
        .where(Letter.application_id == application_id)
        .order_by(LetterReading.read_at, User.id)
    )
    for letter_id, name, read_at in rows:
        found[letter_id].append(Reading(name, read_at))
    return found
