"""Questions about a call: anybody with an account asks, the office answers, and everybody may read it.

Who applies must not know more than another, so an answer that matters to others is published, in words
without personal data. Some answers concern the asker alone and go only to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from subsidy.db import LOCK, db
from subsidy.models import CallQuestion, Round, User
from subsidy.services import events, mail, standing, throttle
from workflows.permissions import Actor
from workflows.states import Phase

PAGE = 50
# So many questions in a row need no waiting; see services/throttle.py.
FREE = 10
TAKES_QUESTIONS = (Phase.ANNOUNCED, Phase.OPEN)


class ClosedError(Exception):
    """The round is closed, so no questions are taken any more."""


class ClashError(Exception):
    """A colleague answered after the page was opened; `stored` is what is kept now."""

    def __init__(self, stored: CallQuestion) -> None:
        super().__init__("answered by somebody else in the meantime")
        self.stored = stored


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with who asked it, for the office."""

    question: CallQuestion
    asker: User


class Page(NamedTuple):
    """A page of questions, and the id after which the next page begins, if there is one."""

    asked: list[Asked]
    next_after: int | None


class Numbers(NamedTuple):
    """How many questions of a round wait for an answer, and how many have one."""

    waiting: int
    answered: int


def takes_questions(round_: Round, *, now: datetime) -> bool:
    """Whether the round takes questions: from its publication until it closes."""
    return standing.phase_of(round_, now) in TAKES_QUESTIONS


def ask(round_: Round, text: str, *, actor: Actor, now: datetime) -> CallQuestion:
    """Ask a question; the same words of the same person once more are the same question.

    Raises ClosedError, and TooManyAttemptsError for somebody who asks very much in a short time.
    """
    if not takes_questions(round_, now=now):
        raise ClosedError
    # Counting also keeps two requests of one person apart, so a double click finds the first question.
    throttle.attempt(throttle.Subject(f"question:{actor.user_id}", free=FREE), now=now)
    asked = db.session.scalars(
        select(CallQuestion)
        .where(
            CallQuestion.round_id == round_.id,
            CallQuestion.asked_by == actor.user_id,
            CallQuestion.asked == text,
        )
        .limit(1)
    ).one_or_none()
    if asked is not None:
        return asked
    question = CallQuestion(round_id=round_.id, asked=text, asked_by=actor.user_id, asked_at=now)
    db.session.add(question)
    db.session.flush()
    events.append(
        "question.asked",
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        facts={"question": question.id},
        personal={"asked": text},
    )
    return question


def answer(  # what an officer decides about an answer
    question: CallQuestion,
    round_: Round,
    *,
    wording: str,
    text: str,
    publish: bool,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer a question, or correct the answer; `wording` is the question as everybody may read it.

    `seen` is the version that the page showed. Raises ClashError when a colleague stored something else
    meanwhile. The asker gets a mail whenever the answer says something new.
    """
    db.session.refresh(question, with_for_update=LOCK)
    stored = (question.question, question.answer, question.published_at is not None)
    if stored == (wording, text, publish):
        return
    if version_of(question) != seen:
        raise ClashError(question)
    first, news = question.answered_at is None, question.answer != text
    if (question.question, question.answer) != (wording, text):
        question.question, question.answer, question.answered_at = wording, text, now
        question.answered_by = actor.user_id
    question.published_at = (question.published_at or now) if publish else None
    db.session.flush()
    events.append(
        "question.answered" if first else "question.corrected",
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        facts={"question": question.id, "published": publish},
        personal={"question": wording, "answer": text},
    )
    if news:
        _tell_asker(question, round_, corrected=not first, now=now)


def version_of(question: CallQuestion) -> str:
    """Name what is stored now: another answer or another publication has another name."""
    moments = (question.answered_at, question.published_at)
    return " ".join("-" if at is None else at.isoformat() for at in moments)


def changed_at(question: CallQuestion) -> datetime | None:
    """Return when a published question or answer was corrected after its publication, if it was."""
    if question.answered_at is None or question.published_at is None:
        return None
    return question.answered_at if question.answered_at > question.published_at else None


def find_published(round_: Round) -> Sequence[CallQuestion]:
    """Return what everybody may read, the latest publication first; one query."""
    return db.session.scalars(
        select(CallQuestion)
        .where(CallQuestion.round_id == round_.id, CallQuestion.published_at.is_not(None))
        .order_by(CallQuestion.published_at.desc(), CallQuestion.id.desc())
    ).all()


def find_own(round_: Round, user_id: int) -> Sequence[CallQuestion]:
    """Return what this person asked about the round, newest first; one query."""
    return db.session.scalars(
        select(CallQuestion)
        .where(CallQuestion.round_id == round_.id, CallQuestion.asked_by == user_id)
        .order_by(CallQuestion.id.desc())
    ).all()


def find(round_: Round, question_id: int) -> Asked | None:
    """Return one question of this round with who asked it, or None when the round has no such question."""
    row = db.session.execute(
        select(CallQuestion, User)
        .join(User, User.id == CallQuestion.asked_by)
        .where(CallQuestion.round_id == round_.id, CallQuestion.id == question_id)
    ).one_or_none()
    return None if row is None else Asked(*row)


def page_of(round_: Round, *, answered: bool, after: int | None = None) -> Page:
    """Return a page of the questions with or without an answer, longest waiting first; one query."""
    state = CallQuestion.answered_at.is_not(None) if answered else CallQuestion.answered_at.is_(None)
    query = (
        select(CallQuestion, User)
        .join(User, User.id == CallQuestion.asked_by)
        .where(CallQuestion.round_id == round_.id, state)
        .order_by(CallQuestion.id)
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query if after is None else query.where(CallQuestion.id > after)).all()
    shown = [Asked(question, asker) for question, asker in rows[:PAGE]]
    return Page(shown, shown[-1].question.id if len(rows) > PAGE else None)


def numbers_of(round_: Round) -> Numbers:
    """Count the questions of a round; one query."""
    total, answered = db.session.execute(
        select(func.count(), func.count(CallQuestion.answered_at)).where(CallQuestion.round_id == round_.id)
    ).one()
    return Numbers(total - answered, answered)


def _tell_asker(question: CallQuestion, round_: Round, *, corrected: bool, now: datetime) -> None:
    asker = db.session.get_one(User, question.asked_by)
    if not asker.is_active:
        return
    mail.compose(
        f"question:{question.id}:{now.isoformat()}",
        recipient=asker.email,
        template="question_answered",
        context={"user": asker, "round": round_, "question": question, "corrected": corrected},
        now=now,
        locale=asker.locale,
    )
