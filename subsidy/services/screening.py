"""The check by the office (ontvankelijkheid): findings of the rules, one chance to supplement, a verdict.

The rules find, a person concludes: a finding is advice, and the verdict is given with its reasons. Late,
the wrong region or too few domains is refused with a motivation; only what is missing can be supplemented
(Awb 4:5).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import bindparam, exists, func, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Round, Supplement, User, Verdict
from subsidy.services import (
    announcements,
    events,
    findings,
    letter_orders,
    mail,
    sent_versions,
    signatures,
    snapshots,
    standing,
)
from subsidy.services.advance import Effect, NotAllowedError, advance
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import SYSTEM, Actor, Can, may
from workflows.states import ApplicationState
from workflows.terms import Term, supplement_term

Conclusion = Literal["eligible", "ineligible"]

# After the last day of a term: a request that came in time may wait a while for its turn.
QUEUED = timedelta(minutes=5)


class ScreeningError(Exception):
    """A step of the screening is refused: a stable code and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


def screen_round_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `screen`: {"application_id": id} or {"round_id": id}."""
    if "round_id" in payload:
        findings.screen_round(db.session.get_one(Round, payload["round_id"]))
        return
    application = db.session.get(Application, payload["application_id"])
    if application is not None and application.state in findings.UNJUDGED:
        findings.screen_application(application)


def screen_again(application: Application, *, actor: Actor, now: datetime) -> None:
    """Run the checks anew because an officer asks. Raises NotAllowedError, ScreeningError `judged`."""
    if not may(actor, Can.SCREENING_WORK, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.SCREENING_WORK)
    if application.state not in findings.UNJUDGED:
        raise ScreeningError("judged")
    findings.screen_application(application)
    _record("application.screened", application, actor, now)


def term_to_supplement(application: Application, *, now: datetime) -> Term:
    """Return the term that an invitation of today would give (Awb 4:5)."""
    days = snapshots.definition_of(application.round).terms.supplement_days
    return supplement_term(clock.day_of(now), days)


def find_supplement(application: Application) -> Supplement | None:
    """Return the one invitation to supplement, if there was one."""
    return application.supplement


def request_supplement(
    application: Application, *, asked: str, sections: Collection[str], actor: Actor, now: datetime
) -> Supplement:
    """Ask once for what is missing, in the sections named, by letter, and tell every member (Awb 2:10, 4:5).

    Both say what is expected, until when, and what follows otherwise. From tomorrow until the
    supplement, or the end of the term, the decision term stands still (Awb 4:15(1)(a)). Raises
    TransitionError, NotAllowedError, ScreeningError `unknown_sections`.
    """
    definition = snapshots.definition_of(application.round)
    chosen = [section for section in definition.sections if section.id in sections]
    if not chosen or len(chosen) != len(set(sections)):
        raise ScreeningError("unknown_sections")
    term = term_to_supplement(application, now=now)
    last_day = term.last_day
    expires_at = datetime.combine(last_day + timedelta(days=1), time(), AMSTERDAM) + QUEUED
    advance(
        application,
        "request_supplement",
        actor=actor,
        now=now,
        facts={"supplements_requested": _invitations(application), "reason": asked},
        record={"last_day": last_day.isoformat(), "sections": [section.id for section in chosen]},
        personal={"asked": asked},
        effects=[
            Effect(
                "supplement_expiry",
                f"supplement_expiry:{application.id}",
                {"application_id": application.id},
                expires_at,
            )
        ],
    )
    supplement = Supplement(
        application_id=application.id,
        asked=asked,
        sections=[section.id for section in chosen],
        requested_by=actor.user_id,
        requested_at=now,
        last_day=last_day,
    )
    db.session.add(supplement)
    db.session.flush()
    sent_versions.keep(application, now=now)  # of what came in on paper or from a file, nothing was kept yet
    letter = letter_orders.order_supplement(application, supplement, term, now=now)
    for user in announcements.find_addresses(application.id):
        titles = [section.title.in_language(user.locale) for section in chosen]
        mail.compose(
            f"supplement:{application.id}:{user.id}",
            recipient=user.email,
            template="supplement_request",
            context={
                "user": user,
                "application": application,
                "supplement": supplement,
                "sections": titles,
            },
            now=now,
            application_id=application.id,
            locale=user.locale,
            letter_id=letter.id,
        )
    return supplement


def expire_supplement_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `supplement_expiry`: the term passed, so the application goes back to the office.

    Supplied in time, or withdrawn: nothing to do. Before the last day is over the machine refuses. What was
    written and not handed in goes: the application says again what was sent, and so do its signatures.
    """
    application = db.session.get(Application, payload["application_id"], with_for_update=LOCK)
    if application is None or application.state != ApplicationState.SUPPLEMENT_REQUESTED:
        return
    now = clock.read()
    supplement = db.session.get_one(Supplement, application.id)
    over = clock.day_of(now) > supplement.last_day
    advance(application, "supplement_expired", actor=SYSTEM, now=now, facts={"supplement_term_over": over})
    supplement.expired_at = now
    if sent_versions.restore(application, now=now):
        signatures.reconsider(application, now=now)
    db.session.flush()


def give_verdict(
    application: Application, conclusion: Conclusion, *, motivation: str, actor: Actor, now: datetime
) -> Verdict:
    """Conclude whether the application is eligible, with the reasons.

    Not eligible is a finding of the office, not yet a decision. Raises TransitionError, NotAllowedError.
    """
    failed = [one.check for one in findings.findings_of(application) if one.outcome == "fail"]
    advance(
        application,
        f"find_{conclusion}",
        actor=actor,
        now=now,
        facts={"motivation": motivation},
        record={"failed": failed},
        personal={"motivation": motivation},
    )
    verdict = Verdict(
        application_id=application.id,
        verdict=conclusion,
        motivation=motivation,
        officer_id=actor.user_id,
        given_at=now,
    )
    db.session.add(verdict)
    db.session.flush()
    return verdict


def reconsider(application: Application, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take the verdict back, with the reason; the earlier verdict stays on the file.

    Raises ScreeningError `decision_pending` while a decision is proposed: that is returned first, or it
    would rest on a verdict that no longer stands. Raises TransitionError, NotAllowedError.
    """
    pending = exists().where(Decision.application_id == application.id, Decision.returned_at.is_(None))
    db.session.refresh(application, with_for_update=LOCK)
    if db.session.scalar(select(pending)):
        raise ScreeningError("decision_pending")
    advance(
        application,
        "reconsider",
        actor=actor,
        now=now,
        facts={"reason": reason},
        personal={"reason": reason},
    )


# Put together once: building a query costs about as much as running it.
VERDICTS = (
    select(Verdict, User.name)
    .join(User, User.id == Verdict.officer_id)
    .where(Verdict.application_id == bindparam("file"))
    .order_by(Verdict.id.desc())
)


def verdicts_of(application: Application) -> Sequence[tuple[Verdict, str]]:
    """Return every verdict with the name of the officer, newest first."""
    return [(verdict, name) for verdict, name in db.session.execute(VERDICTS, {"file": application.id})]


def _invitations(application: Application) -> int:
    query = select(func.count()).where(Supplement.application_id == application.id)
    return db.session.scalar(query) or 0


def _record(name: str, application: Application, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
    )
    db.session.flush()
