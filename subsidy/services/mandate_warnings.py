"""What is wrong in a round for want of a mandate: proposals nobody can confirm, or nobody to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Decision, Mandate, Round, User
from subsidy.services import mandates
from subsidy.services.in_force import pending
from workflows.mandates import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Stuck:
    """Proposals that wait under a mandate that cannot serve any more; `standing` is in force for who left.

    Somebody left when they are no officer of the round now, or have an interest in it.
    """

    holder: str
    standing: Standing
    proposals: int


@dataclass(frozen=True, slots=True)
class Warnings:
    """What stands in the way of deciding: nobody who may, and proposals that have to be signed by another."""

    nobody: bool
    stuck: Sequence[Stuck]


def warnings_in(round_: Round, *, now: datetime) -> Warnings:
    """Return what stands in the way in a round; two queries, whatever its size."""
    today = clock.day_of(now)
    usable = {
        one.id
        for one in mandates.find_usable(round_, besides=None)
        if standing_of(mandates.terms_of(one), today) is Standing.IN_FORCE
    }
    waiting = db.session.execute(
        select(Mandate, User.name, func.count(Decision.id))
        .join(Mandate, Mandate.id == Decision.mandate_id)
        .join(User, User.id == Mandate.user_id)
        .where(Decision.round_id == round_.id, Decision.confirmed_at.is_(None), pending())
        .where(Mandate.id.not_in(usable))
        .group_by(Mandate.id, User.name)
        .order_by(Mandate.id)
    )
    stuck = [
        Stuck(name, standing_of(mandates.terms_of(mandate), today), proposals)
        for mandate, name, proposals in waiting
    ]
    return Warnings(nobody=not usable, stuck=stuck)
