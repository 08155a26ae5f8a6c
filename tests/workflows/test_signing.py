"""What a signature covers: the same terms give the same digest, and every change has its code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.signing import Change, Terms, changed, spared, terms_from

TERMS = Terms(1_000_000, "Gemeente Zoetermeer", ("Huisartsen", "Welzijn"), 50_000, 0, 12)
DEADLINE = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)

terms = st.builds(
    Terms,
    asked_cents=st.integers(0, 10**9),
    lead=st.text(max_size=5),
    partners=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    own_cents=st.integers(0, 100),
    cofinancing_cents=st.integers(0, 100),
    months=st.none() | st.integers(1, 48),
)


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (replace(TERMS, asked_cents=1_000_001), (Change.AMOUNT,)),
        (replace(TERMS, partners=("Huisartsen",)), (Change.PARTNERS,)),
        (replace(TERMS, lead="Gemeente Delft"), (Change.PARTNERS,)),
        (replace(TERMS, lead="Welzijn", partners=("Huisartsen", "Gemeente Zoetermeer")), (Change.PARTNERS,)),
        (replace(TERMS, own_cents=0), (Change.CONTRIBUTIONS,)),
        (replace(TERMS, cofinancing_cents=1), (Change.CONTRIBUTIONS,)),
        (replace(TERMS, months=18), (Change.DURATION,)),
        (replace(TERMS, asked_cents=1, months=None), (Change.AMOUNT, Change.DURATION)),
        (replace(TERMS, partners=("Welzijn", "Huisartsen")), ()),
        (replace(TERMS, partners=("huisartsen ", "WELZIJN.")), ()),
    ],
)
def test_every_change_has_its_code(other: Terms, codes: tuple[Change, ...]) -> None:
    assert changed(TERMS, other) == codes
    assert (TERMS.digest == other.digest) is (codes == ())


@given(terms, terms)
def test_the_digest_differs_exactly_when_something_changed(one: Terms, other: Terms) -> None:
    assert (one.digest == other.digest) is (changed(one, other) == ())


@given(terms)
def test_terms_survive_being_stored(one: Terms) -> None:
    assert terms_from(one.stored()) == one


def test_a_name_of_marks_alone_is_still_a_name() -> None:
    assert changed(replace(TERMS, lead="!"), replace(TERMS, lead="?")) == (Change.PARTNERS,)


@pytest.mark.parametrize(
    ("hours_before", "kept"), [(25, False), (24, True), (1, True), (0, True), (-1, False)]
)
def test_only_the_last_day_before_the_deadline_is_spared(hours_before: int, *, kept: bool) -> None:
    assert spared(DEADLINE, DEADLINE - timedelta(hours=hours_before)) is kept
