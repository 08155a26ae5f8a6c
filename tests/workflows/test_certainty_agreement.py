"""Alpha, against the example of its author and against its own definition."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.certainty_agreement import Undefined, alpha

# Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, the example with four observers, twelve
# units and missing values. It gives 0.849 for interval data.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def test_the_example_of_krippendorff() -> None:
    units = [[score for score in unit if score is not None] for unit in zip(*OBSERVERS, strict=True)]
    assert alpha(units) == pytest.approx(0.849, abs=0.0005)


@given(st.lists(st.lists(st.integers(1, 5), max_size=4), max_size=8))
def test_it_is_observed_over_expected_disagreement(units: list[list[int]]) -> None:
    found = alpha(units)
    paired = [unit for unit in units if len(unit) > 1]
    scores = [score for unit in paired for score in unit]
    if not paired:
        assert found is Undefined.TOO_FEW
    elif len(set(scores)) == 1:
        assert found is Undefined.NO_VARIATION
    else:
        number = len(scores)
        observed = sum(
            sum((a - b) ** 2 for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in paired
        )
        expected = sum((a - b) ** 2 for a, b in permutations(scores, 2)) / (number - 1)
        assert found == pytest.approx(1 - observed / expected)
