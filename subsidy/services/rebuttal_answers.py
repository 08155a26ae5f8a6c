"""The answer of the applicant to the reports: a draft, the answer as it was sent, and the end of the term.

Not answering is fine. What was sent stays; with it, or with the term, the application goes back to the
review. A draft that was never sent is not shown to the committee.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, exists, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Membership, Rebuttal, User
from subsidy.services import announcements, events, mail, rebuttals, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.rebuttals import RebuttalError
from workflows import rebuttal as policy
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import SYSTEM, Actor, Can, may
from workflows.states import ApplicationState

# Paper has a day and no hour: it counts from noon of the day on which it came in.
NOON = time(12)


class ClashError(Exception):
    """Another of the collaboration saved something else meanwhile; `stored` is that text."""

    def __init__(self, stored: str, version: int) -> None:
        super().__init__("somebody else saved an answer")
        self.stored = stored
        self.version = version


def save(application: Application, text: str, *, version: int, actor: Actor, now: datetime) -> Rebuttal:
    """Keep a draft of the answer; `version` is that of the page. The same text twice is one save.

    Raises ClashError; RebuttalError `not_released`, `sent`, `over` with the last day; NotAllowedError.
    """
    rebuttal = rebuttals.lock(application)
    _refuse_closed(rebuttal, now=now)
    _ask(Can.REBUTTAL_WRITE, application, actor, now)
    if rebuttal.answer == text:
        return rebuttal
    if rebuttal.version != version:
        raise ClashError(rebuttal.answer, rebuttal.version)
    rebuttal.answer, rebuttal.saved_at = text, now
    rebuttal.version += 1
    db.session.flush()
    return rebuttal


def send(
    application: Application, text: str, *, words: int, version: int, actor: Actor, now: datetime
) -> Rebuttal:
    """Send the answer in; it cannot be changed any more, and every member gets it by mail.

    `words` is its length. The same answer again is this answer, sent already. Raises as `save`, and
    RebuttalError `blank`, `too_long`.
    """
    db.session.refresh(application, with_for_update=LOCK)
    there = rebuttals.lock(application)
    if there.sent_at is not None and there.answer == text:
        return there
    rebuttal = save(application, text, version=version, actor=actor, now=now)
    _refuse_text(rebuttal, text, words)
    _record("rebuttal.sent", application, text, words=words, actor=actor, now=now)
    _take(application, rebuttal, text, sent_at=now, actor=actor, now=now)
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"rebuttal_received:{application.id}",
        template="rebuttal_received",
        context={"rebuttal": rebuttal},
        now=now,
    )
    return rebuttal


def enter(
    application: Application, text: str, *, words: int, received_on: date, actor: Actor, now: datetime
) -> Rebuttal:
    """Enter an answer that came in on paper, of an applicant who has no account here.

    It counts from the day on which it came in, also when the term has passed since. Raises RebuttalError
    `not_released`, `sent`, `blank`, `too_long`, `has_members`, `received_early`, `received_late`,
    `gone_on`; NotAllowedError.
    """
    _ask(Can.REBUTTAL_MANAGE, application, actor, now)
    db.session.refresh(application, with_for_update=LOCK)
    rebuttal = rebuttals.lock(application)
    if rebuttal.sent_at is not None:
        if rebuttal.answer == text:
            return rebuttal
        raise RebuttalError("sent")
    if has_members(application):
        raise RebuttalError("has_members")
    if application.state not in {ApplicationState.REBUTTAL, ApplicationState.IN_REVIEW}:
        raise RebuttalError("gone_on")
    if received_on > clock.day_of(now) or received_on < clock.day_of(rebuttal.released_at):
        raise RebuttalError("received_early")
    if not policy.in_time(received_on, rebuttal.last_day):
        raise RebuttalError("received_late", last_day=rebuttal.last_day)
    _refuse_text(rebuttal, text, words)
    rebuttal.version += 1
    received_at = max(datetime.combine(received_on, NOON, AMSTERDAM), rebuttal.released_at)
    _record("rebuttal.entered", application, text, words=words, actor=actor, now=now)
    _take(application, rebuttal, text, sent_at=min(received_at, now), actor=actor, now=now)
    return rebuttal


def close_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `rebuttal_closing`: the term passed, so the application goes back to the review.

    Answered in time, or withdrawn: nothing to do. Before the last day is over the machine refuses.
    """
    application = db.session.get(Application, payload["application_id"], with_for_update=LOCK)
    if application is None or application.state != ApplicationState.REBUTTAL:
        return
    _close(application, rebuttals.lock(application), now=clock.read())


def remind_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `rebuttal_reminder`: tell who did not answer yet that the term is nearly over."""
    application = db.session.get(Application, payload["application_id"], with_for_update=LOCK)
    if application is None or application.state != ApplicationState.REBUTTAL:
        return
    rebuttal, now = rebuttals.lock(application), clock.read()
    if rebuttal.reminded_at is not None or rebuttals.is_over(rebuttal, now=now):
        return
    rebuttal.reminded_at = now
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"rebuttal_reminder:{application.id}",
        template="rebuttal_reminder",
        context={"rebuttal": rebuttal},
        now=now,
    )
    db.session.flush()


def has_members(application: Application) -> bool:
    """Whether somebody of the collaboration has an account here; then they answer themselves."""
    return bool(db.session.scalar(HAS_MEMBERS, {"file": application.id}))


# Put together once: building a query costs about as much as running it.
HAS_MEMBERS = select(exists().where(Membership.application_id == bindparam("file")))


def who_sent(rebuttal: Rebuttal) -> str | None:
    """Return the name of who sent or entered the answer."""
    return None if rebuttal.sent_by is None else db.session.get_one(User, rebuttal.sent_by).name


def _take(
    application: Application,
    rebuttal: Rebuttal,
    text: str,
    *,
    sent_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    rebuttal.answer, rebuttal.sent_at, rebuttal.sent_by = text, sent_at, actor.user_id
    if application.state == ApplicationState.REBUTTAL:
        _close(application, rebuttal, now=now)
    db.session.flush()


def _close(application: Application, rebuttal: Rebuttal, *, now: datetime) -> None:
    answered = rebuttal.sent_at is not None
    advance(
        application,
        "close_rebuttal",
        actor=SYSTEM,
        now=now,
        facts={"rebuttal_concluded": rebuttals.is_over(rebuttal, now=now)},
        record={"answered": answered},
    )
    rebuttal.closed_at = now
    db.session.flush()


def _refuse_closed(rebuttal: Rebuttal, *, now: datetime) -> None:
    if rebuttal.sent_at is not None:
        raise RebuttalError("sent")
    if rebuttals.is_over(rebuttal, now=now):
        raise RebuttalError("over", last_day=rebuttal.last_day)


def _refuse_text(rebuttal: Rebuttal, text: str, words: int) -> None:
    if not text.strip():
        raise RebuttalError("blank")
    if words > rebuttal.max_words:
        raise RebuttalError("too_long", words=words, most=rebuttal.max_words)


def _ask(can: Can, application: Application, actor: Actor, now: datetime) -> None:
    if not may(actor, can, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(can)


def _record(
    name: str, application: Application, text: str, *, words: int, actor: Actor, now: datetime
) -> None:
    # The words lie beside the event, erasable; its own salted digest of them proves what was said.
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"words": words},
        personal={"answer": text},
    )
    db.session.flush()
