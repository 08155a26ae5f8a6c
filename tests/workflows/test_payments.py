"""The usual payments of an award, and what cannot be asked of one that is determined at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.payments import at_once, settled_at_once, usual_payments, waits_for_settlement

SMALL, MIDDLE, LARGE = 2_499_999, 2_500_000, 12_500_000


def test_a_small_award_is_paid_at_once_and_a_large_one_in_parts() -> None:
    cents = [[one.cents for one in usual_payments(amount, weeks=6)] for amount in (SMALL, MIDDLE, LARGE)]
    assert cents == [[2_499_999], [2_000_000, 500_000], [5_000_000, 5_000_000, 2_500_000]]


@pytest.mark.parametrize("amount_cents", [SMALL, MIDDLE, LARGE])
def test_the_first_comes_within_the_weeks_of_the_round(amount_cents: int) -> None:
    first, *_others = usual_payments(amount_cents, weeks=8)
    assert first.when.nl == "Binnen 8 weken na de bekendmaking van dit besluit"
    assert first.when.en == "Within 8 weeks after this decision is announced"


def test_one_week_is_no_weeks() -> None:
    assert at_once(1).nl.startswith("Binnen 1 week na")
    assert at_once(1).en.startswith("Within 1 week after")


def test_no_award_has_no_payments() -> None:
    assert usual_payments(0, weeks=6) == ()


@given(st.integers(min_value=1, max_value=10**11), st.integers(min_value=1, max_value=52))
def test_payments_add_up_to_the_award(amount_cents: int, weeks: int) -> None:
    payments = usual_payments(amount_cents, weeks=weeks)
    assert sum(one.cents for one in payments) == amount_cents
    assert all(one.cents >= 0 for one in payments)


@given(st.integers(min_value=1, max_value=10**11))
def test_what_is_usual_waits_for_the_determination_only_where_there_is_one(amount_cents: int) -> None:
    waiting = [waits_for_settlement(one.when.nl) for one in usual_payments(amount_cents, weeks=6)]
    assert any(waiting) is not settled_at_once(amount_cents)
    assert waiting == [waits_for_settlement(one.when.en) for one in usual_payments(amount_cents, weeks=6)]


@pytest.mark.parametrize(
    "when",
    [
        "Na de vaststelling",
        "na vaststelling van de subsidie",
        "De rest bij de vaststelling",
        "NA  DE SUBSIDIEVASTSTELLING",
        "Binnen 6 weken na de definitieve vaststelling",
        "Na de vaststelling van het bedrag",
        "Zodra wij de subsidie hebben vastgesteld",
        "After the determination",
    ],
)
def test_words_that_wait_for_the_determination(when: str) -> None:
    assert waits_for_settlement(when)


@pytest.mark.parametrize(
    "when",
    [
        "Na het plan",
        "Binnen 6 weken na dit besluit",
        "Na de vaststelling van uw jaarplan",
        "Als uw begroting is vastgesteld",
        "Halverwege, na uw voortgangsverslag",
        "",
    ],
)
def test_words_that_wait_for_something_else(when: str) -> None:
    assert not waits_for_settlement(when)
