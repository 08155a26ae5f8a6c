"""The advice of the committee: agreed scores, a place in the order, and always the reasons.

An agreed score goes before the mean of the reviewers, a priority before the total. A conclusion without
recorded reasons cannot carry a decision (Awb 3:9, 3:46), so the reasons are not optional.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, PanelAdvice
from subsidy.services import events, rebuttals, snapshots, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.decisions import DecisionError, find_current
from workflows.permissions import Actor, Can, may
from workflows.states import ApplicationState


def find_advice(application: Application) -> PanelAdvice | None:
    """Return what the committee advised on an application so far."""
    return db.session.get(PanelAdvice, application.id)


def record(
    application: Application,
    *,
    scores: Mapping[str, Decimal],
    priority: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> PanelAdvice:
    """Record the advice on one application; it becomes *advised*, and may be changed until it is decided.

    `scores` holds the criteria on which the committee agreed another score than the mean. Raises
    NotAllowedError, TransitionError (motivation_needed, wrong_state) and DecisionError: already_proposed,
    criterion_unknown, score_outside_scale, priority_taken.
    """
    _refuse_wrong(application, scores, priority)
    again = application.state == ApplicationState.ADVISED
    if again:
        if not may(actor, Can.ADVICE_RECORD, standing.to_application(actor, application, now=now)):
            raise NotAllowedError(Can.ADVICE_RECORD)
        if not reason.strip():
            raise DecisionError("reason_needed")
        if find_current(application) is not None:
            raise DecisionError("already_proposed")
    agreed = {name: format(score, "f") for name, score in scores.items()}
    facts = {"scores": agreed, "priority": priority}
    if again:
        events.append(
            "application.advice_changed",
            at=now,
            actor_id=actor.user_id,
            round_id=application.round_id,
            application_id=application.id,
            facts=facts,
        )
    else:
        known = {"motivation": reason, **rebuttals.facts_of(application, now=now)}
        advance(application, "advise", actor=actor, now=now, facts=known, record=facts)
    advice = find_advice(application) or PanelAdvice(application_id=application.id)
    advice.scores = agreed
    advice.priority = priority
    advice.reason = reason.strip()
    advice.recorded_by, advice.recorded_at = actor.user_id, now
    db.session.add(advice)
    db.session.flush()
    return advice


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
