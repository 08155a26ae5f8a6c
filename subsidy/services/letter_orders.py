"""Ordering the letters of the procedure, each in the transaction of the step that causes it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Hearing, Letter, Membership, Rebuttal, Supplement, User
from subsidy.services import letters, sent_versions
from subsidy.services.procedure_facts import (
    DelayFacts,
    GroundFacts,
    HearingFacts,
    ProcedureFacts,
    RebuttalFacts,
    SupplementFacts,
    WithdrawnFacts,
)
from subsidy.services.snapshots import definition_of
from workflows.correspondence import ProcedureKind
from workflows.grounds import GROUNDS
from workflows.permissions import Access
from workflows.terms import Term


def order_supplement(
    application: Application, supplement: Supplement, term: Term, *, now: datetime
) -> Letter:
    """Order the request to supply what is missing (Awb 4:5); there is one at most."""
    asked = set(supplement.sections)
    facts = SupplementFacts(
        **_about(application),
        asked=supplement.asked,
        sections=tuple(
            section.title.nl for section in definition_of(application.round).sections if section.id in asked
        ),
        term=term,
    )
    return _order(application, ProcedureKind.SUPPLEMENT, "1", facts, now=now, last_day=term.last_day)


def order_rebuttal(application: Application, rebuttal: Rebuttal, term: Term, *, now: datetime) -> Letter:
    """Order the letter that sends the reports for an answer; there is one at most."""
    facts = RebuttalFacts(
        **_about(application),
        reports=len(rebuttal.reports),
        most_words=rebuttal.max_words,
        advises=definition_of(application.round).uses_panel,
        term=term,
    )
    return _order(application, ProcedureKind.REBUTTAL, "1", facts, now=now, last_day=term.last_day)


def order_hearing(application: Application, hearing: Hearing, term: Term, *, now: datetime) -> Letter:
    """Order the letter that asks for a view (Awb 4:7); `term` is what the round gives by itself."""
    facts = HearingFacts(
        **_about(application),
        intention=hearing.intention,
        data=hearing.data,
        grounds=tuple(
            GroundFacts(article=GROUNDS[code].article, text=GROUNDS[code].text.nl) for code in hearing.grounds
        ),
        last_day=hearing.last_day,
        term=term if term.last_day == hearing.last_day else None,
    )
    of = str(hearing.id)
    return _order(application, ProcedureKind.HEARING, of, facts, now=now, last_day=hearing.last_day)


def order_delay(  # why, until when, and what was told before
    application: Application,
    *,
    until: date,
    reason: str,
    longer: str,
    term: Term,
    told: date | None,
    now: datetime,
) -> Letter:
    """Order the letter that says that the decision comes later (Awb 4:14); one for each day that is named."""
    facts = DelayFacts(**_about(application), reason=reason, longer=longer, until=until, term=term, told=told)
    return _order(application, ProcedureKind.DELAY, until.isoformat(), facts, now=now, last_day=until)


def order_withdrawn(application: Application, *, now: datetime) -> Letter:
    """Order the confirmation that the applicant took the application back; there is one at most."""
    facts = WithdrawnFacts(**_about(application), withdrawn_on=clock.day_of(now))
    return _order(application, ProcedureKind.WITHDRAWN, "1", facts, now=now)


def _order(
    application: Application,
    kind: ProcedureKind,
    of: str,
    facts: ProcedureFacts,
    *,
    now: datetime,
    last_day: date | None = None,
) -> Letter:
    return letters.order(
        application,
        kind,
        of=of,
        facts=facts.model_dump(mode="json"),
        dated=clock.day_of(now),
        now=now,
        last_day=last_day,
    )


def _about(application: Application) -> dict[str, Any]:
    """Give what every letter says of its application, as it was sent in."""
    received_at = application.completed_at or application.submitted_at
    if received_at is None:
        raise ValueError("an application that was not sent in gets no letter")
    sent = sent_versions.as_sent(application)
    leader = _leader(application)
    return {
        "organisation": next((one.name for one in sent.participations if one.lead), ""),
        "attention": leader,
        "online": bool(leader),
        "title": sent.title,
        "received_on": clock.day_of(received_at),
    }


def _leader(application: Application) -> str:
    """Name who leads the project; nobody of an application on paper."""
    found = db.session.scalars(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.application_id == application.id, Membership.capacity == Access.LEAD)
        .order_by(Membership.id)
        .limit(1)
    )
    return found.one_or_none() or ""
