"""What a meeting rests on: quorum, the order of the agenda, and which agreed score needs a reason."""

from decimal import Decimal
from fractions import Fraction

import pytest

from workflows.meetings import differs, order_of_agenda, quorum_of
from workflows.scoring import Ranked


@pytest.mark.parametrize(
    ("expected", "percent", "quorum"),
    [(5, 50, 3), (4, 50, 2), (1, 50, 1), (0, 50, 0), (7, 0, 0), (7, 100, 7), (3, 34, 2)],
)
def test_a_quorum_is_rounded_up(expected: int, percent: int, quorum: int) -> None:
    assert quorum_of(expected, percent) == quorum


def ranked(reference: str, total: Fraction | None, rank: int | None = None) -> Ranked:
    return Ranked(reference, total, {}, 2, rank is not None, None if rank else "below_threshold", rank)


def test_the_highest_total_is_discussed_first_and_without_a_total_last() -> None:
    found = order_of_agenda(
        [
            ranked("D", None),
            ranked("C", Fraction(50)),
            ranked("B", Fraction(80), 2),
            ranked("A", Fraction(80), 1),
        ]
    )
    assert found == ("A", "B", "C", "D")


def test_a_place_in_the_order_of_priority_does_not_count() -> None:
    first = ranked("B", Fraction(10), 1)
    assert order_of_agenda([first, ranked("A", Fraction(20), 2)]) == ("A", "B")


@pytest.mark.parametrize(
    ("agreed", "mean", "other"),
    [
        ("4", Fraction(4), False),
        ("4.0", Fraction(4), False),
        ("3.67", Fraction(11, 3), False),
        ("3.66", Fraction(11, 3), True),
        ("4", Fraction(7, 2), True),
        ("4", None, False),
    ],
)
def test_only_another_score_than_the_mean_needs_a_reason(
    agreed: str, mean: Fraction | None, *, other: bool
) -> None:
    assert differs(Decimal(agreed), mean) is other
