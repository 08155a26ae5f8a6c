"""Divide the ceiling (Awb 4:25, 4:26): by tender, first come first served, or proportionally."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflows.codes import Ground
from workflows.regions import Reference, RegionIndex
from workflows.rules import Distribution, Rules
from workflows.scoring import Ranked
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot


class AllocationOutcome(StrEnum):
    """What the division gives an application. A reserve is a rejection in law (Awb 4:25(2))."""

    AWARD = "award"
    PARTIAL = "partial"
    RESERVE = "reserve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one application gets, in euro cents; `ground` is None for a full award."""

    reference: str
    outcome: AllocationOutcome
    amount_cents: int
    ground: str | None


def allocate(
    round: RoundSnapshot,
    applications: Iterable[ApplicationSnapshot],
    ranking: Sequence[Ranked],
    ceiling_cents: int | None = None,
    *,
    reference: Reference,
) -> tuple[Allocation, ...]:
    """Divide the ceiling (the round's own, unless another is given) over the ranking.

    The answer is in order of reference; together the amounts never exceed the ceiling.
    """
    ceiling = round.ceiling_cents if ceiling_cents is None else ceiling_cents
    by_reference = {application.reference: application for application in applications}
    fundable = sorted(
        (ranked for ranked in ranking if ranked.rank is not None), key=lambda one: one.rank or 0
    )
    allocations = [
        Allocation(ranked.reference, AllocationOutcome.REJECT, 0, ranked.ground)
        for ranked in ranking
        if ranked.rank is None
    ]
    in_order = [by_reference[ranked.reference] for ranked in fundable]
    gate = _Gate(round.rules, reference)
    if round.rules.distribution is Distribution.PROPORTIONAL:
        allocations += _in_proportion(in_order, gate, ceiling)
    else:
        allocations += _in_turn(in_order, gate, ceiling)
    return tuple(sorted(allocations, key=lambda one: one.reference))


class _Gate:
    """The two tests before the money: is the region taken, is the number of awards reached."""

    def __init__(self, rules: Rules, reference: Reference) -> None:
        self.rules = rules
        self._awarded = 0
        self._regions = RegionIndex(reference)

    def refusal(self, application: ApplicationSnapshot) -> Allocation | None:
        """Give what stops this application here, or None."""
        rules = self.rules
        if rules.one_award_per_region and self._regions.first_clash(application.region) is not None:
            return Allocation(application.reference, AllocationOutcome.REJECT, 0, Ground.REGION_TAKEN)
        if rules.max_awards is not None and self._awarded >= rules.max_awards:
            return Allocation(application.reference, AllocationOutcome.RESERVE, 0, Ground.MAX_AWARDS)
        return None

    def award(self, application: ApplicationSnapshot) -> None:
        """Count an award, whole or partial."""
        self._awarded += 1
        self._regions.add(application.region, application.reference)


def _in_turn(in_order: Iterable[ApplicationSnapshot], gate: _Gate, ceiling: int) -> list[Allocation]:
    """Give each what it asks until one does not fit; that one may get what is left, then nobody."""
    allocations = []
    left = ceiling
    met = False
    for application in in_order:
        allocation = gate.refusal(application)
        if allocation is None:
            given, met = _from_what_is_left(application, gate.rules, left, met=met)
            allocation = given
            if given.outcome is not AllocationOutcome.RESERVE:
                gate.award(application)
                left -= given.amount_cents
        allocations.append(allocation)
    return allocations


def _from_what_is_left(
    application: ApplicationSnapshot, rules: Rules, left: int, *, met: bool
) -> tuple[Allocation, bool]:
    """Give the allocation, and whether the ceiling is met from here on."""
    name, asked = application.reference, application.requested_cents
    if not met and asked <= left:
        return Allocation(name, AllocationOutcome.AWARD, asked, None), False
    if not met and rules.partial_award and left >= rules.min_partial_cents:
        return Allocation(name, AllocationOutcome.PARTIAL, left, Ground.CEILING), True
    return Allocation(name, AllocationOutcome.RESERVE, 0, Ground.CEILING), True


def _in_proportion(in_order: Iterable[ApplicationSnapshot], gate: _Gate, ceiling: int) -> list[Allocation]:
    """Give all the same share; cents that rounding leaves go by largest remainder, then order."""
    allocations: list[Allocation] = []
    sharing: list[ApplicationSnapshot] = []
    for application in in_order:
        refusal = gate.refusal(application)
        if refusal is None:
            gate.award(application)
            sharing.append(application)
        else:
            allocations.append(refusal)
    for application, amount in zip(sharing, _shares(sharing, ceiling), strict=True):
        whole = amount == application.requested_cents
        allocations.append(
            Allocation(
                application.reference,
                AllocationOutcome.AWARD if whole else AllocationOutcome.PARTIAL,
                amount,
                None if whole else Ground.CEILING,
            )
        )
    return allocations


def _shares(sharing: Sequence[ApplicationSnapshot], ceiling: int) -> list[int]:
    asked = [application.requested_cents for application in sharing]
    total = sum(asked)
    if total <= ceiling:
        return asked
    shares = [amount * ceiling // total for amount in asked]
    by_remainder = sorted(range(len(asked)), key=lambda index: (-(asked[index] * ceiling % total), index))
    for index in by_remainder[: ceiling - sum(shares)]:
        shares[index] += 1
    return shares
