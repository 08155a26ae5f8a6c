"""Confirming decisions: a second officer reads the final letter, and stands for it or sends it back.

Who proposed never confirms. What is confirmed is the letter, by its digest: the bytes that were read are
the bytes that go out.
"""

from datetime import datetime

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision
from subsidy.services import announcements, events, file_store, ledger, rebuttals, snapshots, standing
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.decisions import (
    TRANSITIONS,
    DecisionError,
    Stage,
    get_current,
    guard_facts,
    stage_of,
)
from subsidy.services.interest_rounds import refuse_undeclared
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome


def confirm(application: Application, *, letter_sha256: str, actor: Actor, now: datetime) -> Decision:
    """Confirm the proposed decision whose letter has this digest; it takes effect and its money is booked.

    Two clicks confirm once: the second raises DecisionError `already_confirmed`. Raises NotAllowedError
    (the proposer, say), TransitionError, CeilingExceededError, FileDamagedError, and DecisionError:
    no_decision, letter_pending, other_letter, announcement_missed, declaration_needed. A refusal
    leaves nothing behind.
    """
    with db.session.begin_nested():
        ledger.lock(application.round)
        db.session.refresh(application, with_for_update=LOCK)
        decision = get_current(application, lock=True)
        _refuse_unready(decision, letter_sha256, now)
        if not may(actor, Can.DECISION_CONFIRM, standing.to_application(actor, application, now=now)):
            raise NotAllowedError(Can.DECISION_CONFIRM)
        refuse_undeclared(application, actor)
        file_store.read(letter_sha256)
        decision.confirmed_by, decision.confirmed_at = actor.user_id, now
        decision.decided_on = clock.day_of(now)
        _take_effect(application, decision, actor=actor, now=now)
        ledger.book(application.round, decision, now=now)
        announcements.plan(decision, now=now)
    return decision


def send_back(application: Application, *, reason: str, actor: Actor, now: datetime) -> Decision:
    """Return a proposal with a reason, so that it can be proposed anew; the proposer may do so too.

    Raises NotAllowedError and DecisionError: no_decision, already_confirmed, reason_needed.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    decision = get_current(application, lock=True)
    if decision.confirmed_at is not None or decision.imported:
        raise DecisionError("already_confirmed")
    if not reason.strip():
        raise DecisionError("reason_needed")
    decision.returned_by, decision.returned_at, decision.return_reason = actor.user_id, now, reason.strip()
    db.session.flush()
    events.append(
        "decision.returned",
        at=now,
        actor_id=actor.user_id,
        round_id=decision.round_id,
        application_id=application.id,
        facts={"decision": decision.id},
        personal={"reason": reason.strip()},
    )
    return decision


def _refuse_unready(decision: Decision, letter_sha256: str, now: datetime) -> None:
    """Refuse what is confirmed already, has no letter yet, or another letter than the one that was read."""
    stage = stage_of(decision, today=clock.day_of(now))
    if decision.confirmed_at is not None or decision.imported:
        raise DecisionError("already_confirmed")
    if stage is Stage.RENDERING:
        raise DecisionError("letter_pending")
    if stage is Stage.MISSED:
        raise DecisionError("announcement_missed")
    if decision.letter_sha256 != letter_sha256:
        raise DecisionError("other_letter")


def _take_effect(application: Application, decision: Decision, *, actor: Actor, now: datetime) -> None:
    """Let the application follow its decision; after a renewal it already says so: only the date is new."""
    outcome = Outcome(decision.outcome)
    record = {
        "decision": decision.id,
        "amount_cents": decision.amount_cents,
        "letter_sha256": decision.letter_sha256,
    }
    if application.state == outcome:
        events.append(
            "decision.confirmed_again",
            at=now,
            actor_id=actor.user_id,
            round_id=decision.round_id,
            application_id=application.id,
            facts=record,
        )
        return
    facts = guard_facts(
        decision,
        uses_panel=snapshots.definition_of(application.round).uses_panel,
        rebuttal=rebuttals.facts_of(application, now=now),
        confirmer_id=actor.user_id,
        letter_sha256=decision.letter_sha256,
        today=clock.day_of(now),
    )
    advance(application, TRANSITIONS[outcome], actor=actor, now=now, facts=facts, record=record)
