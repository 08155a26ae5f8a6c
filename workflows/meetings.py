"""What a meeting of the committee rests on: its quorum, the order of its agenda, what needs a reason."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from workflows.scoring import Ranked, rounded


def quorum_of(expected: int, percent: int) -> int:
    """Give how many of those expected have to be there: this percentage of them, rounded up."""
    return -(-expected * percent // 100)


def order_of_agenda(ranked: Iterable[Ranked]) -> tuple[str, ...]:
    """Give the references in the order to discuss: the highest total first, without a total last.

    Equals go by reference. An agreed order of priority is what the meeting makes, so it does not count.
    """
    known = sorted(ranked, key=lambda one: (one.total is None, -(one.total or 0), one.reference))
    return tuple(one.reference for one in known)


def differs(agreed: Decimal, mean: Fraction | None) -> bool:
    """Whether an agreed score is another than the mean of the reviewers; without a mean there is none.

    A mean that goes on without end is agreed on as it is shown, with two decimals.
    """
    if mean is None or Fraction(agreed) == mean:
        return False
    shown = rounded(mean).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return agreed != shown
