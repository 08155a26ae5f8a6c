"""What a late decision costs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.penalty import (
    MOST_CENTS,
    MOST_DAYS,
    Penalty,
    amount_cents,
    determination_term,
    notice_term,
    penalty,
)
from workflows.terms import decision_term

TERM = decision_term(date(2026, 2, 16), 13)
NOTICE = date(2026, 5, 19)
DAY = timedelta(days=1)


def test_the_amounts_of_the_act() -> None:
    assert (MOST_DAYS, MOST_CENTS) == (42, 144_200)


@pytest.mark.parametrize(
    ("days", "cents"),
    [
        (0, 0),
        (1, 2_300),
        (14, 32_200),
        (15, 35_700),
        (28, 81_200),
        (29, 85_700),
        (42, 144_200),
        (43, 144_200),
    ],
)
def test_the_amount_over_a_number_of_days(days: int, cents: int) -> None:
    assert amount_cents(days) == cents


def test_there_is_no_penalty_over_less_than_no_days() -> None:
    with pytest.raises(ValueError, match="less than no days"):
        amount_cents(-1)


def test_it_starts_the_day_after_two_weeks_from_the_notice() -> None:
    assert TERM.last_day == date(2026, 5, 18)
    assert notice_term(NOTICE).last_day == date(2026, 6, 2)
    first = date(2026, 6, 3)
    assert penalty(TERM, NOTICE, first - DAY) == Penalty(0, 0, first)
    assert penalty(TERM, NOTICE, first) == Penalty(1, 2_300, first)
    assert penalty(TERM, NOTICE, first + 13 * DAY) == Penalty(14, 32_200, first)
    assert penalty(TERM, NOTICE, first + 400 * DAY) == Penalty(42, 144_200, first)


def test_the_two_weeks_move_with_the_algemene_termijnenwet() -> None:
    # Two weeks from 1 May end on the day after Ascension, closed by decree, before a weekend.
    assert notice_term(date(2026, 5, 1)).last_day == date(2026, 5, 18)


def test_the_day_of_announcement_costs_nothing() -> None:
    first = date(2026, 6, 3)
    long_after = date(2027, 1, 1)
    assert penalty(TERM, NOTICE, long_after, announced_on=first).cents == 0
    assert penalty(TERM, NOTICE, long_after, announced_on=first + DAY).cents == 2_300
    assert penalty(TERM, NOTICE, long_after, announced_on=NOTICE).cents == 0


def test_without_notice_or_with_one_too_early_nothing_runs() -> None:
    today = date(2027, 1, 1)
    assert penalty(TERM, None, today) == Penalty(0, 0, None, "no_notice")
    assert penalty(TERM, TERM.last_day, today) == Penalty(0, 0, None, "notice_premature")
    assert penalty(TERM, TERM.last_day + DAY, today).cents == MOST_CENTS


@given(st.integers(0, 400), st.integers(0, 400))
def test_it_never_falls_and_never_passes_the_most(notice_after: int, days: int) -> None:
    notice = TERM.last_day + (1 + notice_after) * DAY
    today = notice + days * DAY
    now, tomorrow = penalty(TERM, notice, today), penalty(TERM, notice, today + DAY)
    assert 0 <= now.cents <= tomorrow.cents <= MOST_CENTS
    assert tomorrow.days - now.days in {0, 1}
    assert now.cents == amount_cents(now.days)


def test_the_amount_is_determined_within_two_weeks() -> None:
    assert determination_term(date(2026, 7, 14)).last_day == date(2026, 7, 28)
