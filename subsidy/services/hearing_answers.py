"""What an applicant says in a hearing: sent in by themselves, or written down by an officer (Awb 4:9).

An answer is given once and no longer changes. After the term it is still taken, as late, until a decision
was confirmed: the office sees that it is late and decides what it does with it.
"""

from datetime import date, datetime, time

from sqlalchemy import bindparam, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Hearing
from subsidy.services import announcements, events, mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.hearings import HearingError, is_late
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import Actor, Can, may
from workflows.states import ApplicationState

# What was said or came on paper has a day and no hour: it counts from noon of that day.
NOON = time(12)
TAKEN_SINCE = select(Decision.id).where(
    Decision.application_id == bindparam("file"),
    Decision.confirmed_at > bindparam("since"),
    Decision.returned_at.is_(None),
)


def answer(application: Application, hearing_id: int, text: str, *, actor: Actor, now: datetime) -> Hearing:
    """Send in what the applicant says; every member gets it by mail. The same again is this answer.

    Raises NotAllowedError; HearingError `unknown`, `answered`, `gone_on`, `blank_answer`.
    """
    _ask(Can.HEARING_ANSWER, application, actor, now)
    hearing = _lock(application, hearing_id)
    if hearing.answered_at is not None and hearing.answer == text.strip():
        return hearing
    _refuse(application, hearing, text)
    _take(hearing, text, at=now, by_mouth=False, actor=actor)
    _tell("hearing.answered", application, hearing, actor=actor, now=now)
    return hearing


def write_down(
    application: Application,
    hearing_id: int,
    text: str,
    *,
    received_on: date,
    by_mouth: bool,
    actor: Actor,
    now: datetime,
) -> Hearing:
    """Keep what the applicant said to an officer, or sent on paper; it counts from the day it came in.

    Who has an account gets it by mail, to see that it is right. Raises NotAllowedError; HearingError
    `unknown`, `answered`, `gone_on`, `blank_answer`, `received_outside`.
    """
    _ask(Can.HEARING_MANAGE, application, actor, now)
    hearing = _lock(application, hearing_id)
    if hearing.answered_at is not None and hearing.answer == text.strip():
        return hearing
    _refuse(application, hearing, text)
    if not clock.day_of(hearing.opened_at) <= received_on <= clock.day_of(now):
        raise HearingError("received_outside")
    noon = max(datetime.combine(received_on, NOON, AMSTERDAM), hearing.opened_at)
    _take(hearing, text, at=min(noon, now), by_mouth=by_mouth, actor=actor)
    _tell("hearing.written_down", application, hearing, actor=actor, now=now)
    return hearing


def takes_answers(application: Application, hearing: Hearing) -> bool:
    """Whether an answer can still be given; after the term it is late."""
    if hearing.answered_at is not None or application.state == ApplicationState.WITHDRAWN:
        return False
    since = {"file": application.id, "since": hearing.opened_at}
    return db.session.scalar(TAKEN_SINCE, since) is None


def _lock(application: Application, hearing_id: int) -> Hearing:
    """Lock the application, so that no decision passes by, and then the hearing."""
    db.session.refresh(application, with_for_update=LOCK)
    hearing = db.session.get(Hearing, hearing_id, with_for_update=LOCK, populate_existing=True)
    if hearing is None or hearing.application_id != application.id:
        raise HearingError("unknown")
    return hearing


def _refuse(application: Application, hearing: Hearing, text: str) -> None:
    if hearing.answered_at is not None:
        raise HearingError("answered")
    if not takes_answers(application, hearing):
        raise HearingError("gone_on")
    if not text.strip():
        raise HearingError("blank_answer")


def _take(hearing: Hearing, text: str, *, at: datetime, by_mouth: bool, actor: Actor) -> None:
    hearing.answer, hearing.by_mouth = text.strip(), by_mouth
    hearing.answered_at, hearing.answered_by = at, actor.user_id
    db.session.flush()


def _tell(name: str, application: Application, hearing: Hearing, *, actor: Actor, now: datetime) -> None:
    """Append the event, and confirm to every member what was received."""
    # The words lie beside the event, erasable; its own salted digest of them proves what was said.
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"hearing": hearing.id, "by_mouth": hearing.by_mouth, "late": is_late(hearing)},
        personal={"answer": hearing.answer},
    )
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"hearing_received:{hearing.id}",
        template="hearing_received",
        context={"hearing": hearing, "late": is_late(hearing)},
        now=now,
    )


def _ask(can: Can, application: Application, actor: Actor, now: datetime) -> None:
    if not may(actor, can, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(can)
