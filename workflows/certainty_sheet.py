"""A round as columns of numbers, to rank and divide thousands of times: `scoring` and `award` in floats.

For studying an order, never for making one: a rank always comes from `scoring`, on exact fractions. Totals
are rounded to 9 decimals, far finer than any two that differ, so that equals are equal here too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workflows.regions import Reference, municipalities_of, regions_clash
from workflows.rules import Aggregate, Criterion, Distribution, FirstComeUnit, Rules, TieBreak
from workflows.scoring import counted_reviews, day_in_amsterdam, lot_of, reviews_needed
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

DECIMALS = 9
SLACK = 10**-DECIMALS
# Where an order looks at what differs per draw: the total, or the value on a criterion by its place.
TOTAL = -1
Key = int | Whole


@dataclass(frozen=True, slots=True)
class Sheet:
    """The applications of a round that can end above the line, one per row, by reference.

    `given` holds the counted scores of an application (reviews by criteria) and `agreed` what the panel set
    (NaN: nothing), both from worst (0) to best (1). `asked` is in euro cents. `keys` is what the order looks
    at, the first before the others. `clash` says which regions stand in each other's way, where that counts.
    """

    rules: Rules
    ceiling_cents: int
    references: tuple[str, ...]
    given: tuple[Floats, ...]
    agreed: Floats
    asked: Whole
    keys: tuple[Key, ...]
    clash: Flags | None

    @property
    def weights(self) -> Floats:
        """The share of each criterion in the total; together 1."""
        weights = np.array([float(one.weight) for one in self.rules.criteria])
        shares: Floats = weights / weights.sum() if len(weights) else weights
        return shares

    def values(self) -> Floats:
        """Give the value per application and criterion, 0..1, of all counted scores together."""
        found = np.full(self.agreed.shape, np.nan)
        for row, scores in enumerate(self.given):
            if len(scores):
                found[row] = aggregate(self.rules, scores, axis=0)
        return self.with_agreed(found)

    def with_agreed(self, values: Floats) -> Floats:
        """Put what the panel agreed in place of what reviewers gave; the last two axes are rows, criteria."""
        found: Floats = np.where(np.isnan(self.agreed), values, self.agreed)
        return found

    def fundable(self, totals: Floats, values: Floats) -> Flags:
        """Tell which reach the thresholds; `totals` is draws by rows, `values` draws by rows by criteria."""
        reached: Flags = np.ones(totals.shape, dtype=bool)
        for place, criterion in enumerate(self.rules.criteria):
            if criterion.threshold is not None:
                least = goodness(criterion, float(criterion.threshold))
                reached &= values[..., place] >= least - SLACK
        if self.rules.criteria and self.rules.threshold_total is not None:
            reached &= totals >= float(self.rules.threshold_total) - SLACK
        return reached

    def above(self, totals: Floats, values: Floats) -> Flags:
        """Tell per draw which applications get money under the division of this round."""
        fundable = self.fundable(totals, values)
        order = self._order(totals, values, fundable)
        if self.clash is not None:
            return self._one_by_one(order, fundable, self.clash)
        number = fundable.sum(axis=1)
        paid = (
            number if self.rules.distribution is Distribution.PROPORTIONAL else self._fitting(order, fundable)
        )
        if self.rules.max_awards is not None:
            paid = np.minimum(paid, self.rules.max_awards)
        found: Flags = np.zeros(fundable.shape, dtype=bool)
        np.put_along_axis(found, order, np.arange(fundable.shape[1]) < paid[:, None], axis=1)
        return found

    def _order(self, totals: Floats, values: Floats, fundable: Flags) -> Whole:
        """Give per draw the rows in order; those that are not fundable come last."""
        columns: list[Any] = [~fundable]
        for key in self.keys:
            if not isinstance(key, int):
                column: Any = key
            else:
                column = -(totals if key == TOTAL else values[..., key])
            columns.append(np.broadcast_to(column, totals.shape))
        found: Whole = np.lexsort(columns[::-1], axis=-1)
        return found

    def _fitting(self, order: Whole, fundable: Flags) -> Whole:
        """Count per draw who gets money in turn: until one does not fit, which may get a part."""
        among = np.take_along_axis(fundable, order, axis=1)
        spent = np.cumsum(np.where(among, self.asked[order], 0), axis=1)
        fitting: Whole = (among & (spent <= self.ceiling_cents)).sum(axis=1)
        if self.rules.partial_award and order.shape[1]:
            before = np.where(
                fitting > 0, np.take_along_axis(spent, np.maximum(fitting - 1, 0)[:, None], axis=1)[:, 0], 0
            )
            rest = self.ceiling_cents - before >= self.rules.min_partial_cents
            fitting = fitting + (rest & (fitting < fundable.sum(axis=1)))
        return fitting

    def _one_by_one(self, order: Whole, fundable: Flags, clash: Flags) -> Flags:
        """Divide in turn, because an award closes its region to those that follow."""
        rules = self.rules
        draws = np.arange(len(order))
        most = np.inf if rules.max_awards is None else rules.max_awards
        shares = rules.distribution is Distribution.PROPORTIONAL
        left = np.full(len(order), self.ceiling_cents, dtype=np.int64)
        met = np.zeros(len(order), dtype=bool)
        awards = np.zeros(len(order), dtype=np.int64)
        closed = np.zeros(fundable.shape, dtype=bool)
        found: Flags = np.zeros(fundable.shape, dtype=bool)
        for place in range(order.shape[1]):
            row = order[:, place]
            live = fundable[draws, row] & ~closed[draws, row] & (awards < most)
            if shares:
                got = live
            else:
                whole = live & ~met & (self.asked[row] <= left)
                part = live & ~met & ~whole & rules.partial_award & (left >= rules.min_partial_cents)
                met |= live & ~whole
                left = np.where(part, 0, left - np.where(whole, self.asked[row], 0))
                got = whole | part
            awards += got
            found[draws, row] = got
            closed |= clash[row] & got[:, None]
        return found


def sheet_of(
    round: RoundSnapshot,
    applications: Iterable[ApplicationSnapshot],
    eligible: Mapping[str, bool],
    *,
    reference: Reference,
) -> Sheet:
    """Write down what can be ranked: eligible, with enough counted reviews and a value on every criterion."""
    rules = round.rules
    rows = [
        (application, scores)
        for application in sorted(applications, key=lambda one: one.reference)
        if eligible.get(application.reference, False)
        for scores in [scores_of(rules, application)]
        if _has_total(rules, application, len(scores))
    ]
    ranked = [application for application, _ in rows]
    return Sheet(
        rules=rules,
        ceiling_cents=round.ceiling_cents,
        references=tuple(one.reference for one in ranked),
        given=tuple(scores for _, scores in rows),
        agreed=_agreed(rules, ranked),
        asked=np.array([one.requested_cents for one in ranked], dtype=np.int64),
        keys=_keys(rules, ranked),
        clash=clashes(ranked, reference) if rules.one_award_per_region else None,
    )


def scores_of(rules: Rules, application: ApplicationSnapshot) -> Floats:
    """Give the counted scores, 0..1: a row per review, a column per criterion."""
    counted = counted_reviews(rules, application)
    scores = [[goodness(one, float(review.scores[one.id])) for one in rules.criteria] for review in counted]
    return np.array(scores, dtype=np.float64).reshape(len(counted), len(rules.criteria))


def goodness(criterion: Criterion, value: float) -> float:
    """Place a score between worst (0) and best (1), whichever way the scale runs."""
    worst, best = float(criterion.worst), float(criterion.best)
    return (value - worst) / (best - worst)


def aggregate(rules: Rules, scores: Floats, *, axis: int) -> Floats:
    """Make one value of several scores, as the rules of the round do."""
    found: Floats = (
        np.median(scores, axis=axis) if rules.aggregate is Aggregate.MEDIAN else scores.mean(axis=axis)
    )
    return found


def weigh(values: Floats, weights: Floats) -> Floats:
    """Give totals on 0..100 of values whose last axis is the criteria."""
    found: Floats = np.round(100 * (values @ weights), DECIMALS)
    return found


def clashes(applications: Sequence[ApplicationSnapshot], reference: Reference) -> Flags:
    """Tell of every two applications whether their regions clash.

    Two regions that share a municipality do, and only two that both name neighbourhoods are looked at closer.
    """
    codes = [municipalities_of(one.region, reference) for one in applications]
    found: Flags = np.zeros((len(codes), len(codes)), dtype=bool)
    for i, mine in enumerate(codes):
        for j in range(i):
            if mine.isdisjoint(codes[j]):
                continue
            a, b = applications[i].region, applications[j].region
            closer = a.neighbourhoods and b.neighbourhoods
            found[i, j] = found[j, i] = not closer or regions_clash(a, b, reference)
    return found


def _has_total(rules: Rules, application: ApplicationSnapshot, reviews: int) -> bool:
    if not rules.criteria:
        return True
    agreed = application.panel.scores if application.panel else {}
    enough = reviews >= reviews_needed(rules, application.requested_cents)
    return enough and (reviews > 0 or all(one.id in agreed for one in rules.criteria))


def _agreed(rules: Rules, applications: Sequence[ApplicationSnapshot]) -> Floats:
    found = np.full((len(applications), len(rules.criteria)), np.nan)
    for row, application in enumerate(applications):
        agreed = application.panel.scores if application.panel else {}
        for place, criterion in enumerate(rules.criteria):
            if criterion.id in agreed:
                found[row, place] = goodness(criterion, float(agreed[criterion.id]))
    return found


def _keys(rules: Rules, applications: Sequence[ApplicationSnapshot]) -> tuple[Key, ...]:
    """Give what the order looks at, as `scoring` has it."""
    keys: list[Key] = []
    if rules.distribution is Distribution.FIRST_COME:
        by_day = rules.first_come_unit is FirstComeUnit.DAY
        keys.append(
            _ranks([day_in_amsterdam(one.received_at) if by_day else one.received_at for one in applications])
        )
    else:
        priorities = [one.panel.priority if one.panel else None for one in applications]
        keys += [_ranks([(given is None, given or 0) for given in priorities]), TOTAL]
    ids = [one.id for one in rules.criteria]
    for name in rules.tie_break:
        if name in ids:
            keys.append(ids.index(name))
        elif name == TieBreak.REQUESTED:
            keys.append(_ranks([one.requested_cents for one in applications]))
        elif name == TieBreak.LOT:
            keys.append(_ranks([lot_of(rules, one.reference) for one in applications]))
        else:
            keys.append(_ranks([one.received_at for one in applications]))
    return (*keys, _ranks([one.reference for one in applications]))


def _ranks(values: Sequence[Any]) -> Whole:
    """Give every value its place among the distinct ones."""
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return np.array([places[value] for value in values], dtype=np.int64)
