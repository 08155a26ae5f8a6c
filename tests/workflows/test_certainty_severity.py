"""The additive model, against a worked example and against plain least squares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.certainty_severity import Given, fit

# Montgomery, Design and Analysis of Experiments, the catalyst experiment, a balanced incomplete block design:
# four catalysts, each in three of four batches of raw material. Here a catalyst is a reviewer.
CATALYSTS = {
    "1": {"a": 73, "b": 74, "d": 71},
    "2": {"b": 75, "c": 67, "d": 72},
    "3": {"a": 73, "b": 75, "c": 68},
    "4": {"a": 75, "c": 72, "d": 75},
}
# Its estimates of the effects and its mean square of the error.
EFFECTS = {"1": -9 / 8, "2": -7 / 8, "3": -4 / 8, "4": 20 / 8}
ERROR = 0.65


def test_the_catalyst_experiment() -> None:
    model = fit([Given(batch, one, y) for one, times in CATALYSTS.items() for batch, y in times.items()])
    assert {name: effect.value for name, effect in model.reviewers.items()} == pytest.approx(EFFECTS)
    assert model.noise == pytest.approx(ERROR**0.5)
    # The variance of the difference of two effects is 2 k s2 / (lambda a), k = 3, lambda = 2, a = 4; effects
    # that add up to zero have (a - 1) / 2a of that each.
    variance = 2 * 3 * ERROR / (2 * 4) * (4 - 1) / (2 * 4)
    assert model.reviewers["1"].error == pytest.approx(variance**0.5)
    assert model.parts == 1


@st.composite
def reviews(draw: st.DrawFn) -> list[Given]:
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from("abcdefg"), st.sampled_from("123456")),
            min_size=1,
            max_size=25,
            unique=True,
        )
    )
    return [Given(name, who, draw(st.integers(0, 100))) for name, who in pairs]


def design(given: list[Given]) -> tuple[np.ndarray, np.ndarray, list[str], list[str]]:
    names, people = sorted({one.application for one in given}), sorted({one.reviewer for one in given})
    matrix = np.zeros((len(given), len(names) + len(people)))
    for row, one in enumerate(given):
        matrix[row, names.index(one.application)] = 1
        matrix[row, len(names) + people.index(one.reviewer)] = 1
    return matrix, np.array([one.total for one in given], dtype=float), names, people


@given(reviews())
def test_it_fits_as_plain_least_squares_does(given_: list[Given]) -> None:
    model = fit(given_)
    matrix, totals, names, _ = design(given_)
    solution, _, rank, _ = np.linalg.lstsq(matrix, totals, rcond=None)
    assert rank == matrix.shape[1] - model.parts
    fitted = [
        (model.applications[one.application].value or 0) + (model.reviewers[one.reviewer].value or 0)
        for one in given_
    ]
    assert fitted == pytest.approx((matrix @ solution).tolist(), abs=1e-6)
    for part in range(1, model.parts + 1):
        inside = [one.value or 0 for one in model.reviewers.values() if one.part == part]
        assert sum(inside) == pytest.approx(0, abs=1e-6)
    free = len(given_) - rank
    if free > 0:
        squares = float(np.sum((totals - matrix @ solution) ** 2))
        assert model.noise == pytest.approx((squares / free) ** 0.5, abs=1e-6)
        if model.parts == 1:
            _check_errors(model.applications[names[0]].error, model.noise, matrix, len(names))
    else:
        assert model.noise is None
        assert all(one.error is None for one in model.applications.values())


def _check_errors(error: float | None, noise: float | None, matrix: np.ndarray, names: int) -> None:
    """Compare with the covariance under the constraint that the effects of reviewers add up to zero."""
    constraint = np.zeros(matrix.shape[1])
    constraint[names:] = 1
    normal = matrix.T @ matrix + np.outer(constraint, constraint)
    inverse = np.linalg.inv(normal)
    covariance = inverse @ (matrix.T @ matrix) @ inverse
    assert error == pytest.approx((noise or 0) * covariance[0, 0] ** 0.5, abs=1e-6)


def test_who_shares_nothing_is_not_compared() -> None:
    model = fit([Given("a", "1", 80), Given("b", "2", 40), Given("c", "2", 60)])
    assert model.parts == 2
    assert [one.value for one in model.reviewers.values()] == [None, None]
    assert model.applications["c"].value == pytest.approx(60)
    assert model.applications["a"].part != model.applications["b"].part


def test_a_strict_reviewer_is_taken_out() -> None:
    """Reviewer 2 gives 20 points less than reviewer 1, everywhere."""
    pairs = {"a": 70, "b": 50, "c": 60}
    model = fit([Given(n, w, y - cut) for n, y in pairs.items() for w, cut in (("1", 0), ("2", 20))][:-1])
    assert model.reviewers["2"].value == pytest.approx(-10)
    assert {name: one.value for name, one in model.applications.items()} == pytest.approx(
        {"a": 60, "b": 40, "c": 50}
    )


def test_nothing_was_reviewed() -> None:
    model = fit([])
    assert (model.applications, model.reviewers, model.parts, model.noise) == ({}, {}, 0, None)
