"""Telling an applicant that the decision comes later, and when (Awb 4:14): by letter, before the term ends.

From then on the day that the letter names is until when the office decides (`deadlines`). The term itself
does not change by it, so a letter after its end does not undo that it was late (Awb 4:17).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import exists, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Letter, Supplement
from subsidy.services import announcements, letter_orders, mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.deadlines import decision_term_of
from subsidy.services.in_force import pending
from subsidy.services.recording import record
from subsidy.services.snapshots import definition_of
from workflows import delay as policy
from workflows.application import UNDECIDED
from workflows.correspondence import ProcedureKind
from workflows.permissions import Actor, Can, may
from workflows.terms import Term

NOTIFIED = "application.delay_notified"


class DelayError(Exception):
    """It cannot be put off like this: a stable code (see wording/delays.py) and what its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the applicant is told: the new day, why, and why longer than reasonable where it is."""

    until: date
    reason: str
    longer: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when the office has: the term to decide, and the day that an earlier letter named, if one did."""

    term: Term
    told: date | None

    @property
    def ends_on(self) -> date:
        """The day on which the applicant counts; a supplement can move the term past the day of a letter."""
        return self.term.last_day if self.told is None else max(self.told, self.term.last_day)


def clock_of(application: Application, *, today: date) -> Clock:
    """Return until when the office has for one application; two queries."""
    newest = _newest(application)
    term = decision_term_of(
        application.round,
        definition_of(application.round),
        submitted_at=application.submitted_at or application.created_at,
        supplement=db.session.get(Supplement, application.id),
        today=today,
        delayed_to=None,
    )
    return Clock(term, None if newest is None else newest.last_day)


def find(application: Application) -> Sequence[Letter]:
    """Return the letters that said so, the newest first; one query."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.application_id == application.id, Letter.kind == ProcedureKind.DELAY)
        .order_by(Letter.id.desc())
    ).all()


def can_notify(application: Application) -> bool:
    """Whether no decision was taken or proposed; one query at most."""
    if application.state not in UNDECIDED:
        return False
    return not db.session.scalar(select(exists().where(Decision.application_id == application.id, pending())))


def notify(application: Application, plan: Plan, *, actor: Actor, now: datetime) -> Letter:
    """Tell the applicant by letter that the decision comes later, with a mail to every member.

    The same again is the letter that is there. Raises NotAllowedError; DelayError `decided` when a decision
    was taken or proposed, `no_reason`, `past`, `not_later`, `too_far`, `unexplained`.
    """
    if not may(actor, Can.DELAY_NOTIFY, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DELAY_NOTIFY)
    db.session.refresh(application, with_for_update=LOCK)
    before = _newest(application)
    if before is not None and _says(before, plan):
        return before
    if not can_notify(application):
        raise DelayError("decided")
    today = clock.day_of(now)
    stands = clock_of(application, today=today)
    refuse(plan, stands.ends_on, today=today)
    letter = letter_orders.order_delay(
        application,
        until=plan.until,
        reason=plan.reason.strip(),
        longer=plan.longer.strip(),
        term=stands.term,
        told=stands.told,
        now=now,
    )
    record(
        application,
        NOTIFIED,
        actor,
        now,
        {"reason": plan.reason.strip(), "longer": plan.longer.strip()},
        letter=letter.id,
        last_day=plan.until.isoformat(),
    )
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"delay:{letter.id}",
        template="decision_delayed",
        context={"until": plan.until, "reason": plan.reason.strip()},
        now=now,
        letter_id=letter.id,
    )
    return letter


def refuse(plan: Plan, ends_on: date, *, today: date) -> None:
    """Raise DelayError for a plan that cannot be, for who counts on a decision by `ends_on`."""
    if not plan.reason.strip():
        raise DelayError("no_reason")
    refused = policy.refusal(ends_on, plan.until, today, explained=bool(plan.longer.strip()))
    if refused is not None:
        longest = policy.reasonable_until(ends_on, today)
        raise DelayError(refused, ends_on=ends_on, reasonable_until=longest)


def _newest(application: Application) -> Letter | None:
    return next(iter(find(application)), None)


def _says(letter: Letter, plan: Plan) -> bool:
    said = (letter.last_day, letter.facts["reason"], letter.facts["longer"])
    return said == (plan.until, plan.reason.strip(), plan.longer.strip())
