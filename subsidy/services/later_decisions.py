"""Decisions that take the place of another: correction, withdrawal, increase, reserve place, remedy.

A decision is never edited. A new one names the old and says why; it rests on the same frozen round, because
what it changes is the answer to the same application in the same competition. Its confirmation, letter and
announcement go as those of the first.
"""

from datetime import date, datetime

from sqlalchemy import select

from subsidy.db import LOCK, db
from subsidy.models import Application, Decision
from subsidy.services import events, ledger, reserve, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis import Basis, PaymentBasis
from subsidy.services.decisions import DecisionError, basis_of
from subsidy.services.in_force import in_force
from subsidy.services.interest_rounds import refuse_undeclared
from subsidy.services.proposal import Proposal, coded_of, first_of_next_month, payments_of
from subsidy.services.proposal_writing import write
from workflows import later
from workflows.codes import Ground
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome

# The ground that goes without saying.
USUAL_GROUND = {
    DecisionKind.INCREASE: ("money_came_free",),
    DecisionKind.RESERVE: ("money_came_free",),
}


def find_in_force(application: Application) -> Decision | None:
    """Return the decision that the applicant was told and that was not replaced; history too."""
    return db.session.scalars(
        select(Decision).where(Decision.application_id == application.id, in_force())
    ).one_or_none()


def kinds_for(old: Decision, requested_cents: int) -> tuple[DecisionKind, ...]:
    """Give the kinds of decision that can take the place of this one; none of brought-in history."""
    if old.imported or old.announced_at is None or old.replaced_at is not None:
        return ()
    return later.possible(
        Outcome(old.outcome),
        cut_short=old.ground == Ground.CEILING and old.amount_cents < requested_cents,
        on_list=old.reserve_place is not None,
        remedied=old.kind == DecisionKind.REMEDY,
    )


def propose_later(application: Application, proposal: Proposal, *, actor: Actor, now: datetime) -> Decision:
    """Propose a decision in the place of the one in force, and order its letter.

    Raises NotAllowedError, TransitionError, and DecisionError: no_decision, imported_decision,
    kind_impossible, outcome_impossible, coded_needed, increase_lowers, those of `reserve.refuse_not_next` for
    an increase and a reserve place, and those of `proposing.propose`.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    # What is free is read and spoken for by one officer at a time.
    ledger.lock(application.round)
    db.session.refresh(application, with_for_update=LOCK)
    old = find_in_force(application)
    if old is None:
        raise DecisionError("no_decision")
    if old.imported:
        raise DecisionError("imported_decision")
    _refuse_unfit(old, proposal, application.requested_cents)
    if proposal.kind in later.FROM_THE_LIST:
        # Who comes back on the list, or is proposed, while it is read would be passed over.
        events.hold(application.round_id)
        reserve.refuse_not_next(application, proposal.amount_cents, now=now)
    return write(application, proposal, basis_of(old), frozen_sha256=old.frozen_sha256, actor=actor, now=now)


def suggest_later(
    old: Decision, kind: DecisionKind, *, announce_on: date, most_cents: int | None = None
) -> Proposal:
    """Give what an officer begins with: what the old decision says, as far as this kind keeps it.

    `most_cents` is what the reserve list allows, in euro cents.
    """
    basis = basis_of(old)
    outcome = Outcome(old.outcome) if kind is DecisionKind.CORRECTION else later.GIVES[kind][0]
    if outcome is Outcome.WITHDRAWN and kind is DecisionKind.CORRECTION:
        outcome = Outcome.AWARDED
    awarded = outcome is Outcome.AWARDED
    kept = kind is DecisionKind.CORRECTION
    amount = {
        DecisionKind.CORRECTION: old.amount_cents,
        DecisionKind.REMEDY: basis.requested_cents,
        DecisionKind.WITHDRAWAL: 0,
    }.get(kind, most_cents or old.amount_cents)
    whole = amount >= basis.requested_cents
    kept_ground = old.ground if kept or (awarded and not whole) else None
    return Proposal(
        outcome=outcome,
        announce_on=announce_on,
        amount_cents=amount if awarded else 0,
        ground=kept_ground,
        reasons=_reasons(basis) if kind is not DecisionKind.WITHDRAWAL else {},
        motivation=basis.motivation if kept else "",
        extra=basis.extra if kept else (),
        reserve_place=old.reserve_place if kept and not awarded else None,
        list_until=basis.list_until if kept and not awarded else None,
        starts_on=(basis.starts_on or first_of_next_month(announce_on)) if awarded else None,
        conditions=basis.conditions if awarded else (),
        obligations=basis.obligations if awarded else (),
        payments=_payments(old, basis, amount) if awarded else (),
        coded=coded_of(USUAL_GROUND.get(kind, ())),
        kind=kind,
    )


def _reasons(basis: Basis) -> dict[str, str]:
    """What was said of each criterion still holds where only the money is another; it can be edited."""
    return {one.id: one.motivation for one in basis.criteria if one.motivation}


def _payments(old: Decision, basis: Basis, amount_cents: int) -> tuple[PaymentBasis, ...]:
    """Give the payments of the old decision for the same amount, else the usual ones."""
    if amount_cents == old.amount_cents:
        return basis.payments
    return payments_of(amount_cents, weeks=basis.payment_weeks)


def _refuse_unfit(old: Decision, proposal: Proposal, requested_cents: int) -> None:
    if proposal.kind not in kinds_for(old, requested_cents):
        raise DecisionError("kind_impossible")
    code = later.refusal(
        proposal.kind,
        proposal.outcome,
        before=Outcome(old.outcome),
        before_cents=old.amount_cents,
        amount_cents=proposal.amount_cents,
        coded=bool(proposal.coded),
    )
    if code is not None:
        raise DecisionError(code)
