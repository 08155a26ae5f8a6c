"""Opening the file of a letter: who of the collaboration did so first, and when (Awb 2:17, 2:25)."""

from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision, Letter
from subsidy.services import events, letters
from subsidy.services.inbox import in_the_file
from workflows.permissions import Actor


def open_letter(
    application: Application, letter_id: int, *, actor: Actor, now: datetime, records: bool = True
) -> Letter | None:
    """Record that this person opened a letter, and give it; None for what does not lie in the file.

    For each person the first time counts; with a decision stays when anyone first did. Without `records`
    nobody reads: a program asks whether the file is there, or it is a courtesy translation.
    """
    letter = db.session.scalars(
        select(Letter)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .where(Letter.id == letter_id, Letter.application_id == application.id, in_the_file())
    ).one_or_none()
    if letter is not None and records:
        _record(letter, actor=actor, now=now)
    return letter


def open_decision_letter(
    application: Application,
    *,
    actor: Actor,
    now: datetime,
    decision_id: int | None = None,
    records: bool = True,
) -> Letter | None:
    """Do the same for the letter of a decision; without `decision_id` that of the newest one announced."""
    query = (
        select(Letter.id)
        .join(Decision, Decision.id == Letter.decision_id)
        .where(Decision.application_id == application.id, in_the_file())
        .order_by(Decision.announced_at.desc(), Decision.id.desc())
        .limit(1)
    )
    letter_id = db.session.scalar(query if decision_id is None else query.where(Decision.id == decision_id))
    if letter_id is None:
        return None
    return open_letter(application, letter_id, actor=actor, now=now, records=records)


def open_receipt(application: Application, sha256: str, *, actor: Actor, now: datetime) -> None:
    """Record that a receipt was opened by an address from before receipts were letters."""
    letter_id = db.session.scalar(
        select(Letter.id).where(Letter.application_id == application.id, Letter.sha256 == sha256)
    )
    if letter_id is not None:
        open_letter(application, letter_id, actor=actor, now=now)


def _record(letter: Letter, *, actor: Actor, now: datetime) -> None:
    events.look("letter", at=now, user_id=actor.user_id, application_id=letter.application_id)
    if actor.user_id is not None:
        letters.mark_read(letter, user_id=actor.user_id, now=now)
    if letter.decision is not None and letter.decision.read_at is None:
        letter.decision.read_at = now
    db.session.flush()
