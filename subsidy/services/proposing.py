"""Proposing a decision: one officer says what an application gets, and why; a whole round: batch_proposing.

A proposal fixes everything that the letter says, the announcement date too, because the last day of the
objection term follows from it. What it rests on is frozen with it (`basis`), and a job draws the letter.
"""

from datetime import date, datetime

from subsidy import clock
from subsidy.models import Application, Decision
from subsidy.services import announcements, basis_gathering, frozen, mandates, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis_gathering import Gathered
from subsidy.services.decisions import ANNOUNCEMENT_MISSED, DecisionError, Stage, get_current, stage_of
from subsidy.services.interest_rounds import refuse_undeclared
from subsidy.services.proposal import Proposal
from subsidy.services.proposal_writing import again, refuse_past, write
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome
from workflows.terms import objection_term


def propose(
    application: Application,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    gathered: Gathered | None = None,
) -> Decision:
    """Propose the first decision on an application and order its letter.

    `gathered` is the basis of the round, for who made it already. What takes the place of a decision is
    proposed elsewhere (services/later_decisions).

    Raises NotAllowedError, TransitionError when the machine would refuse the decision, and DecisionError:
    already_proposed, announce_date_past, ground_needed, motivation_needed, departure_needed,
    reserve_incomplete, missing_needed, starts_on_needed, amount_without_award, round_open,
    others_on_the_way, declaration_needed, no_mandate, mandate_too_narrow, payments_differ, place_taken.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    known = gathered or basis_gathering.gather(application.round)
    digest = frozen.keep(application.round, known.material, now=now)
    return write(application, proposal, known[application.id], frozen_sha256=digest, actor=actor, now=now)


def renew(decision: Decision, *, announce_on: date, actor: Actor, now: datetime) -> Decision:
    """Propose the same decision anew because its announcement date went by: new letter, new confirmation.

    Also when it was confirmed and never announced: the money stays promised meanwhile. Who proposed stays who
    proposed, and never confirms; the event tells who renewed. Raises NotAllowedError and DecisionError:
    declaration_needed, not_missed, being_announced, announce_date_past, no_mandate, place_taken.
    """
    application = decision.application
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    old = get_current(application, lock=True)
    today = clock.day_of(now)
    if old.id != decision.id or stage_of(old, today=today) is not Stage.MISSED:
        raise DecisionError("not_missed")
    if announcements.is_under_way(old):
        raise DecisionError("being_announced")
    refuse_past(announce_on, today)
    mandate = mandates.choose(
        mandates.find_usable(application.round, besides=old.proposed_by),
        kind=DecisionKind(old.kind),
        outcome=Outcome(old.outcome),
        amount_cents=old.amount_cents,
        round_id=old.round_id,
        day=today,
    )
    return again(
        old,
        mandate,
        why=ANNOUNCEMENT_MISSED,
        actor=actor,
        now=now,
        announce_on=announce_on,
        objection_last_day=objection_term(announce_on).last_day,
    )
