"""How alike reviewers score one trial application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import mean, median

from workflows import certainty_agreement
from workflows.certainty_agreement import Undefined
from workflows.certainty_sheet import goodness
from workflows.rules import Criterion


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion: how often each score was given (worst first), with their mean, median and spread.

    `spread` is the highest less the lowest score. Without scores these are None.
    """

    criterion: Criterion
    numbers: tuple[tuple[Decimal, int], ...]
    mean: Fraction | None
    median: Fraction | None
    spread: Decimal | None


def compare(
    criteria: Sequence[Criterion],
    given: Sequence[Mapping[str, Decimal]],
    steps: Mapping[str, Sequence[Decimal]],
) -> tuple[Compared, ...]:
    """Compare what reviewers gave; `steps` are the scores of a scale to show also where nobody gave them."""
    found = []
    for criterion in criteria:
        scores = [one[criterion.id] for one in given if criterion.id in one]
        exact = [Fraction(score) for score in scores]
        shown = sorted({*steps.get(criterion.id, ()), *scores}, reverse=criterion.best < criterion.worst)
        found.append(
            Compared(
                criterion=criterion,
                numbers=tuple((score, scores.count(score)) for score in shown),
                mean=Fraction(mean(exact)) if exact else None,
                median=Fraction(median(exact)) if exact else None,
                spread=max(scores) - min(scores) if scores else None,
            )
        )
    return tuple(found)


def agreement(criteria: Sequence[Criterion], given: Sequence[Mapping[str, Decimal]]) -> float | Undefined:
    """Give Krippendorff's alpha over all criteria together, each from worst (0) to best (1).

    Of one application alpha per criterion says nothing: a single unit is never more alike than chance. Over
    its criteria it tells whether reviewers see the same strong and weak sides.
    """
    return certainty_agreement.alpha(
        [
            [goodness(criterion, float(one[criterion.id])) for one in given if criterion.id in one]
            for criterion in criteria
        ]
    )
