"""The usual payments of an award."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.payments import usual_payments


def test_a_small_award_is_paid_at_once_and_a_large_one_in_parts() -> None:
    cents = [[one.cents for one in usual_payments(amount)] for amount in (2_499_999, 2_500_000, 12_500_000)]
    assert cents == [[2_499_999], [2_000_000, 500_000], [5_000_000, 5_000_000, 2_500_000]]


def test_no_award_has_no_payments() -> None:
    assert usual_payments(0) == ()


@given(st.integers(min_value=1, max_value=10**11))
def test_payments_add_up_to_the_award(amount_cents: int) -> None:
    payments = usual_payments(amount_cents)
    assert sum(one.cents for one in payments) == amount_cents
    assert all(one.cents >= 0 for one in payments)
