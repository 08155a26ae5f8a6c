"""The ranking of a round as a table: who stands where, what it asks, and how far the money goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import calculations
from workflows.award import Allocation, AllocationOutcome
from workflows.scoring import Ranked, rounded, spread
from workflows.snapshot import ApplicationSnapshot

MONEY = {AllocationOutcome.AWARD, AllocationOutcome.PARTIAL}


@dataclass(frozen=True, slots=True)
class Line:
    """One application in the ranking, with its place and what the division gives it.

    `spread` is the largest distance between reviewers on one criterion; `cumulative_cents` (euro cents) is
    what this and all that rank above it ask together, None for what has no rank.
    """

    application_id: int
    state: str
    application: ApplicationSnapshot
    ranked: Ranked
    allocation: Allocation
    spread: Decimal | None
    cumulative_cents: int | None

    @property
    def region(self) -> str:
        """The name of the region, or its municipalities."""
        region = self.application.region
        return region.name or ", ".join(region.municipalities)

    @property
    def total(self) -> Decimal | None:
        """The total on 0..100, rounded."""
        return _shown(self.ranked.total)

    @property
    def values(self) -> dict[str, Decimal | None]:
        """The value per criterion on its own scale, rounded."""
        return {name: _shown(value) for name, value in self.ranked.criteria.items()}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole ranking, in order; `line_after` is the number of lines above the ceiling line."""

    lines: Sequence[Line]
    line_after: int
    ceiling_cents: int

    @property
    def requested_cents(self) -> int:
        """What all applications ask together."""
        return sum(line.application.requested_cents for line in self.lines)

    @property
    def fundable_cents(self) -> int:
        """What the fundable applications ask together."""
        return sum(line.application.requested_cents for line in self.lines if line.ranked.fundable)

    @property
    def given_cents(self) -> int:
        """What the division gives."""
        return sum(line.allocation.amount_cents for line in self.lines)

    @property
    def left_cents(self) -> int:
        """What the division leaves of the ceiling."""
        return self.ceiling_cents - self.given_cents

    @property
    def fundable(self) -> int:
        """How many applications can be paid for as far as their quality goes."""
        return sum(line.ranked.fundable for line in self.lines)

    @property
    def awarded(self) -> int:
        """How many the division gives money."""
        return sum(line.allocation.outcome in MONEY for line in self.lines)


def ranking_of(round_: Round) -> Ranking:
    """Rank and divide now; nothing is stored. The number of queries never grows with the round."""
    material = calculations.material_of(round_)
    snapshots = {one.reference: one for one in material.applications}
    division = {one.reference: one for one in calculations.allocate_round(round_, material=material)}
    rows = {
        reference: (application_id, state)
        for reference, application_id, state in db.session.execute(
            select(Application.reference, Application.id, Application.state).where(
                Application.round_id == round_.id, Application.state != "draft"
            )
        )
    }
    lines, cumulative = [], 0
    for ranked in calculations.rank_round(round_, material):
        application = snapshots[ranked.reference]
        if ranked.fundable:
            cumulative += application.requested_cents
        application_id, state = rows[ranked.reference]
        apart = [value for value in spread(material.round.rules, application).values() if value is not None]
        lines.append(
            Line(
                application_id=application_id,
                state=state,
                application=application,
                ranked=ranked,
                allocation=division[ranked.reference],
                spread=_shown(max(apart)) if apart else None,
                cumulative_cents=cumulative if ranked.fundable else None,
            )
        )
    return Ranking(lines, _line_after(lines), round_.ceiling_cents)


def _line_after(lines: Sequence[Line]) -> int:
    """Tell below how many lines the money ends: after the last that gets some, else after the last ranked."""
    paid = [number for number, line in enumerate(lines, start=1) if line.allocation.outcome in MONEY]
    short = any(line.allocation.outcome is AllocationOutcome.RESERVE for line in lines)
    ranked = sum(line.ranked.fundable for line in lines)
    return (paid[-1] if paid else 0) if short else ranked


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)
