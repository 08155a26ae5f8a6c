"""When a ceiling may be changed: the rules alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ceiling import Change, Condition, refusal, warnings
from workflows.states import RoundState

TODAY = date(2026, 3, 10)
RAISE = Change(
    state=RoundState.PUBLISHED,
    before_cents=100,
    after_cents=150,
    promised_cents=80,
    received=3,
    published_on=TODAY,
    opens_on=TODAY + timedelta(days=1),
    today=TODAY,
)
LOWER = replace(RAISE, after_cents=90)
ALL = frozenset(Condition)


def test_a_raise_is_always_allowed_once_it_is_published() -> None:
    assert refusal(RAISE) is None
    assert refusal(replace(RAISE, published_on=TODAY + timedelta(days=1))) == "not_published_yet"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(RAISE, state=RoundState.DRAFT), "round_in_preparation"),
        (replace(RAISE, state=RoundState.DECIDED), "round_closed"),
        (replace(RAISE, state=RoundState.EVALUATED), "round_closed"),
        (replace(RAISE, after_cents=100), "same_ceiling"),
        (replace(LOWER, after_cents=79, received=0), "below_promised"),
        (replace(LOWER, after_cents=79, conditions=ALL), "below_promised"),
        (LOWER, "received_before"),
    ],
)
def test_what_is_refused(change: Change, code: str) -> None:
    assert refusal(change) == code


def test_a_lowering_before_anybody_applied_needs_no_conditions() -> None:
    assert refusal(replace(LOWER, received=0)) is None
    assert refusal(replace(LOWER, received=0, after_cents=80)) is None


@given(st.frozensets(st.sampled_from(Condition)))
def test_the_conditions_of_4_28_hold_together_or_not_at_all(conditions: frozenset[Condition]) -> None:
    expected = None if conditions == ALL else "received_before"
    assert refusal(replace(LOWER, conditions=conditions)) == expected


def test_a_publication_on_or_after_the_opening_is_late() -> None:
    assert warnings(RAISE) == ()
    late = replace(RAISE, opens_on=TODAY)
    assert warnings(late) == ("published_after_opening",)
    assert warnings(replace(late, after_cents=90)) == ("published_after_opening", "binds_received")
    assert warnings(replace(LOWER, received=0)) == ()
