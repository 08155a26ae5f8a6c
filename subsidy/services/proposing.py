"""Proposing decisions: one officer says what each application gets, and why.

A proposal fixes everything that the letter says, the announcement date too, because the last day of the
objection term follows from it. What it rests on is frozen with it (`basis`), and a job draws the letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Round
from subsidy.services import basis as bases
from subsidy.services import events, outbox, rebuttals, snapshots, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis import Basis
from subsidy.services.decisions import (
    ANNOUNCEMENT_MISSED,
    TRANSITIONS,
    DecisionError,
    Stage,
    find_current,
    get_current,
    guard_facts,
    stage_of,
)
from subsidy.services.interest_rounds import covered_ids, refuse_undeclared
from subsidy.services.proposal import (
    Proposal,
    ends_on_of,
    in_one_text,
    refuse_unreasoned,
    suggest,
    with_words_of,
)
from subsidy.services.worklist_queries import needed, reviews_in
from workflows.application import MACHINE, ApplicationState
from workflows.codes import Ground
from workflows.definition import RoundDefinition
from workflows.machine import TransitionError
from workflows.permissions import Actor, Can, may
from workflows.rules import Distribution
from workflows.snapshot import Decision as Outcome
from workflows.terms import objection_term

# Stands for the second officer and the letter that are still to come, so that the guards can be asked now.
SOMEBODY_ELSE, LETTER_TO_COME = 0, "to come"
# Where what one application gets depends on what the others are worth.
COMPARED = frozenset({Distribution.TENDER, Distribution.PROPORTIONAL})


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of proposing for a whole round: how many, and per reference why not, as a code."""

    proposed: int
    refused: tuple[tuple[str, str], ...]


def propose(
    application: Application, proposal: Proposal, *, actor: Actor, now: datetime, basis: Basis | None = None
) -> Decision:
    """Propose a decision on one application and order its letter.

    Raises NotAllowedError, TransitionError when the machine would refuse the decision, and DecisionError:
    already_proposed, announce_date_past, ground_needed, motivation_needed, departure_needed,
    reserve_incomplete, missing_needed, starts_on_needed, amount_without_award, others_on_the_way,
    declaration_needed.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    known = basis or bases.gather(application.round)[application.id]
    return _write(application, proposal, known, actor=actor, now=now)


def propose_all(
    round_: Round,
    *,
    announce_on: date,
    actor: Actor,
    now: datetime,
    references: Iterable[str] | None = None,
) -> Batch:
    """Propose what the division gives, for every application (or those named) without a decision.

    What cannot be proposed yet is told and left alone. Raises NotAllowedError.
    """
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    wanted = None if references is None else frozenset(references)
    gathered = bases.gather(round_)
    applications = db.session.scalars(
        select(Application)
        .where(Application.id.in_(gathered), Application.state != ApplicationState.WITHDRAWN.value)
        .where(~exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None)))
        .order_by(Application.reference)
    ).all()
    proposed, refused = 0, []
    declared = covered_ids(round_, actor.user_id)
    for application in applications:
        basis = gathered[application.id]
        if wanted is not None and basis.reference not in wanted:
            continue
        if application.id not in declared:
            refused.append((basis.reference, "declaration_needed"))
            continue
        try:
            proposal = suggest(basis, announce_on=announce_on)
            _write(application, proposal, basis, actor=actor, now=now)
        except (DecisionError, TransitionError) as error:
            refused.append((basis.reference, error.code))
        else:
            proposed += 1
    return Batch(proposed, tuple(refused))


def renew(decision: Decision, *, announce_on: date, actor: Actor, now: datetime) -> Decision:
    """Propose the same decision anew because its announcement date went by: new letter, new confirmation.

    Also when it was confirmed and never announced: the money stays promised meanwhile. Raises
    NotAllowedError and DecisionError: declaration_needed, not_missed, announce_date_past.
    """
    application = decision.application
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    old = get_current(application, lock=True)
    today = clock.day_of(now)
    if old.id != decision.id or stage_of(old, today=today) is not Stage.MISSED:
        raise DecisionError("not_missed")
    _refuse_past(announce_on, today)
    old.returned_by, old.returned_at, old.return_reason = actor.user_id, now, ANNOUNCEMENT_MISSED
    db.session.flush()
    _tell("decision.returned", old, actor=actor, now=now)
    new = Decision(
        application_id=old.application_id,
        round_id=old.round_id,
        outcome=old.outcome,
        amount_cents=old.amount_cents,
        ground=old.ground,
        reserve_place=old.reserve_place,
        motivation=old.motivation,
        departure=old.departure,
        ends_on=old.ends_on,
        basis=old.basis,
        **_dated(announce_on, actor, now),
    )
    return _store(new, actor=actor, now=now)


def draft(proposal: Proposal, basis: Basis, *, actor: Actor, now: datetime) -> Decision:
    """Return the decision that a proposal would make, of no application yet and not stored."""
    whole = with_words_of(basis, proposal)
    return Decision(
        outcome=proposal.outcome.value,
        amount_cents=proposal.amount_cents,
        ground=proposal.ground,
        reserve_place=proposal.reserve_place,
        motivation=in_one_text(whole),
        departure=proposal.departure.strip(),
        ends_on=ends_on_of(proposal, basis),
        basis=whole.stored(),
        **_dated(proposal.announce_on, actor, now),
    )


def _write(
    application: Application, proposal: Proposal, basis: Basis, *, actor: Actor, now: datetime
) -> Decision:
    today = clock.day_of(now)
    db.session.refresh(application, with_for_update=LOCK)
    if find_current(application) is not None:
        raise DecisionError("already_proposed")
    _refuse_past(proposal.announce_on, today)
    refuse_unreasoned(basis, proposal)
    _refuse_early(application, proposal)
    decision = draft(proposal, basis, actor=actor, now=now)
    decision.application_id, decision.round_id = application.id, application.round_id
    facts = guard_facts(
        decision,
        uses_panel=snapshots.definition_of(application.round).uses_panel,
        rebuttal=rebuttals.facts_of(application, now=now),
        confirmer_id=SOMEBODY_ELSE,
        letter_sha256=LETTER_TO_COME,
        today=today,
    )
    MACHINE.plan(ApplicationState(application.state), TRANSITIONS[proposal.outcome], facts)
    return _store(decision, actor=actor, now=now)


def _compares(proposal: Proposal) -> bool:
    return proposal.outcome is Outcome.AWARDED or proposal.ground == Ground.CEILING


def _refuse_early(application: Application, proposal: Proposal) -> None:
    """Refuse to divide a ceiling while an application that competes for it is still on its way (Awb 4:26).

    Where the order decides, an award, or a rejection for want of money, says how an application compares with
    all others. Raises DecisionError.
    """
    definition = snapshots.definition_of(application.round)
    if definition.rules.distribution not in COMPARED or not _compares(proposal):
        return
    others = select(Application.id).where(
        Application.round_id == application.round_id,
        Application.id != application.id,
        _on_its_way(definition),
        ~exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None)),
    )
    if db.session.scalar(others.limit(1)) is not None:
        raise DecisionError("others_on_the_way")


def _on_its_way(definition: RoundDefinition) -> ColumnElement[bool]:
    """Be in a state in which nobody knows yet what the application is worth beside the others."""
    states = {
        ApplicationState.SUBMITTED,
        ApplicationState.SUPPLEMENT_REQUESTED,
        ApplicationState.REBUTTAL,
        *({ApplicationState.ELIGIBLE} if definition.uses_referents or definition.uses_panel else ()),
        *({ApplicationState.IN_REVIEW} if definition.uses_panel else ()),
    }
    on_its_way = Application.state.in_([state.value for state in states])
    if definition.uses_panel or not definition.rules.criteria:
        return on_its_way
    unread = reviews_in() < needed(definition.rules)
    return on_its_way | ((Application.state == ApplicationState.IN_REVIEW) & unread)


def _store(decision: Decision, *, actor: Actor, now: datetime) -> Decision:
    db.session.add(decision)
    db.session.flush()
    _tell("decision.proposed", decision, actor=actor, now=now)
    outbox.post("letter", f"letter:{decision.id}", {"decision_id": decision.id}, now=now)
    return decision


def _tell(name: str, decision: Decision, *, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=decision.round_id,
        application_id=decision.application_id,
        facts={
            "decision": decision.id,
            "outcome": decision.outcome,
            "amount_cents": decision.amount_cents,
            "announce_on": None if decision.announce_on is None else decision.announce_on.isoformat(),
        },
    )


def _dated(announce_on: date, actor: Actor, now: datetime) -> dict[str, Any]:
    """Give who proposes, when, and the dates that follow from the announcement (Awb 6:7, 6:8)."""
    return {
        "proposed_by": actor.user_id,
        "proposed_at": now,
        "announce_on": announce_on,
        "objection_last_day": objection_term(announce_on).last_day,
    }


def _refuse_past(announce_on: date, today: date) -> None:
    if announce_on < today:
        raise DecisionError("announce_date_past")
