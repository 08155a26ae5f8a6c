"""Which of the decisions on an application counts, as conditions for a query.

At most two stand beside each other: the one in force, which was announced, and a later one that is on its
way to take its place. Everything that was sent back, or was replaced, is history.
"""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from subsidy.models import Decision


def in_force(decision: type[Decision] = Decision) -> ColumnElement[bool]:
    """Be announced (Awb 3:40), or brought in as history, and not replaced: what an applicant may know."""
    return and_(
        decision.returned_at.is_(None),
        decision.replaced_at.is_(None),
        or_(decision.announced_at.is_not(None), decision.imported),
    )


def pending(decision: type[Decision] = Decision) -> ColumnElement[bool]:
    """Be proposed or confirmed, and not announced yet."""
    return and_(decision.returned_at.is_(None), decision.announced_at.is_(None), ~decision.imported)


def latest(decision: type[Decision] = Decision) -> ColumnElement[bool]:
    """Be the last word of the office: the pending one where there is one, else the one in force."""
    later = aliased(Decision)
    return and_(
        decision.returned_at.is_(None),
        decision.replaced_at.is_(None),
        ~exists().where(later.replaces_id == decision.id, later.returned_at.is_(None)),
    )


def taken(decision: type[Decision] = Decision) -> ColumnElement[bool]:
    """Be the last that was confirmed, announced or not: what the state and the ledger follow."""
    later = aliased(Decision)
    return and_(
        decision.returned_at.is_(None),
        decision.replaced_at.is_(None),
        or_(decision.confirmed_at.is_not(None), decision.imported),
        ~exists().where(
            later.replaces_id == decision.id, later.returned_at.is_(None), later.confirmed_at.is_not(None)
        ),
    )
