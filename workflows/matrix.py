"""Two criteria against each other, as a rule relevance and quality: a view for the committee, no decision.

A value falls in the band of the score that it is nearest to; halfway it falls in the worse of the two,
because the better one was not reached.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from workflows.rules import Criterion
from workflows.scoring import Ranked

# A scale of at most so many whole steps has a band for each; another is cut into equal parts.
MOST_STEPS = 10
PARTS = 5


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a scale, ends from the better to the worse; the same end twice is one whole score."""

    better: Decimal
    worse: Decimal


@dataclass(frozen=True, slots=True)
class Matrix:
    """Bands from the best on, and the references per pair of bands (down, across), in the order given.

    `outside` holds those without a value on one of the two.
    """

    across: tuple[Band, ...]
    down: tuple[Band, ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]
    outside: tuple[str, ...]


def matrix_of(across: Criterion, down: Criterion, ranking: Iterable[Ranked]) -> Matrix:
    """Put every application in its cell, by agreed score where there is one and else by the mean."""
    columns, lines = bands_of(across), bands_of(down)
    cells: list[list[list[str]]] = [[[] for _ in columns] for _ in lines]
    outside = []
    for one in ranking:
        first, second = one.criteria.get(across.id), one.criteria.get(down.id)
        if first is None or second is None:
            outside.append(one.reference)
        else:
            cells[band_at(down, second)][band_at(across, first)].append(one.reference)
    return Matrix(
        columns, lines, tuple(tuple(tuple(cell) for cell in line) for line in cells), tuple(outside)
    )


def bands_of(criterion: Criterion) -> tuple[Band, ...]:
    """Give the bands of a scale, the best first."""
    steps = _whole_steps(criterion)
    if steps is not None:
        way = 1 if criterion.worst > criterion.best else -1
        scores = [criterion.best + way * step for step in range(steps + 1)]
        return tuple(Band(score, score) for score in scores)
    part = (criterion.worst - criterion.best) / PARTS
    ends = [criterion.best + part * number for number in range(PARTS + 1)]
    return tuple(Band(better, worse) for better, worse in pairwise(ends))


def band_at(criterion: Criterion, value: Fraction) -> int:
    """Give the number of the band, from 0 for the best, in which a value on the scale falls."""
    best, worst = Fraction(criterion.best), Fraction(criterion.worst)
    from_best = (value - best) / (worst - best)
    steps = _whole_steps(criterion)
    if steps is not None:
        doubled = from_best * steps * 2
        return min(int(doubled + 1) // 2, steps)
    return min(int(from_best * PARTS), PARTS - 1)


def _whole_steps(criterion: Criterion) -> int | None:
    """Give the number of steps from best to worst of a short scale with whole ends."""
    best, worst = criterion.best, criterion.worst
    whole = best == best.to_integral_value() and worst == worst.to_integral_value()
    length = abs(best - worst)
    return int(length) if whole and length <= MOST_STEPS else None
