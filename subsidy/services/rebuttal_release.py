"""Sending the reports of the reviewers to the applicant, without names (wederhoor).

An officer reads them first and may take out words by which a reviewer can be recognised. What the reviewer
wrote is kept beside what was sent. The reports are numbered in an order that says nothing of who was asked
when, and the same at every look.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from flask import current_app
from sqlalchemy import func, select

from subsidy import clock
from subsidy.db import LOCK, db, json_text
from subsidy.models import Application, Rebuttal, Review
from subsidy.services import announcements, events, letter_orders, mail, standing
from subsidy.services.advance import Effect, NotAllowedError, advance
from subsidy.services.rebuttals import Part, RebuttalError, Report, as_stored, find
from subsidy.services.snapshots import definition_of
from workflows import rebuttal as policy
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import Actor, Can, may
from workflows.rules import Rules
from workflows.scoring import reviews_needed
from workflows.terms import Term, rebuttal_term

# After the last day of a term: a request that came in time may wait a while for its turn.
QUEUED = timedelta(minutes=5)
MORNING = time(9)
# The review and the criterion of a motivation that was changed for sending.
Edits = Mapping[tuple[int, str], str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the applicant would get now. `mark` changes with every change of a report.

    `open` reviews are asked and not handed in; `needed` is how many there have to be.
    """

    reports: tuple[Report, ...]
    mark: str
    open: int
    needed: int

    @property
    def ready(self) -> bool:
        """Whether they can be sent."""
        return policy.ready(counted=len(self.reports), open_=self.open, needed=self.needed)


def term_of(application: Application, *, now: datetime) -> Term:
    """Return the term that sending the reports today would give."""
    return rebuttal_term(clock.day_of(now), definition_of(application.round).terms.rebuttal_days)


def preview(application: Application) -> Preview:
    """Return the reports as they can be sent, without names; two queries and one for the scores."""
    rules = definition_of(application.round).rules
    stand = (
        Review.application_id == application.id,
        Review.conflict.is_(None),
        Review.released_at.is_(None),
    )
    reviews = db.session.scalars(select(Review).where(*stand, Review.handed_in_at.is_not(None))).all()
    waiting = select(func.count()).select_from(Review).where(*stand, Review.handed_in_at.is_(None))
    numbers = policy.numbered((_digest(application.id, review.id), review.id) for review in reviews)
    reports = tuple(
        sorted((_report(review, numbers[review.id], rules) for review in reviews), key=lambda one: one.number)
    )
    content = json_text([as_stored(report) for report in reports])
    return Preview(
        reports,
        hashlib.sha256(content.encode()).hexdigest()[:32],
        open=db.session.scalar(waiting) or 0,
        needed=reviews_needed(rules, application.requested_cents),
    )


def release(
    application: Application, *, edits: Edits | None = None, seen: str | None, actor: Actor, now: datetime
) -> Rebuttal:
    """Send the reports, with a letter, and tell every member what is asked and until when.

    `seen` is the mark of the preview that the officer read, or None for who releases several at once, as
    they are. Raises RebuttalError `not_ready`, `changed_meanwhile`, `emptied`; TransitionError,
    NotAllowedError.
    """
    if not may(actor, Can.REBUTTAL_MANAGE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.REBUTTAL_MANAGE)
    db.session.refresh(application, with_for_update=LOCK)
    held, shown = find(application), preview(application)
    if held is None and not shown.ready:
        raise RebuttalError("not_ready", open=shown.open, needed=shown.needed)
    if held is None and seen is not None and seen != shown.mark:
        raise RebuttalError("changed_meanwhile")
    reports = [_edited(report, edits or {}) for report in shown.reports]
    changed = sum(part.original is not None for report in reports for part in report.parts)
    definition, term = definition_of(application.round), term_of(application, now=now)
    advance(
        application,
        "release_reports",
        actor=actor,
        now=now,
        facts={"uses_rebuttal": definition.holds_rebuttal, "rebuttals_opened": 0 if held is None else 1},
        record={"last_day": term.last_day.isoformat(), "reports": len(reports), "edited": changed},
        effects=_effects(application, term, now),
    )
    rebuttal = Rebuttal(
        application_id=application.id,
        reports=[as_stored(report) for report in reports],
        released_by=actor.user_id,
        released_at=now,
        last_day=term.last_day,
        max_words=definition.terms.rebuttal_max_words,
    )
    db.session.add(rebuttal)
    db.session.flush()
    letter = letter_orders.order_rebuttal(application, rebuttal, term, now=now)
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"rebuttal:{application.id}",
        template="rebuttal_request",
        context={"rebuttal": rebuttal, "reports": len(reports)},
        now=now,
        letter_id=letter.id,
    )
    return rebuttal


def look(application: Application, *, user_id: int | None, now: datetime) -> None:
    """Log that somebody of the office read the reports."""
    events.look("reports", at=now, user_id=user_id, application_id=application.id)


def _report(review: Review, number: int, rules: Rules) -> Report:
    """Give what the reviewer wrote on each criterion; notes and recommendation stay inside."""
    rows = {row.criterion: row for row in review.scores}
    parts = tuple(
        Part(
            criterion=criterion.id,
            score=_plain(rows[criterion.id].score),
            motivation=rows[criterion.id].motivation or "",
        )
        for criterion in rules.criteria
        if criterion.id in rows
    )
    return Report(number, review.id, parts)


def _edited(report: Report, edits: Edits) -> Report:
    parts = []
    for part in report.parts:
        text = edits.get((report.review_id, part.criterion), part.motivation).strip()
        if part.motivation.strip() and not text:
            raise RebuttalError("emptied", review=report.review_id, criterion=part.criterion)
        same = text == part.motivation.strip()
        parts.append(part if same else replace(part, motivation=text, original=part.motivation))
    return replace(report, parts=tuple(parts))


def _effects(application: Application, term: Term, now: datetime) -> list[Effect]:
    """What is to be done when the term is nearly over, and when it is."""
    payload = {"application_id": application.id}
    ends = datetime.combine(term.last_day + timedelta(days=1), time(), AMSTERDAM) + QUEUED
    effects = [Effect("rebuttal_closing", f"rebuttal_closing:{application.id}", payload, ends)]
    day = policy.reminder_day(clock.day_of(now), term.last_day)
    if day is not None:
        due = datetime.combine(day, MORNING, AMSTERDAM)
        effects.append(Effect("rebuttal_reminder", f"rebuttal_reminder:{application.id}", payload, due))
    return effects


def _digest(application_id: int, review_id: int) -> str:
    """Place a report in an order that nobody outside can work out."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"report:{application_id}:{review_id}".encode(), hashlib.sha256).hexdigest()


def _plain(score: Decimal | None) -> str:
    """A score as text, the same for 4 and 4.0."""
    plain = "" if score is None else format(score, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
