"""On which days no term ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar_nl import (
    ARTICLE_3,
    DECREE_DAYS,
    DECREES_KNOWN,
    closed_reason,
    day_of,
    is_working_day,
    next_working_day,
    propose_working_day,
)

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 1, 1), "new_year"),
        (date(2026, 1, 2), "royal_decree"),
        (date(2026, 4, 3), "good_friday"),
        (date(2026, 4, 5), "sunday"),
        (date(2026, 4, 6), "easter_monday"),
        (date(2026, 4, 27), "kings_day"),
        (date(2026, 5, 5), "liberation_day"),
        (date(2026, 5, 14), "ascension_day"),
        (date(2026, 5, 15), "royal_decree"),
        (date(2026, 5, 16), "saturday"),
        (date(2026, 5, 25), "whit_monday"),
        (date(2026, 12, 25), "christmas_day"),
        (date(2026, 12, 26), "boxing_day"),
        (date(2026, 12, 24), None),
        (date(2026, 12, 5), "saturday"),
        # On a Sunday the King's birthday is celebrated on the Saturday.
        (date(2025, 4, 26), "kings_day"),
        (date(2012, 4, 30), "kings_day"),
    ],
)
def test_why_a_day_is_closed(day: date, reason: str | None) -> None:
    assert closed_reason(day) == reason


def easter_sunday(year: int) -> date:
    """Compute Easter by Gauss's rule in the form of Meeus: a second opinion beside the package."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    lifted = century - (century + 8) // 25 + 1
    moon = (19 * golden + century - century // 4 - lifted // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def article_3(year: int) -> set[date]:
    birthday = date(year, 4, 27) if year >= 2014 else date(year, 4, 30)
    easter = easter_sunday(year)
    return {
        date(year, 1, 1),
        easter - 2 * DAY,
        easter + DAY,
        birthday - DAY if birthday.weekday() == 6 else birthday,
        date(year, 5, 5),
        easter + 39 * DAY,
        easter + 50 * DAY,
        date(year, 12, 25),
        date(year, 12, 26),
    }


@pytest.mark.parametrize("year", range(2000, 2061))
def test_the_holidays_of_a_year_are_those_of_article_3(year: int) -> None:
    days = [date(year, 1, 1) + number * DAY for number in range(365 + (year % 4 == 0))]
    holidays = {day for day in days if closed_reason(day) in ARTICLE_3.values()}
    assert holidays == article_3(year)


def test_decree_days_are_working_days_but_for_the_decree_and_lie_in_the_known_years() -> None:
    assert {closed_reason(day) for day in DECREE_DAYS} == {"royal_decree"}
    assert {day.year for day in DECREE_DAYS} == set(DECREES_KNOWN)


@given(DAYS)
def test_the_next_working_day_is_later_open_and_the_first(day: date) -> None:
    following = next_working_day(day)
    assert following > day
    assert is_working_day(following)
    between = range(day.toordinal() + 1, following.toordinal())
    assert not any(is_working_day(date.fromordinal(number)) for number in between)


@given(DAYS)
def test_a_proposed_day_is_open_and_moves_no_working_day(day: date) -> None:
    proposed = propose_working_day(day)
    assert is_working_day(proposed)
    assert (proposed == day) == is_working_day(day)


def test_a_day_is_a_day_in_the_netherlands() -> None:
    assert day_of(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == date(2026, 3, 29)
    assert day_of(datetime(2026, 7, 1, 21, 59, tzinfo=UTC)) == date(2026, 7, 1)
    with pytest.raises(ValueError, match="needs an offset"):
        day_of(datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None))
