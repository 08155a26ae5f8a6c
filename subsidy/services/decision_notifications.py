"""The notifications of a decision: written once for each person, sent until one is accepted (Awb 2:10)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Decision, Letter, Mail, User
from subsidy.services import letters, mail

# In the key of a notification that goes to another address than that of the account (services/readdressing).
ELSEWHERE = ":elsewhere:"


class AnnouncementFailedError(Exception):
    """No notification could be sent; the outbox tries again and shows this to an officer."""


def is_readdressed(key: str) -> bool:
    """Whether this is the key of a notification that an officer sent to another address."""
    return ELSEWHERE in key


def original_key(key: str) -> str:
    """Give the key of the notification that one to another address was made from; its own for any other."""
    return key.partition(ELSEWHERE)[0]


def find(decision: Decision) -> list[Mail]:
    """Return the notifications of a decision that were written."""
    query = select(Mail).where(Mail.key.like(f"decision:{decision.id}:%")).order_by(Mail.id)
    return list(db.session.scalars(query))


def write(decision: Decision, people: Sequence[User], *, now: datetime) -> list[Mail]:
    """Write one mail per person (Awb 2:10: the consequence, what is expected, the term), not yet sent.

    Those that an officer sent to another address go along. Nobody to tell is nothing written.
    """
    application = decision.application
    letter = letter_of(decision, now=now)
    written = [
        mail.compose(
            f"decision:{decision.id}:{user.id}",
            recipient=user.email,
            template="decision_notification",
            context={
                "name": user.name,
                "kind": letter.kind,
                "replaces": decision.replaces_id is not None,
                "reference": application.reference,
                "title": application.title,
                "round_title": application.round.title,
                "announced_on": decision.announce_on,
                "objection_last_day": decision.objection_last_day,
                "expected": letter.expected,
            },
            now=now,
            application_id=application.id,
            locale=user.locale,
            letter_id=letter.id,
            queued=False,
        )
        for user in people
    ]
    readdressed = [one for one in find(decision) if is_readdressed(one.key)]
    return [*written, *readdressed] if written else []


def send_one(notifications: Sequence[Mail]) -> None:
    """Send until one is accepted; who comes after it is told through the outbox.

    Raises AnnouncementFailedError when none was.
    """
    problem = ""
    for one in notifications:
        try:
            mail.deliver({"mail_id": one.id})
        except OSError as error:  # every fault of SMTP and of the network is one
            db.session.rollback()
            problem = f"{type(error).__name__}: {error}"
        else:
            return
    raise AnnouncementFailedError(problem)


def letter_of(decision: Decision, *, now: datetime) -> Letter:
    """Give the row of the letter, which knows its bytes also when they were drawn before there were rows."""
    letter = letters.of_decision(decision, now=now)
    if letter.sha256 is None and decision.letter_sha256 is not None:
        letters.keep_drawn(letter, decision.letter_sha256)
        db.session.refresh(letter)
    return letter
