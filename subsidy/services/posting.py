"""Recording that letters were put in the post today: one, or all of a run of the mail room."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Letter, MailRun, Round
from subsidy.services import announcements, letters, mail_runs, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.recording import record
from workflows.permissions import Actor, Can, may


class ReplacedError(Exception):
    """A newer run of the mail room took the place of this one, or it was not made."""


class Outcome(NamedTuple):
    """How many letters were recorded as posted, and how many decisions could not be: their day is over."""

    posted: int
    missed: int


def post_run(round_: Round, run: MailRun, *, actor: Actor, now: datetime) -> Outcome:
    """Record that the letters of a run were posted today; the decisions among them are announced by it.

    Done twice it is done once. What was notified or posted otherwise meanwhile is left.
    Raises NotAllowedError and ReplacedError.
    """
    if not may(actor, Can.LETTERS_SEND, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.LETTERS_SEND)
    db.session.refresh(round_, with_for_update=LOCK)
    last = mail_runs.find_last(round_)
    if last is None or last.id != run.id or last.pdf_sha256 is None:
        raise ReplacedError
    if last.posted_at is not None:
        return Outcome(0, 0)
    decided = db.session.scalars(
        select(Decision)
        .join(Letter, Letter.decision_id == Decision.id)
        .where(Letter.mail_run_id == run.id, announcements.is_confirmed())
        .order_by(Decision.id)
        .with_for_update(key_share=True, of=Decision)
    ).all()
    today = [one for one in decided if one.announce_on == clock.day_of(now)]
    for decision in today:
        announcements.record_posted(decision, actor=actor, now=now)
    others = db.session.scalars(
        select(Letter)
        .where(Letter.mail_run_id == run.id, Letter.decision_id.is_(None), Letter.posted_at.is_(None))
        .order_by(Letter.id)
    ).all()
    for letter in others:
        _post(letter, actor, now)
    last.posted_at, last.posted_by = now, actor.user_id
    db.session.flush()
    return Outcome(len(today) + len(others), len(decided) - len(today))


def post_letter(application: Application, letter: Letter, *, actor: Actor, now: datetime) -> None:
    """Record that one letter was posted today; once is enough.

    Raises NotAllowedError, and DecisionError (see announcements.announce_by_post) for that of a decision.
    """
    if letter.decision_id is not None:
        announcements.announce_by_post(application, actor=actor, now=now)
        return
    if not may(actor, Can.LETTER_ANNOUNCE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.LETTER_ANNOUNCE)
    db.session.refresh(letter, with_for_update=LOCK)
    if letter.placed_at is not None and letter.posted_at is None:
        _post(letter, actor, now)


def _post(letter: Letter, actor: Actor, now: datetime) -> None:
    letters.mark_posted(letter, at=now, by=actor.user_id)
    record(letter.application, "application.letter_posted", actor, now, letter=letter.id, kind=letter.kind)
