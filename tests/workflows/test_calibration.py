"""How the scores of one trial application compare."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from workflows.calibration import agreement, compare
from workflows.certainty_agreement import Undefined
from workflows.rules import Criterion

UP = Criterion(id="q", title="Q", weight=Decimal(1), best=Decimal(5), worst=Decimal(1))
DOWN = Criterion(id="r", title="R", weight=Decimal(1), best=Decimal(1), worst=Decimal(3))


def given(*pairs: tuple[int, int]) -> list[dict[str, Decimal]]:
    return [{"q": Decimal(q), "r": Decimal(r)} for q, r in pairs]


def test_numbers_mean_and_spread() -> None:
    steps = {"r": (Decimal(3), Decimal(2), Decimal(1))}
    q, r = compare((UP, DOWN), given((5, 1), (4, 1), (2, 3)), steps)
    assert q.numbers == ((Decimal(2), 1), (Decimal(4), 1), (Decimal(5), 1))
    assert (q.mean, q.median, q.spread) == (Fraction(11, 3), Fraction(4), Decimal(3))
    assert r.numbers == ((Decimal(3), 1), (Decimal(2), 0), (Decimal(1), 2))  # worst first
    assert r.spread == Decimal(2)


def test_nobody_scored() -> None:
    (q,) = compare((UP,), [], {})
    assert (q.numbers, q.mean, q.median, q.spread) == ((), None, None, None)
    assert agreement((UP,), []) is Undefined.TOO_FEW


def test_agreement_is_full_when_all_see_the_same_sides() -> None:
    assert agreement((UP, DOWN), given((5, 3), (5, 3))) == pytest.approx(1)
    assert agreement((UP, DOWN), given((5, 1), (5, 1))) is Undefined.NO_VARIATION
    found = agreement((UP, DOWN), given((5, 3), (4, 2), (3, 3)))
    units = [np.array([1, 0.75, 0.5]), np.array([0, 0.5, 0])]
    within = sum(len(one) * one.var(ddof=1) for one in units)
    everything = np.concatenate(units)
    assert found == pytest.approx(1 - within / len(everything) / everything.var(ddof=1))
