"""The ranking of a round as a table: who stands where, what it asks, and how far the money goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, PanelAdvice, Round
from subsidy.services import calculations
from subsidy.services.calculations import Material
from workflows import priority
from workflows.award import Allocation, AllocationOutcome
from workflows.scoring import Ranked, rounded, spread
from workflows.snapshot import ApplicationSnapshot

MONEY = {AllocationOutcome.AWARD, AllocationOutcome.PARTIAL}


@dataclass(frozen=True, slots=True)
class Line:
    """One application in the ranking, with its place and what the division gives it.

    `spreads` is the distance between the reviewers per criterion; `cumulative_cents` (euro cents) is what
    this and all that rank above it ask together, None for what has no rank. `priority_reason` is why the
    committee gave it this place; `departs` tells that it stands before one with a better score, or after
    one with a worse.
    """

    application_id: int
    state: str
    application: ApplicationSnapshot
    ranked: Ranked
    allocation: Allocation
    spreads: Mapping[str, Decimal | None]
    cumulative_cents: int | None
    priority_reason: str = ""
    departs: bool = False

    @property
    def spread(self) -> Decimal | None:
        """The largest distance between reviewers on one criterion."""
        return max((one for one in self.spreads.values() if one is not None), default=None)

    @property
    def agreed(self) -> frozenset[str]:
        """The criteria on which the committee agreed a score, which goes before the mean."""
        return frozenset(self.application.panel.scores if self.application.panel else ())

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
    """The whole ranking, in order; `line_after` is the number of lines above the ceiling line.

    `by_score` holds the references of the fundable in the order without the places that the committee gave.
    """

    lines: Sequence[Line]
    line_after: int
    ceiling_cents: int
    by_score: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """The references of the fundable, in the order that counts now."""
        return tuple(line.ranked.reference for line in self.lines if line.ranked.fundable)

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
    ranking = calculations.rank_round(round_, material)
    divided = calculations.allocate_round(round_, material=material, ranking=ranking)
    division = {one.reference: one for one in divided}
    rows = {
        reference: (application_id, state, reason or "")
        for reference, application_id, state, reason in db.session.execute(
            select(Application.reference, Application.id, Application.state, PanelAdvice.priority_reason)
            .outerjoin(PanelAdvice, PanelAdvice.application_id == Application.id)
            .where(Application.round_id == round_.id, Application.state != "draft")
        )
    }
    order = tuple(one.reference for one in ranking if one.fundable)
    by_score = _by_score(material, order)
    departed = priority.departing(order, by_score)
    lines, cumulative = [], 0
    for ranked in ranking:
        application = snapshots[ranked.reference]
        if ranked.fundable:
            cumulative += application.requested_cents
        application_id, state, reason = rows[ranked.reference]
        spreads = spread(material.round.rules, application)
        lines.append(
            Line(
                application_id=application_id,
                state=state,
                application=application,
                ranked=ranked,
                allocation=division[ranked.reference],
                spreads={name: _shown(value) for name, value in spreads.items()},
                cumulative_cents=cumulative if ranked.fundable else None,
                priority_reason=reason,
                departs=ranked.reference in departed,
            )
        )
    return Ranking(lines, _line_after(lines), round_.ceiling_cents, by_score)


def _by_score(material: Material, order: tuple[str, ...]) -> tuple[str, ...]:
    """Give the order without the places of the committee; the same one where it gave none."""
    given = any(one.panel is not None and one.panel.priority is not None for one in material.applications)
    if not given:
        return order
    eligible = calculations.eligible(material)
    return priority.order_by_score(material.round, material.applications, eligible)


def _line_after(lines: Sequence[Line]) -> int:
    """Tell below how many lines the money ends: after the last that gets some, else after the last ranked."""
    paid = [number for number, line in enumerate(lines, start=1) if line.allocation.outcome in MONEY]
    short = any(line.allocation.outcome is AllocationOutcome.RESERVE for line in lines)
    ranked = sum(line.ranked.fundable for line in lines)
    return (paid[-1] if paid else 0) if short else ranked


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)
