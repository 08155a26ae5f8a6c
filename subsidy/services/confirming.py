"""Confirming decisions: a second officer reads the final letter, and stands for it or sends it back.

Who proposed never confirms. What is confirmed is the letter, by its digest: the bytes that were read are
the bytes that go out.
"""

from datetime import datetime

from sqlalchemy import exists, or_, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Interest, Membership
from subsidy.services import (
    announcements,
    competing,
    events,
    file_store,
    hearings,
    ledger,
    mandates,
    rebuttals,
    reserve,
    snapshots,
    standing,
)
from subsidy.services.advance import NotAllowedError, advance
from subsidy.services.decisions import (
    ANNOUNCEMENT_MISSED,
    DecisionError,
    Stage,
    get_current,
    guard_facts,
    stage_of,
    transition_of,
)
from subsidy.services.interest_rounds import refuse_undeclared
from subsidy.services.reach import is_live
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState


def confirm(application: Application, *, letter_sha256: str, actor: Actor, now: datetime) -> Decision:
    """Confirm the proposed decision whose letter has this digest; it takes effect and its money is booked.

    Two clicks confirm once: the second raises DecisionError `already_confirmed`. Raises NotAllowedError
    (the proposer, say), TransitionError, CeilingExceededError, FileDamagedError, and DecisionError:
    no_decision, letter_pending, other_letter, announcement_missed, declaration_needed, mandate_over,
    earlier_undecided, round_open, view_came_in, proposer_conflicted, place_lapsed.
    A refusal leaves nothing behind.
    """
    with db.session.begin_nested():
        ledger.lock(application.round)
        db.session.refresh(application, with_for_update=LOCK)
        decision = get_current(application, lock=True)
        _refuse_unready(decision, letter_sha256, now)
        if not may(actor, Can.DECISION_CONFIRM, standing.to_application(actor, application, now=now)):
            raise NotAllowedError(Can.DECISION_CONFIRM)
        refuse_undeclared(application, actor)
        mandates.refuse_uncovered(decision, now=now)
        if not _was_taken(decision):  # what was taken before stands: only its date is new
            hearings.refuse_unread(decision)
            _refuse_conflicted_proposer(decision)
            competing.refuse_overtaking(decision, now=now)
            reserve.refuse_lapsed(decision, today=clock.day_of(now))
        file_store.read(letter_sha256)
        decision.confirmed_by, decision.confirmed_at = actor.user_id, now
        decision.decided_on = clock.day_of(now)
        # What the ledger refuses never takes effect.
        db.session.flush()
        ledger.book(application.round, decision, now=now)
        _take_effect(application, decision, actor=actor, now=now)
        announcements.plan(decision, now=now)
    return decision


def send_back(application: Application, *, reason: str, actor: Actor, now: datetime) -> Decision:
    """Return a proposal with a reason, so that it can be proposed anew; the proposer may do so too.

    Only the date is new of what was confirmed before and missed its announcement: the application and the
    ledger follow it already, so it is renewed, and corrected once it was announced. Raises NotAllowedError
    and DecisionError: no_decision, already_confirmed, taken_before, reason_needed.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    decision = get_current(application, lock=True)
    if decision.confirmed_at is not None or decision.imported:
        raise DecisionError("already_confirmed")
    if _was_taken(decision):
        raise DecisionError("taken_before")
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


def _refuse_conflicted_proposer(decision: Decision) -> None:
    """Refuse what was proposed by somebody of whom an interest in it became known since (Awb 2:4).

    Raises DecisionError `proposer_conflicted`; one query.
    """
    of_file = Interest.application_id == decision.application_id
    interest = exists().where(Interest.user_id == decision.proposed_by, of_file, is_live())
    member = exists().where(
        Membership.user_id == decision.proposed_by, Membership.application_id == decision.application_id
    )
    if db.session.scalar(select(or_(interest, member))):
        raise DecisionError("proposer_conflicted")


def _was_taken(decision: Decision) -> bool:
    """Tell whether the same was confirmed before, and only its announcement was missed."""
    before = exists().where(
        Decision.application_id == decision.application_id,
        Decision.replaces_id.is_not_distinct_from(decision.replaces_id),
        Decision.outcome == decision.outcome,
        Decision.confirmed_at.is_not(None),
        Decision.return_reason == ANNOUNCEMENT_MISSED,
    )
    return bool(db.session.scalar(select(before)))


def _take_effect(application: Application, decision: Decision, *, actor: Actor, now: datetime) -> None:
    """Let the application follow its decision; after a renewal it already says so: only the date is new."""
    outcome = Outcome(decision.outcome)
    record = {
        "decision": decision.id,
        "amount_cents": decision.amount_cents,
        "letter_sha256": decision.letter_sha256,
    }
    if _was_taken(decision):
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
    step = transition_of(DecisionKind(decision.kind), ApplicationState(application.state), outcome)
    advance(application, step, actor=actor, now=now, facts=facts, record=record)
