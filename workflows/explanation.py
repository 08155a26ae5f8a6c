"""The arithmetic behind a decision, worked out: what each criterion adds, and how the money ran down.

All of it on fractions, as in `scoring`; rounding is for showing alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from workflows.award import Allocation, AllocationOutcome
from workflows.rules import Criterion, Distribution, Rules
from workflows.scoring import Ranked
from workflows.snapshot import ApplicationSnapshot

MONEY = frozenset({AllocationOutcome.AWARD, AllocationOutcome.PARTIAL})


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion adds to the total.

    `share` is its weight in all weights, `place` where the value lies between worst (0) and best (1),
    `points` what that gives of 100. `place` and `points` are None without a value.
    """

    criterion: Criterion
    value: Fraction | None
    share: Fraction
    place: Fraction | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One application when its turn came, in euro cents.

    `before_cents` was left of the ceiling then and `after_cents` when it had its money. In a proportional
    division nobody waits for a turn: both follow the same order, for showing alone.
    """

    rank: int
    reference: str
    total: Fraction | None
    asked_cents: int
    before_cents: int
    given_cents: int
    outcome: AllocationOutcome
    ground: str | None

    @property
    def after_cents(self) -> int:
        """What was left after it."""
        return self.before_cents - self.given_cents

    @property
    def paid(self) -> bool:
        """Whether it got any money."""
        return self.outcome in MONEY


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a proportional division divides: what who shares asked together, and the ceiling; euro cents."""

    asked_cents: int
    ceiling_cents: int

    @property
    def part(self) -> Fraction:
        """The part of what each asked that each gets, before whole cents are made of it."""
        if self.asked_cents <= self.ceiling_cents:
            return Fraction(1)
        return Fraction(self.ceiling_cents, self.asked_cents)


def parts_of(criteria: Sequence[Criterion], values: Mapping[str, Fraction | None]) -> tuple[Part, ...]:
    """Work out what each criterion adds; the points add up to the total when every one has a value."""
    weights = sum((Fraction(one.weight) for one in criteria), start=Fraction(0))
    return tuple(_part(one, values[one.id], Fraction(one.weight) / weights) for one in criteria)


def turns_of(
    ranking: Sequence[Ranked],
    division: Iterable[Allocation],
    applications: Iterable[ApplicationSnapshot],
    ceiling_cents: int,
) -> tuple[Turn, ...]:
    """Go down the ranking (in its order) with the money; who has no rank had no turn."""
    given = {one.reference: one for one in division}
    asked = {one.reference: one.requested_cents for one in applications}
    turns, left = [], ceiling_cents
    for ranked in ranking:
        if ranked.rank is None:
            continue
        allocation = given[ranked.reference]
        turns.append(
            Turn(
                rank=ranked.rank,
                reference=ranked.reference,
                total=ranked.total,
                asked_cents=asked[ranked.reference],
                before_cents=left,
                given_cents=allocation.amount_cents,
                outcome=allocation.outcome,
                ground=allocation.ground,
            )
        )
        left -= allocation.amount_cents
    return tuple(turns)


def sharing_of(rules: Rules, turns: Iterable[Turn], ceiling_cents: int) -> Sharing | None:
    """Give what was divided over whom in proportion; None for the other ways to divide."""
    if rules.distribution is not Distribution.PROPORTIONAL:
        return None
    return Sharing(sum(one.asked_cents for one in turns if one.paid), ceiling_cents)


def around(turns: Sequence[Turn], reference: str, *, each_side: int) -> Sequence[Turn]:
    """Give the turns near one application, itself in between; the first ones when it had no turn."""
    here = next((number for number, one in enumerate(turns) if one.reference == reference), 0)
    return turns[max(0, here - each_side) : here + each_side + 1]


def _part(criterion: Criterion, value: Fraction | None, share: Fraction) -> Part:
    if value is None:
        return Part(criterion, None, share, None, None)
    worst, best = Fraction(criterion.worst), Fraction(criterion.best)
    place = (value - worst) / (best - worst)
    return Part(criterion, value, share, place, 100 * share * place)
