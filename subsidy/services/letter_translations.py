"""The courtesy translation of the letter of a decision: who gets it unasked, asking for it, where it stands.

A job makes it from the same stored facts as the letter (documents/letter_translations); it has no legal
force.
Letters of the procedure have none: their notifications are in the language of the reader.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Letter, Membership, OutboxRow, User
from subsidy.services import outbox

TOPIC = "letter_translation"
ENGLISH = "en"


class Standing(StrEnum):
    """Where the translation of a letter stands."""

    # There is none for this letter.
    NONE = ""
    # Nobody asked for it.
    OPEN = "open"
    # A job makes it.
    ASKED = "asked"
    # It could not be made; asking again tries again.
    FAILED = "failed"
    READY = "ready"


def standing_of(letter: Letter) -> Standing:
    """Tell where the translation of a letter stands; at most one query."""
    if letter.english_sha256 is not None:
        return Standing.READY
    if not _can_have(letter):
        return Standing.NONE
    row = db.session.execute(select(OutboxRow.dead_at).where(OutboxRow.key == _key(letter))).one_or_none()
    if row is None:
        return Standing.OPEN
    return Standing.ASKED if row.dead_at is None else Standing.FAILED


def ask(letter: Letter, *, now: datetime) -> Standing:
    """Have a letter translated, in the caller's transaction; asking twice is asking once.

    Returns where it stands then: NONE for a letter that has no translation.
    """
    standing = standing_of(letter)
    if standing in {Standing.NONE, Standing.READY}:
        return standing
    outbox.post(TOPIC, _key(letter), {"letter_id": letter.id}, now=now)
    if standing is Standing.FAILED:
        outbox.hasten(_key(letter), now=now)
    return Standing.ASKED


def ask_for_readers(letter: Letter, *, now: datetime) -> None:
    """Have a letter translated where somebody of the collaboration reads English."""
    reader = db.session.scalar(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.application_id == letter.application_id,
            User.locale == ENGLISH,
            User.disabled_at.is_(None),
        )
        .limit(1)
    )
    if reader is not None:
        ask(letter, now=now)


def _can_have(letter: Letter) -> bool:
    """Only a decision that was taken here has the facts for one, and only what was announced is shown."""
    return letter.decision_id is not None and letter.placed_at is not None and letter.sha256 is not None


def _key(letter: Letter) -> str:
    return f"{TOPIC}:{letter.id}"
