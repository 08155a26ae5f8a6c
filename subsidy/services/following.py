"""What an applicant may know of where an application stands: in public words, and never before its time.

A decision that was taken and not announced does not show, nor does what the office found on the way:
from the first verdict until the announcement an application is in treatment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Event, Hearing, Membership, Rebuttal, Round, Supplement
from subsidy.services import standing
from subsidy.services.applications import takes_applications
from subsidy.services.deadlines import decision_term_of, delayed_to
from subsidy.services.in_force import in_force
from subsidy.services.snapshots import definition_of
from workflows.application import UNDECIDED
from workflows.mandates import DecisionKind
from workflows.states import ApplicationState, Phase


class Public(StrEnum):
    """Where an application stands, for the applicant."""

    DRAFT = "draft"
    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    REBUTTAL = "rebuttal"
    IN_TREATMENT = "in_treatment"
    AWARDED = "awarded"
    REJECTED = "rejected"
    NOT_PROCESSED = "not_processed"
    WITHDRAWN = "withdrawn"
    # What was awarded and taken back by the office; the one above is the applicant's own step.
    AWARD_WITHDRAWN = "award_withdrawn"


class Expected(StrEnum):
    """What comes next: first what the applicant has to do, then what the office does."""

    SUBMIT = "submit"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    SUPPLY = "supply"
    SUPPLY_OVER = "supply_over"
    ANSWER = "answer"
    HEARING = "hearing"
    DECISION = "decision"
    LETTER = "letter"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Next:
    """What is expected, and until when: an instant for sending in, a day for everything else."""

    expected: Expected
    until: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """An application of one's own with where it stands."""

    application: Application
    state: Public
    next: Next
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, in a public code."""

    code: str
    at: datetime


STATES: Mapping[ApplicationState, Public] = {
    ApplicationState.DRAFT: Public.DRAFT,
    ApplicationState.SUBMITTED: Public.RECEIVED,
    ApplicationState.SUPPLEMENT_REQUESTED: Public.SUPPLEMENT,
    ApplicationState.REBUTTAL: Public.REBUTTAL,
    ApplicationState.WITHDRAWN: Public.WITHDRAWN,
}
ANNOUNCED: Mapping[ApplicationState, Public] = {
    ApplicationState.AWARDED: Public.AWARDED,
    ApplicationState.REJECTED: Public.REJECTED,
    ApplicationState.NOT_PROCESSED: Public.NOT_PROCESSED,
    ApplicationState.WITHDRAWN: Public.AWARD_WITHDRAWN,
}
# How a decision that took the place of another is told in what happened so far.
LATER_STEPS: Mapping[DecisionKind, str] = {
    DecisionKind.CORRECTION: "corrected",
    DecisionKind.WITHDRAWAL: "award_withdrawn",
    DecisionKind.INCREASE: "increased",
    DecisionKind.RESERVE: "moved_up",
    DecisionKind.REMEDY: "remedied",
}

RECEIPT_MADE = "application.receipt_made"

# Events that the applicant took part in or was told of. The first verdict reads "taken into treatment",
# whatever it was; decisions come from the decision itself, when it was announced.
STEPS: Mapping[str, str] = {
    "application.started": "started",
    "application.submitted": "submitted",
    "application.entered": "entered",
    RECEIPT_MADE: "receipt_made",
    "application.supplement_requested": "supplement_requested",
    "application.supplemented": "supplemented",
    "application.supplement_expired": "supplement_expired",
    "application.found_eligible": "in_treatment",
    "application.found_ineligible": "in_treatment",
    "application.reports_released": "reports_released",
    "rebuttal.sent": "rebuttal_sent",
    "rebuttal.entered": "rebuttal_sent",
    "application.rebuttal_closed": "rebuttal_over",
    "hearing.opened": "hearing_opened",
    "hearing.answered": "hearing_answered",
    "hearing.written_down": "hearing_answered",
    "application.delay_notified": "delayed",
    "application.withdrawn": "withdrawn",
    "application.imported": "imported",
}


def list_own(user_id: int, *, now: datetime) -> list[Own]:
    """Give the applications of which this person is a member, the newest first; one query."""
    rows = db.session.execute(
        select(
            Application,
            Supplement,
            Decision,
            Rebuttal,
            _heard_until(Application.id, now),
            delayed_to(Application.id),
        )
        .join(Application.round)
        .join(Membership, Membership.application_id == Application.id)
        .outerjoin(Supplement, Supplement.application_id == Application.id)
        .outerjoin(Decision, _announced(Application.id))
        .outerjoin(Rebuttal, Rebuttal.application_id == Application.id)
        .where(Membership.user_id == user_id)
        .options(contains_eager(Application.round))
        .order_by(Application.id.desc())
    )
    return [_own(*row, now=now) for row in rows]


def drafts_in(round_: Round, user_id: int) -> list[Application]:
    """Give the drafts of a round that somebody works on, the oldest first."""
    statement = (
        select(Application)
        .join(Membership)
        .where(
            Membership.user_id == user_id,
            Application.round_id == round_.id,
            Application.state == ApplicationState.DRAFT,
        )
        .order_by(Application.id)
    )
    return list(db.session.scalars(statement))


def own(application: Application, *, now: datetime) -> Own:
    """Give where one application stands."""
    heard_until, later = db.session.execute(
        select(_heard_until(application.id, now), delayed_to(application.id))
    ).one()
    return _own(
        application,
        db.session.get(Supplement, application.id),
        announced_decision(application),
        db.session.get(Rebuttal, application.id),
        heard_until,
        later,
        now=now,
    )


def announced_decision(application: Application) -> Decision | None:
    """Give the decision that the applicant may know."""
    return db.session.scalars(select(Decision).where(_announced(application.id))).one_or_none()


def can_withdraw(application: Application) -> bool:
    """Whether it was received and no decision was taken on it."""
    return ApplicationState(application.state) in UNDECIDED


def announced_decisions(application: Application) -> list[Decision]:
    """Give every decision that the applicant was told, the newest first; the first one is in force."""
    query = (
        select(Decision)
        .where(Decision.application_id == application.id, Decision.announced_at.is_not(None))
        .order_by(Decision.announced_at.desc(), Decision.id.desc())
    )
    return list(db.session.scalars(query))


def receipt_of(application: Application) -> str | None:
    """Give the SHA-256 of the newest receipt, once it was made."""
    facts = db.session.scalars(
        select(Event.facts)
        .where(Event.application_id == application.id, Event.name == RECEIPT_MADE)
        .order_by(Event.id.desc())
        .limit(1)
    ).one_or_none()
    return None if facts is None else str(facts["sha256"])


def timeline(application: Application, told: Sequence[Decision]) -> list[Step]:
    """Give what happened, oldest first, in codes that say nothing of the work inside the office.

    `told` are the decisions that were announced, the newest first.
    """
    rows = db.session.execute(
        select(Event.name, Event.at)
        .where(Event.application_id == application.id, Event.name.in_(STEPS))
        .order_by(Event.id)
    )
    steps = list(_steps((name, at) for name, at in rows))
    steps += [Step(_told_as(one), one.announced_at) for one in reversed(told) if one.announced_at is not None]
    return sorted(steps, key=lambda step: step.at)


def _told_as(decision: Decision) -> str:
    later = LATER_STEPS.get(DecisionKind(decision.kind))
    return later or str(ANNOUNCED.get(ApplicationState(decision.outcome), "decided"))


def _steps(rows: Iterable[tuple[str, datetime]]) -> Iterable[Step]:
    told: set[str] = set()
    for name, at in rows:
        code = STEPS[name]
        # With the answer the rebuttal is over; that is told once.
        if (code == "in_treatment" and code in told) or (code == "rebuttal_over" and "rebuttal_sent" in told):
            continue
        told.add(code)
        yield Step(code, at)


def _announced(application_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Be the decision that the applicant may know: one that was withdrawn or changed since is history."""
    return and_(Decision.application_id == application_id, Decision.announced_at.is_not(None), in_force())


def _heard_until(application_id: int | InstrumentedAttribute[int], now: datetime) -> ScalarSelect[date]:
    """Until when the applicant can give a view on what the office intends; null when nothing runs."""
    return (
        select(func.max(Hearing.last_day))
        .where(
            Hearing.application_id == application_id,
            Hearing.answered_at.is_(None),
            Hearing.last_day >= clock.day_of(now),
        )
        .scalar_subquery()
    )


def _own(
    application: Application,
    supplement: Supplement | None,
    decision: Decision | None,
    rebuttal: Rebuttal | None,
    heard_until: date | None,
    later: date | None,
    *,
    now: datetime,
) -> Own:
    state = ApplicationState(application.state)
    public = STATES.get(state, Public.IN_TREATMENT)
    if decision is not None:
        # What was announced, whatever the office has decided since.
        public = ANNOUNCED.get(ApplicationState(decision.outcome), public)
    if heard_until is not None and public is not Public.WITHDRAWN:
        return Own(application, public, Next(Expected.HEARING, heard_until), decision)
    if public is Public.REBUTTAL:
        if rebuttal is not None and clock.day_of(now) <= rebuttal.last_day:
            return Own(application, public, Next(Expected.ANSWER, rebuttal.last_day), decision)
        public = Public.IN_TREATMENT
    return Own(application, public, _next(application, public, supplement, later, now=now), decision)


def _next(
    application: Application,
    public: Public,
    supplement: Supplement | None,
    later: date | None,
    *,
    now: datetime,
) -> Next:
    match public:
        case Public.DRAFT:
            return _before_submission(application, now=now)
        case Public.SUPPLEMENT if supplement is not None:
            running = clock.day_of(now) <= supplement.last_day
            return Next(Expected.SUPPLY if running else Expected.SUPPLY_OVER, supplement.last_day)
        case Public.RECEIVED | Public.SUPPLEMENT | Public.REBUTTAL | Public.IN_TREATMENT:
            term = decision_term_of(
                application.round,
                definition_of(application.round),
                submitted_at=application.submitted_at or application.created_at,
                supplement=supplement,
                today=clock.day_of(now),
                delayed_to=later,
            )
            return Next(Expected.DECISION, term.last_day)
        case Public.AWARDED | Public.REJECTED | Public.NOT_PROCESSED | Public.AWARD_WITHDRAWN:
            return Next(Expected.LETTER)
        case Public.WITHDRAWN:
            return Next(Expected.NOTHING)


def _before_submission(application: Application, *, now: datetime) -> Next:
    round_ = application.round
    if takes_applications(application, now=now):
        return Next(Expected.SUBMIT, max(filter(None, (round_.closes_at, application.deadline_at))))
    if standing.phase_of(round_, now) in {Phase.PREPARATION, Phase.ANNOUNCED}:
        return Next(Expected.TOO_EARLY, round_.opens_at)
    return Next(Expected.TOO_LATE, round_.closes_at)
