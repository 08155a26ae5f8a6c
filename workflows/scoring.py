"""From reviews to an order: values per criterion, totals, what is fundable, ranks.

All arithmetic is on fractions, so that equals are equal; rounding is for showing alone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile
from statistics import median
from zoneinfo import ZoneInfo

from workflows.codes import Ground
from workflows.rules import Aggregate, Criterion, Distribution, FirstComeUnit, Rules, TieBreak
from workflows.snapshot import ApplicationSnapshot, Review, RoundSnapshot

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SHOWN_PLACES = 4

SortKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How one application came out.

    `total` lies on 0..100 and a criterion on its own scale; None is without a value. `reviews` is
    the number of counted ones. `ground` is None when fundable, else `not_eligible`,
    `too_few_reviews`, `criterion:<id>` or `below_threshold`. `rank` counts from 1, fundable alone.
    """

    reference: str
    total: Fraction | None
    criteria: dict[str, Fraction | None]
    reviews: int
    fundable: bool
    ground: str | None
    rank: int | None


def rank(
    round: RoundSnapshot,
    applications: Iterable[ApplicationSnapshot],
    eligible: Mapping[str, bool],
) -> tuple[Ranked, ...]:
    """Score all and put the fundable in order; the others come last, by reference.

    `eligible` is the verdict per reference; without a verdict an application is not eligible.
    """
    rules = round.rules
    ordered: list[tuple[SortKey, Ranked]] = []
    unranked: list[Ranked] = []
    for application in applications:
        scored = _score(rules, application, eligible=eligible.get(application.reference, False))
        if scored.fundable:
            ordered.append((order_key(rules, application, scored), scored))
        else:
            unranked.append(scored)
    ordered.sort(key=lambda entry: entry[0])
    unranked.sort(key=lambda scored: scored.reference)
    return (
        *(replace(scored, rank=number) for number, (_, scored) in enumerate(ordered, start=1)),
        *unranked,
    )


def counted_reviews(rules: Rules, application: ApplicationSnapshot) -> tuple[Review, ...]:
    """Give the reviews that count: no conflict, and every criterion scored and motivated.

    A score without motivation is not a score (Awb 3:46; ECLI:NL:RBUTR:2012:BX0151).
    """
    return tuple(
        review
        for review in application.reviews
        if review.conflict is None
        and all(
            criterion.id in review.scores and review.motivation.get(criterion.id, "").strip()
            for criterion in rules.criteria
        )
    )


def reviews_needed(rules: Rules, requested_cents: int) -> int:
    """Give the number of counted reviews that an amount asks for.

    The tier with the highest `from_cents` at or below the amount decides; where no tier begins
    that low, `min_reviews` does.
    """
    reached = [
        (tier.from_cents, tier.reviews)
        for tier in rules.reviews_by_amount
        if tier.from_cents <= requested_cents
    ]
    return max(reached)[1] if reached else rules.min_reviews


def means(rules: Rules, application: ApplicationSnapshot) -> dict[str, Fraction | None]:
    """Give per criterion what the counted reviews come to, without what the committee agreed."""
    return _means(rules, counted_reviews(rules, application))


def spread(rules: Rules, application: ApplicationSnapshot) -> dict[str, Fraction | None]:
    """Give per criterion how far the counted reviews lie apart (highest less lowest score)."""
    counted = counted_reviews(rules, application)
    scores = {
        criterion.id: [Fraction(review.scores[criterion.id]) for review in counted]
        for criterion in rules.criteria
    }
    return {name: max(given) - min(given) if given else None for name, given in scores.items()}


def lot_of(rules: Rules, reference: str) -> str:
    """Draw the lot of an application: the same for the same seed and reference; smaller goes first."""
    return hashlib.sha256(f"{rules.lot_seed}:{reference}".encode()).hexdigest()


def order_key(
    rules: Rules, application: ApplicationSnapshot, scored: Ranked, *, until: str | None = None
) -> SortKey:
    """Give what fundable applications are ordered by, smaller first; `until` a tie-break: all before it."""
    received = application.received_at
    if rules.distribution is Distribution.FIRST_COME:
        by_day = rules.first_come_unit is FirstComeUnit.DAY
        first: SortKey = (day_in_amsterdam(received) if by_day else received,)
    else:
        priority = application.panel.priority if application.panel else None
        first = (priority is None, priority or 0, -(scored.total or 0))
    names = takewhile(lambda name: name != until, rules.tie_break)
    ties = (_tie_key(rules, name, application, scored) for name in names)
    return (*first, *ties) if until is not None else (*first, *ties, application.reference)


def unscored_tie_key(
    rules: Rules, name: str, *, reference: str, requested_cents: int, received_at: datetime
) -> object:
    """Give what a tie-break that is no criterion orders by; smaller goes first."""
    if name == TieBreak.REQUESTED:
        return requested_cents
    if name == TieBreak.LOT:
        return lot_of(rules, reference)
    return received_at


def rounded(value: Fraction) -> Decimal:
    """Round half up (away from zero) to 4 decimals, exactly."""
    steps = 10**SHOWN_PLACES
    size = (abs(value.numerator) * steps * 2 + value.denominator) // (value.denominator * 2)
    return Decimal(size if value >= 0 else -size).scaleb(-SHOWN_PLACES)


def day_in_amsterdam(instant: datetime) -> date:
    """Give the calendar day on which an instant falls in the Netherlands."""
    return instant.astimezone(AMSTERDAM).date()


def _score(rules: Rules, application: ApplicationSnapshot, *, eligible: bool) -> Ranked:
    counted = counted_reviews(rules, application)
    agreed = application.panel.scores if application.panel else {}
    criteria = _means(rules, counted) | {
        criterion.id: Fraction(agreed[criterion.id]) for criterion in rules.criteria if criterion.id in agreed
    }
    total = _total(rules.criteria, criteria)
    ground: str | None = None if eligible else Ground.NOT_ELIGIBLE
    if eligible and rules.criteria:
        enough = len(counted) >= reviews_needed(rules, application.requested_cents)
        ground = _ground(rules, criteria, total if enough else None)
    return Ranked(
        reference=application.reference,
        total=total,
        criteria=criteria,
        reviews=len(counted),
        fundable=ground is None,
        ground=ground,
        rank=None,
    )


def _means(rules: Rules, counted: Sequence[Review]) -> dict[str, Fraction | None]:
    return {
        criterion.id: _aggregate(rules, [Fraction(review.scores[criterion.id]) for review in counted])
        for criterion in rules.criteria
    }


def _ground(rules: Rules, values: Mapping[str, Fraction | None], total: Fraction | None) -> str | None:
    """Give the first reason why these scores do not make an application fundable."""
    if total is None:
        return Ground.TOO_FEW_REVIEWS
    for criterion in rules.criteria:
        value = values[criterion.id]
        if (
            value is not None
            and criterion.threshold is not None
            and _goodness(criterion, value) < _goodness(criterion, Fraction(criterion.threshold))
        ):
            return f"{Ground.CRITERION}:{criterion.id}"
    if rules.threshold_total is not None and total < Fraction(rules.threshold_total):
        return Ground.BELOW_THRESHOLD
    return None


def _aggregate(rules: Rules, scores: Sequence[Fraction]) -> Fraction | None:
    if not scores:
        return None
    if rules.aggregate is Aggregate.MEDIAN:
        return Fraction(median(scores))
    return sum(scores, start=Fraction(0)) / len(scores)


def _goodness(criterion: Criterion, value: Fraction) -> Fraction:
    """Place a value between worst (0) and best (1), whichever way the scale runs."""
    worst, best = Fraction(criterion.worst), Fraction(criterion.best)
    return (value - worst) / (best - worst)


def _total(criteria: Sequence[Criterion], values: Mapping[str, Fraction | None]) -> Fraction | None:
    """Weigh the values to 0..100; None without criteria or when one of them has no value."""
    weighed = Fraction(0)
    for criterion in criteria:
        value = values[criterion.id]
        if value is None:
            return None
        weighed += Fraction(criterion.weight) * _goodness(criterion, value)
    if not criteria:
        return None
    return 100 * weighed / sum(Fraction(criterion.weight) for criterion in criteria)


def _tie_key(rules: Rules, name: str, application: ApplicationSnapshot, scored: Ranked) -> object:
    criterion = rules.criterion(name)
    if criterion is not None:
        return -_goodness(criterion, scored.criteria[name] or Fraction(0))
    return unscored_tie_key(
        rules,
        name,
        reference=application.reference,
        requested_cents=application.requested_cents,
        received_at=application.received_at,
    )
