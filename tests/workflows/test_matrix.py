"""The matrix of two criteria: whichever way a scale runs, the best comes first."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.rounds import a_round, application, criterion, review
from workflows.matrix import PARTS, Band, band_at, bands_of, matrix_of
from workflows.rules import Criterion
from workflows.scoring import rank


def scale(best: str, worst: str) -> Criterion:
    return Criterion(id="a", title="A", weight=Decimal(1), best=Decimal(best), worst=Decimal(worst))


@pytest.mark.parametrize(
    ("best", "worst", "value", "score"),
    [
        ("5", "1", "5", "5"),
        ("5", "1", "4.5", "4"),
        ("5", "1", "4.51", "5"),
        ("5", "1", "1", "1"),
        ("5", "1", "1.5", "1"),
        # Where lower is better, 1.49 is still a 1 and halfway is not.
        ("1", "3", "1.49", "1"),
        ("1", "3", "1.5", "2"),
        ("1", "3", "3", "3"),
        ("0", "4", "0", "0"),
    ],
)
def test_a_value_falls_in_the_nearest_whole_score(best: str, worst: str, value: str, score: str) -> None:
    criterion_ = scale(best, worst)
    assert bands_of(criterion_)[band_at(criterion_, Fraction(value))] == Band(Decimal(score), Decimal(score))


def test_bands_run_from_the_best_score_to_the_worst() -> None:
    assert [band.better for band in bands_of(scale("5", "1"))] == [5, 4, 3, 2, 1]
    assert [band.better for band in bands_of(scale("1", "3"))] == [1, 2, 3]


@pytest.mark.parametrize(("best", "worst"), [("100", "0"), ("0", "100"), ("4.5", "1"), ("1", "12")])
def test_a_wide_or_broken_scale_is_cut_into_equal_parts(best: str, worst: str) -> None:
    criterion_ = scale(best, worst)
    bands = bands_of(criterion_)
    assert len(bands) == PARTS
    assert (bands[0].better, bands[-1].worse) == (criterion_.best, criterion_.worst)
    assert band_at(criterion_, Fraction(criterion_.best)) == 0
    assert band_at(criterion_, Fraction(criterion_.worst)) == PARTS - 1
    for number, band in enumerate(bands):
        assert band_at(criterion_, Fraction(band.better + band.worse) / 2) == number


@given(st.sampled_from([("5", "1"), ("1", "5"), ("0", "100"), ("2.5", "0")]), st.data())
def test_a_better_value_never_falls_in_a_worse_band(ends: tuple[str, str], data: st.DataObject) -> None:
    criterion_ = scale(*ends)
    low, high = sorted(map(Fraction, ends))
    one, other = (data.draw(st.fractions(low, high)) for _ in range(2))
    better, worse = sorted((one, other), reverse=criterion_.best > criterion_.worst)
    assert 0 <= band_at(criterion_, better) <= band_at(criterion_, worse) < len(bands_of(criterion_))


def test_each_application_has_one_cell_by_its_agreed_score_or_its_mean() -> None:
    round_ = a_round(criteria=[criterion("r", best=1, worst=3), criterion("k")], min_reviews=1)
    given_ = [
        application("A", reviews=[review(r=1, k=5), review("r2", r=2, k=5)]),
        application("B", reviews=[review(r=3, k=2)], panel={"scores": {"r": 1, "k": 5}}),
        application("C", reviews=[review(r=2, k=5)]),
        application("D"),
    ]
    ranking = rank(round_, given_, dict.fromkeys("ABCD", True))
    matrix = matrix_of(round_.rules.criteria[0], round_.rules.criteria[1], ranking)
    assert matrix.cells[0] == (("B",), ("A", "C"), ())
    assert [cell for line in matrix.cells[1:] for cell in line if cell] == []
    assert matrix.outside == ("D",)
