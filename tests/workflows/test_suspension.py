"""What stops the clock, against a clock that is wound by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar_nl import is_working_day
from workflows.suspension import Ground, Suspension, days_running, for_supplement, suspend
from workflows.terms import Unit, decision_term, end_of_term

START = date(2026, 2, 12)
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)

suspensions = st.lists(
    st.builds(
        lambda ground, offset, days: Suspension(ground, START + offset * DAY, START + (offset + days) * DAY),
        st.sampled_from(list(Ground)),
        st.integers(-20, 150),
        st.integers(0, 40),
    ),
    max_size=5,
)


def stands_still(day: date, found: list[Suspension]) -> bool:
    return any(one.first_day <= day and one.resumes_on and day < one.resumes_on for one in found)


def test_the_clock_stands_still_from_the_day_after_the_invitation_until_it_was_supplied() -> None:
    pause = for_supplement(date(2026, 3, 2), supplied_on=date(2026, 3, 12))
    assert (pause.first_day, pause.resumes_on) == (date(2026, 3, 3), date(2026, 3, 12))
    term = suspend(decision_term(START, 13), [pause], TODAY)
    assert term.suspended_days == 9
    assert term.last_day == date(2026, 5, 14) + timedelta(days=9)
    assert term.articles == ("Awb 4:13(1)", "Atw 4", "Awb 4:15(1)(a)")
    assert term.caveats == ()


def test_an_unused_term_counts_to_its_last_day() -> None:
    pause = for_supplement(date(2026, 3, 2), expired_on=date(2026, 3, 16))
    assert suspend(decision_term(START, 13), [pause], TODAY).suspended_days == 14


def test_supplied_on_the_day_of_the_invitation_suspends_nothing() -> None:
    pause = for_supplement(date(2026, 3, 2), supplied_on=date(2026, 3, 2))
    assert suspend(decision_term(START, 13), [pause], TODAY) == decision_term(START, 13)


def test_supplied_and_expired_exclude_each_other() -> None:
    day = date(2026, 3, 16)
    with pytest.raises(ValueError, match="not both"):
        for_supplement(date(2026, 3, 2), supplied_on=day, expired_on=day)


def test_a_suspension_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        Suspension(Ground.CONSENT, date(2026, 3, 2), date(2026, 3, 1))


def test_a_suspension_that_lasts_is_counted_through_today_and_says_so() -> None:
    pause = for_supplement(date(2026, 3, 2))
    later = Suspension(Ground.CONSENT, date(2026, 3, 5), date(2026, 3, 20))
    term = suspend(decision_term(START, 13), [pause, later], date(2026, 3, 12))
    assert term.suspended_days == 17
    assert term.caveats == ("still_suspended",)
    assert suspend(decision_term(START, 13), [pause], date(2026, 3, 12)).suspended_days == 10


def test_a_term_that_had_ended_is_not_revived() -> None:
    term = decision_term(START, 13)
    pause = Suspension(Ground.OWN_DELAY, term.last_day + DAY, term.last_day + 9 * DAY)
    assert suspend(term, [pause], TODAY) == term


@given(suspensions)
def test_without_moving_it_is_the_clock_wound_by_hand(found: list[Suspension]) -> None:
    term = suspend(decision_term(START, 13), found, TODAY)
    left, day = 13 * 7, START
    while left:
        day += DAY
        left -= not stands_still(day, found)
    assert term.last_day == day
    assert term.suspended_days == (day - START).days - 13 * 7


@given(suspensions, st.randoms())
def test_the_order_of_suspensions_never_matters(found: list[Suspension], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (suspend(decision_term(START, 8), many, TODAY) for many in (found, shuffled))
    assert (one.last_day, one.suspended_days) == (other.last_day, other.suspended_days)


@given(suspensions)
def test_a_term_that_moves_still_ends_on_a_working_day(found: list[Suspension]) -> None:
    term = suspend(end_of_term(START, 8, Unit.WEEKS, statutory=True), found, TODAY)
    assert is_working_day(term.last_day)
    assert len(set(term.articles)) == len(term.articles)
    assert [day for day, _ in term.skipped] == [
        term.nominal_last_day + number * DAY for number in range((term.last_day - term.nominal_last_day).days)
    ]


@given(suspensions, st.integers(0, 200))
def test_a_net_lead_time_counts_the_days_that_the_clock_ran(found: list[Suspension], length: int) -> None:
    days = [START + number * DAY for number in range(length + 1)]
    expected = sum(not stands_still(day, found) for day in days)
    assert days_running(START, days[-1], found) == expected


def test_a_lead_time_under_a_suspension_that_lasts() -> None:
    pause = Suspension(Ground.FORCE_MAJEURE, START + 3 * DAY)
    assert days_running(START, START + 30 * DAY, [pause]) == 3
