"""Since when the ceiling of a round that serves in order of receipt is used up, as everybody may know it.

It is when the first decision is announced that gives less, or nothing, because of the ceiling, or when the
awards that were announced reach it. A ceiling that is raised afterwards has money again.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import CeilingChange, Decision, Round
from subsidy.services.in_force import in_force
from subsidy.services.snapshots import definition_of
from workflows.codes import Ground
from workflows.mandates import DecisionKind
from workflows.rules import Distribution
from workflows.snapshot import Decision as Outcome


def since(round_: Round) -> date | None:
    """Return the day since which the money of a round is used up; None while there is some."""
    return since_in([round_]).get(round_.id)


def since_in(rounds: Iterable[Round]) -> dict[int, date]:
    """Give the same for several rounds, by their ids, without those that have money left.

    One query, and none where no round serves in order of receipt.
    """
    served = {
        one.id: one for one in rounds if definition_of(one).rules.distribution is Distribution.FIRST_COME
    }
    if not served:
        return {}
    counts = and_(in_force(), ~Decision.imported)
    limited = and_(Decision.ground == Ground.CEILING.value, ~Decision.imported, _after_the_last_raise())
    awarded = and_(
        counts, Decision.outcome == Outcome.AWARDED.value, Decision.kind != DecisionKind.REMEDY.value
    )
    changed = (
        select(func.max(CeilingChange.changed_at))
        .where(CeilingChange.round_id == Decision.round_id)
        .scalar_subquery()
    )
    last_award = func.max(Decision.announced_at).filter(awarded)
    rows = db.session.execute(
        select(
            Decision.round_id,
            func.min(Decision.announced_at).filter(limited),
            func.count().filter(and_(counts, limited)),
            func.coalesce(func.sum(Decision.amount_cents).filter(awarded), 0),
            last_award,
            func.coalesce(changed, last_award),
        )
        .where(Decision.round_id.in_(served), Decision.announced_at.is_not(None))
        .group_by(Decision.round_id)
    )
    found = {}
    for round_id, first_limited, still_limited, given, last_given, last_change in rows:
        if still_limited and first_limited is not None:
            found[round_id] = clock.day_of(first_limited)
        elif last_given is not None and given >= served[round_id].ceiling_cents:
            # A ceiling that was lowered can be reached by awards of before.
            found[round_id] = clock.day_of(max(last_given, last_change))
    return found


def _after_the_last_raise() -> ColumnElement[bool]:
    """Be announced after the ceiling was last raised: what was refused before says nothing of it now."""
    raised = (
        select(func.max(CeilingChange.changed_at))
        .where(
            CeilingChange.round_id == Decision.round_id,
            CeilingChange.after_cents > CeilingChange.before_cents,
        )
        .scalar_subquery()
    )
    return or_(raised.is_(None), Decision.announced_at > raised)
