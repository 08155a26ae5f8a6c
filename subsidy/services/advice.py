"""The advice of the committee: agreed scores, a place in the order, and always the reasons.

An agreed score goes before the mean of the reviewers, a priority before the total. A conclusion without
recorded reasons cannot carry a decision (Awb 3:9, 3:46), so the reasons are not optional.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import EllipsisType

from sqlalchemy import func, select

from subsidy.db import LOCK, db, insert_into, json_text
from subsidy.models import AgendaItem, Application, Meeting, PanelAdvice
from subsidy.services import events, rebuttals, snapshots, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.decisions import DecisionError, find_current
from subsidy.services.interest_rounds import refuse_undeclared
from workflows import scoring
from workflows.meetings import differs
from workflows.permissions import Actor, Can, may
from workflows.states import ApplicationState

MARK_LENGTH = 16


def find_advice(application: Application) -> PanelAdvice | None:
    """Return what the committee advised on an application so far."""
    return db.session.get(PanelAdvice, application.id)


def mark_of(advice: PanelAdvice | None) -> str:
    """Give a mark of what was concluded, for a form to carry; the place in the order is not in it."""
    if advice is None:
        return ""
    said = [advice.scores, advice.score_reasons, advice.reason or ""]
    if not any(said):
        return ""  # a row that only holds a place
    return hashlib.sha256(json_text(said).encode()).hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the committee concluded on an application.

    `scores` holds the criteria on which it agreed a score, `score_reasons` why that is another than the mean
    of the reviewers, `reason` why it advises as it does.
    """

    scores: Mapping[str, Decimal]
    reason: str
    score_reasons: Mapping[str, str] = field(default_factory=dict)


def record(
    application: Application,
    conclusion: Conclusion,
    *,
    actor: Actor,
    now: datetime,
    priority: int | EllipsisType | None = ...,
    seen: str | None = None,
    seen_priority: int | EllipsisType | None = ...,
) -> PanelAdvice:
    """Record the advice on one application; it becomes *advised*, and may be changed until it is decided.

    Without a `priority` the place in the order stays as it is. `seen` is the mark of the advice that the page
    showed, `seen_priority` the place; the same conclusion twice is once. Raises NotAllowedError,
    TransitionError (motivation_needed, wrong_state) and DecisionError: already_proposed, clash,
    criterion_unknown, declaration_needed, minutes_confirmed, priority_taken, score_outside_scale,
    score_reason_needed.
    """
    # The meeting first, as who confirms its minutes does; then the file, then its advice.
    confirmed = _is_confirmed(application)
    db.session.refresh(application, with_for_update=LOCK)
    said = _normal(conclusion)
    stored = _locked(application)
    place = stored.priority if stored and priority is ... else None if priority is ... else priority
    _refuse_wrong(application, conclusion.scores, place)
    _refuse_unreasoned(application, conclusion)
    refuse_undeclared(application, actor)
    if confirmed:
        raise DecisionError("minutes_confirmed")
    again = application.state == ApplicationState.ADVISED
    if again:
        if not may(actor, Can.ADVICE_RECORD, standing.to_application(actor, application, now=now)):
            raise NotAllowedError(Can.ADVICE_RECORD)
        if not conclusion.reason.strip():
            raise DecisionError("reason_needed")
        if find_current(application) is not None:
            raise DecisionError("already_proposed")
    if stored is not None and again and _told(stored) == said and stored.priority == place:
        return stored
    _refuse_stale(stored, seen, seen_priority)
    advice = stored or _made(application, now)
    if priority is ...:
        place = advice.priority
    scores, score_reasons, reason = said
    facts = {"scores": scores, "priority": place}
    personal = {"score_reasons": score_reasons, "reason": reason}
    if again:
        events.append(
            "application.advice_changed",
            at=now,
            actor_id=actor.user_id,
            round_id=application.round_id,
            application_id=application.id,
            facts=facts,
            personal=personal,
        )
    else:
        known = {"motivation": reason, **rebuttals.facts_of(application, now=now)}
        advance(application, "advise", actor=actor, now=now, facts=known, record=facts, personal=personal)
    advice.scores, advice.score_reasons, advice.reason = scores, score_reasons, reason
    advice.priority = place
    advice.version += 1
    advice.recorded_by, advice.recorded_at = actor.user_id, now
    db.session.flush()
    return advice


def _normal(conclusion: Conclusion) -> tuple[dict[str, str], dict[str, str], str]:
    scores = {name: format(score, "f") for name, score in conclusion.scores.items()}
    reasons = {
        name: text.strip()
        for name, text in conclusion.score_reasons.items()
        if name in scores and text.strip()
    }
    return scores, reasons, conclusion.reason.strip()


def _told(advice: PanelAdvice) -> tuple[dict[str, str], dict[str, str], str]:
    return advice.scores, advice.score_reasons, advice.reason or ""


def _refuse_unreasoned(application: Application, conclusion: Conclusion) -> None:
    """Refuse a score that departs from the reviewers without saying why (Awb 3:46, 3:50)."""
    if not conclusion.scores:
        return
    rules = snapshots.definition_of(application.round).rules
    means = scoring.means(rules, snapshots.application_snapshot(application))
    for name, score in conclusion.scores.items():
        if differs(score, means[name]) and not conclusion.score_reasons.get(name, "").strip():
            raise DecisionError("score_reason_needed", criterion=name)


def _refuse_stale(
    stored: PanelAdvice | None, seen: str | None, seen_priority: int | EllipsisType | None
) -> None:
    """Refuse to lay an advice over another one that the page did not show."""
    if seen is not None and seen != mark_of(stored):
        raise DecisionError("clash")
    if seen_priority is not ... and seen_priority != (stored.priority if stored else None):
        raise DecisionError("clash")


def _is_confirmed(application: Application) -> bool:
    """Hold the last meeting that discussed it, and tell whether confirmed minutes tell of the advice.

    A new meeting that takes it up may change it.
    """
    meeting = db.session.scalars(
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.application_id == application.id, AgendaItem.started_at.is_not(None))
        .order_by(Meeting.id.desc())
        .limit(1)
        .with_for_update(key_share=True, of=Meeting)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return meeting is not None and meeting.confirmed_at is not None


def _locked(application: Application) -> PanelAdvice | None:
    return db.session.get(PanelAdvice, application.id, with_for_update=LOCK, populate_existing=True)


def _made(application: Application, now: datetime) -> PanelAdvice:
    """Return a row without advice, also when a place in the order made one at the same moment."""
    db.session.execute(
        insert_into(PanelAdvice)
        .values(application_id=application.id, scores={}, version=0, recorded_at=now)
        .on_conflict_do_nothing(index_elements=["application_id"])
    )
    return db.session.get_one(PanelAdvice, application.id, with_for_update=LOCK, populate_existing=True)


def _refuse_wrong(application: Application, scores: Mapping[str, Decimal], priority: int | None) -> None:
    rules = snapshots.definition_of(application.round).rules
    for name, score in scores.items():
        criterion = rules.criterion(name)
        if criterion is None:
            raise DecisionError("criterion_unknown", criterion=name)
        if not criterion.holds(score):
            raise DecisionError("score_outside_scale", criterion=name)
    if priority is None:
        return
    taken = db.session.scalar(
        select(func.count())
        .select_from(PanelAdvice)
        .join(Application, Application.id == PanelAdvice.application_id)
        .where(
            Application.round_id == application.round_id,
            Application.id != application.id,
            PanelAdvice.priority == priority,
        )
    )
    if taken:
        raise DecisionError("priority_taken", priority=priority)
