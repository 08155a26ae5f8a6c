"""Proposing anew what was sent back: the earlier proposal is what an officer begins with."""

from datetime import date

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Decision
from subsidy.services.decisions import basis_of
from subsidy.services.proposal import Proposal, proposed_day
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome


def find_returned(application: Application) -> Decision | None:
    """Return the last first decision on an application that was sent back; for who knows that none stands."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.application_id == application.id,
            Decision.kind == DecisionKind.FIRST.value,
            Decision.returned_at.is_not(None),
            ~Decision.imported,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def proposal_of(decision: Decision, *, today: date) -> Proposal:
    """Give what a decision taken here said, to be proposed again; a day that passed gives way to a new one.

    Whose mandate it was taken under is left open: it may have ended since.
    """
    basis = basis_of(decision)
    planned = decision.announce_on
    return Proposal(
        outcome=Outcome(decision.outcome),
        announce_on=planned if planned is not None and planned >= today else proposed_day(today),
        amount_cents=decision.amount_cents,
        ground=decision.ground,
        reasons={one.id: one.motivation for one in basis.criteria if one.motivation},
        finding_reasons=basis.finding_reasons,
        motivation=basis.motivation,
        departure=decision.departure,
        missing=basis.missing,
        extra=basis.extra,
        reserve_place=decision.reserve_place,
        list_until=basis.list_until,
        starts_on=basis.starts_on,
        coded=basis.coded,
        conditions=basis.conditions,
        obligations=basis.obligations,
        payments=basis.payments,
        kind=DecisionKind(decision.kind),
        reason=decision.reason,
        remedy_of=decision.remedy_of,
    )
