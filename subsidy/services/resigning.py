"""Letting another sign a proposal: its mandate ended, or who holds it is away.

The old proposal is returned and the same words are drawn anew under another mandate, for a letter names who
decides (Awb 10:10). Who proposed stays who proposed, and never confirms, whoever asks for it.
"""

from collections.abc import Sequence
from datetime import datetime

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Mandate
from subsidy.services import mandates, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import ANOTHER_SIGNS, DecisionError, Stage, get_current, stage_of
from subsidy.services.interest_rounds import refuse_undeclared
from subsidy.services.proposal_writing import again
from workflows import mandates as policy
from workflows.mandates import DecisionKind, power_of
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome


def find_signers(decision: Decision, *, now: datetime) -> Sequence[Mandate]:
    """Return the mandates that cover a proposal today, but the one it names; never one of its proposer."""
    power = power_of(DecisionKind(decision.kind), Outcome(decision.outcome))
    usable = mandates.find_usable(decision.application.round, besides=decision.proposed_by)
    return [
        one
        for one in usable
        if one.id != decision.mandate_id
        and policy.covers(
            mandates.terms_of(one),
            power,
            amount_cents=decision.amount_cents,
            round_id=decision.round_id,
            day=clock.day_of(now),
        )
    ]


def let_sign(application: Application, *, mandate_id: int, actor: Actor, now: datetime) -> Decision:
    """Draw the proposal anew under another mandate; the second of two clicks finds it done already.

    Raises NotAllowedError and DecisionError: declaration_needed, no_decision, already_confirmed,
    announcement_missed, signs_already, mandate_too_narrow, place_taken.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    # Held first, as who confirms does: the row that comes in the place of the old one is then seen.
    db.session.refresh(application, with_for_update=LOCK)
    old = get_current(application, lock=True)
    if old.confirmed_at is not None or old.imported:
        raise DecisionError("already_confirmed")
    if stage_of(old, today=clock.day_of(now)) is Stage.MISSED:
        raise DecisionError("announcement_missed")
    if old.mandate_id == mandate_id:
        raise DecisionError("signs_already")
    mandate = next((one for one in find_signers(old, now=now) if one.id == mandate_id), None)
    if mandate is None:
        raise DecisionError("mandate_too_narrow")
    return again(old, mandate, why=ANOTHER_SIGNS, actor=actor, now=now)
