"""Legal terms: known cases, and what the Algemene termijnenwet promises of every term."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar_nl import is_working_day
from workflows.terms import (
    LONGEST_MOVED,
    Unit,
    add_length,
    counted_back,
    decision_term,
    end_of_hours,
    end_of_term,
    not_processed_term,
    notification_deadline,
    objection_decision_term,
    objection_term,
    payment_term,
    proposed_term,
    rebuttal_term,
    supplement_term,
)

DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))
LENGTHS = st.one_of(
    *(st.tuples(st.integers(1, most), st.just(unit)) for unit, most in LONGEST_MOVED.items() if most)
)
TOO_LONG = st.one_of(
    *(st.tuples(st.integers(most + 1, 300), st.just(unit)) for unit, most in LONGEST_MOVED.items())
)


def working_days(first: date, last: date) -> int:
    days = range(first.toordinal(), last.toordinal() + 1)
    return sum(is_working_day(date.fromordinal(number)) for number in days)


class TestObjection:
    def test_around_ascension_day(self) -> None:
        term = objection_term(date(2026, 4, 2))
        assert term.first_day == date(2026, 4, 3)
        assert term.nominal_last_day == date(2026, 5, 14)
        assert term.last_day == date(2026, 5, 18)
        assert term.skipped == (
            (date(2026, 5, 14), "ascension_day"),
            (date(2026, 5, 15), "royal_decree"),
            (date(2026, 5, 16), "saturday"),
            (date(2026, 5, 17), "sunday"),
        )
        assert term.articles == ("Awb 6:7", "Awb 6:8(1)", "Atw 1(1)")
        assert term.caveats == ()

    def test_without_anything_special(self) -> None:
        term = objection_term(date(2026, 3, 2))
        assert term.last_day == date(2026, 4, 13)
        assert term.skipped == ()
        assert term.articles == ("Awb 6:7", "Awb 6:8(1)")

    def test_the_last_day_is_still_in_time(self) -> None:
        term = objection_term(date(2026, 3, 2))
        assert not term.is_over(date(2026, 4, 13))
        assert term.is_over(date(2026, 4, 14))

    def test_a_term_that_ends_on_liberation_day_moves_in_any_year(self) -> None:
        assert objection_term(date(2026, 3, 24)).nominal_last_day == date(2026, 5, 5)
        assert objection_term(date(2026, 3, 24)).last_day == date(2026, 5, 6)

    def test_the_decision_counts_from_the_end_of_the_term_to_object(self) -> None:
        announced = date(2026, 4, 2)
        assert objection_decision_term(announced).last_day == date(2026, 6, 29)
        assert objection_decision_term(announced, committee=True).last_day == date(2026, 8, 10)

    def test_one_extension_of_at_most_six_weeks(self) -> None:
        term = objection_decision_term(date(2026, 4, 2), extended_weeks=6)
        assert term.first_day == date(2026, 5, 19)
        assert term.last_day == date(2026, 8, 10)
        assert term.articles == ("Awb 7:10(1)", "Awb 7:10(3)")
        committee = objection_decision_term(date(2026, 4, 2), committee=True, extended_weeks=6)
        assert committee.last_day == date(2026, 9, 21)
        for weeks in (-1, 7):
            with pytest.raises(ValueError, match="is not possible"):
                objection_decision_term(date(2026, 4, 2), extended_weeks=weeks)


class TestDeciding:
    @pytest.mark.parametrize(
        ("weeks", "last_day"),
        # Both end on a holiday or in a weekend, and do not move.
        [(13, date(2026, 5, 14)), (22, date(2026, 7, 16))],
    )
    def test_thirteen_and_twenty_two_weeks_do_not_move(self, weeks: int, last_day: date) -> None:
        term = decision_term(date(2026, 2, 12), weeks)
        assert (term.nominal_last_day, term.last_day) == (last_day, last_day)
        assert term.articles == ("Awb 4:13(1)", "Atw 4")
        assert not is_working_day(date(2026, 5, 14))

    def test_the_reasonable_term_of_eight_weeks_moves(self) -> None:
        term = decision_term(date(2026, 3, 19), 8)
        assert (term.nominal_last_day, term.last_day) == (date(2026, 5, 14), date(2026, 5, 18))

    def test_a_term_that_no_act_sets_does_not_move(self) -> None:
        term = decision_term(date(2026, 3, 19), 8, statutory=False)
        assert term.last_day == date(2026, 5, 14)
        assert term.articles == ("Awb 4:13(1)",)

    def test_leaving_unprocessed_within_four_weeks(self) -> None:
        assert not_processed_term(date(2026, 4, 16)).last_day == date(2026, 5, 18)

    def test_paying_within_six_weeks(self) -> None:
        assert payment_term(date(2026, 4, 2)).last_day == date(2026, 5, 18)


class TestTermsOfALetter:
    def test_a_working_day_is_proposed(self) -> None:
        term = supplement_term(date(2026, 4, 30), 14)
        assert (term.nominal_last_day, term.last_day) == (date(2026, 5, 14), date(2026, 5, 18))
        assert term.articles == ("Awb 4:5(1)",)
        assert not term.moves

    def test_a_working_day_stays(self) -> None:
        assert rebuttal_term(date(2026, 6, 1), 10).last_day == date(2026, 6, 11)
        assert rebuttal_term(date(2026, 6, 1), 10).skipped == ()


class TestHours:
    def test_a_notification_goes_within_48_hours_weekend_or_not(self) -> None:
        friday = datetime(2026, 5, 15, 16, tzinfo=UTC)
        assert notification_deadline(friday) == datetime(2026, 5, 17, 16, tzinfo=UTC)

    def test_hours_are_real_hours_where_the_clock_changes(self) -> None:
        winter = datetime(2026, 3, 28, 12, tzinfo=timezone(timedelta(hours=1)))
        assert notification_deadline(winter) == datetime(2026, 3, 30, 11, tzinfo=UTC)

    @given(st.timedeltas(timedelta(0), timedelta(days=5000)), st.integers(1, 99))
    def test_hours_never_move(self, after: timedelta, hours: int) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC) + after
        assert end_of_hours(start, hours) - start == timedelta(hours=hours)

    def test_an_instant_without_offset_is_refused(self) -> None:
        with pytest.raises(ValueError, match="needs an offset"):
            end_of_hours(datetime(2026, 3, 28, 12, tzinfo=UTC).replace(tzinfo=None), 1)


class TestAlgemeneTermijnenwet:
    @given(DAYS, LENGTHS)
    def test_a_statutory_term_never_ends_on_a_closed_day(self, after: date, length: tuple[int, Unit]) -> None:
        term = end_of_term(after, *length, statutory=True)
        assert term.moves
        assert is_working_day(term.last_day)

    @given(DAYS, LENGTHS)
    def test_it_holds_two_working_days_from_three_days_on_and_is_no_longer_than_that(
        self, after: date, length: tuple[int, Unit]
    ) -> None:
        term = end_of_term(after, *length, statutory=True)
        nominal_days = (term.nominal_last_day - term.first_day).days + 1
        least = 2 if nominal_days >= 3 else 1
        assert working_days(term.first_day, term.last_day) >= least
        for number in range(term.nominal_last_day.toordinal(), term.last_day.toordinal()):
            shorter = date.fromordinal(number)
            holds_enough = working_days(term.first_day, shorter) >= least
            assert not (is_working_day(shorter) and holds_enough)

    @given(DAYS, LENGTHS)
    def test_the_account_names_every_day_that_was_passed_over(
        self, after: date, length: tuple[int, Unit]
    ) -> None:
        term = end_of_term(after, *length, statutory=True)
        passed = range(term.nominal_last_day.toordinal(), term.last_day.toordinal())
        assert [day for day, _ in term.skipped] == [date.fromordinal(number) for number in passed]
        reasons = {reason for _, reason in term.skipped}
        assert ("Atw 2" in term.articles) == ("two_working_days" in reasons)
        assert ("Atw 1(1)" in term.articles) == bool(reasons - {"two_working_days"})

    @given(DAYS, TOO_LONG)
    def test_a_long_term_or_one_in_years_never_moves(self, after: date, length: tuple[int, Unit]) -> None:
        term = end_of_term(after, *length, statutory=True)
        assert term.last_day == term.nominal_last_day == add_length(after, *length)
        assert (term.skipped, term.articles, term.moves) == ((), ("Atw 4",), False)

    @pytest.mark.parametrize(
        ("length", "unit", "moves"),
        [
            (90, Unit.DAYS, True),
            (91, Unit.DAYS, False),
            (12, Unit.WEEKS, True),
            (13, Unit.WEEKS, False),
            (3, Unit.MONTHS, True),
            (4, Unit.MONTHS, False),
            (1, Unit.YEARS, False),
        ],
    )
    def test_where_article_4_draws_the_line(self, length: int, unit: Unit, *, moves: bool) -> None:
        # The same last day every time: Christmas.
        start = add_length(date(2026, 12, 25), -length, unit)
        term = end_of_term(start, length, unit, statutory=True)
        assert term.nominal_last_day == date(2026, 12, 25)
        assert term.last_day == (date(2026, 12, 28) if moves else date(2026, 12, 25))

    @given(DAYS, LENGTHS)
    def test_a_term_that_no_act_sets_never_moves(self, after: date, length: tuple[int, Unit]) -> None:
        term = end_of_term(after, *length, statutory=False)
        assert term.last_day == add_length(after, *length)
        assert (term.skipped, term.articles, term.caveats) == ((), (), ())

    @given(DAYS, LENGTHS)
    def test_a_term_counted_back_never_moves(self, before: date, length: tuple[int, Unit]) -> None:
        assert counted_back(before, *length) == add_length(before, -length[0], length[1])

    def test_counted_back_to_a_sunday(self) -> None:
        assert counted_back(date(2026, 9, 23), 10, Unit.DAYS) == date(2026, 9, 13)
        assert date(2026, 9, 13).strftime("%A") == "Sunday"

    def test_two_working_days_over_easter(self) -> None:
        # Good Friday, Saturday, Sunday; Easter Monday; Tuesday is one working day, Wednesday two.
        term = end_of_term(date(2026, 4, 2), 3, Unit.DAYS, statutory=True)
        assert term.last_day == date(2026, 4, 8)
        assert term.skipped[-1] == (date(2026, 4, 7), "two_working_days")
        assert term.articles == ("Atw 1(1)", "Atw 2")

    def test_two_days_need_not_hold_two_working_days(self) -> None:
        term = end_of_term(date(2026, 6, 6), 2, Unit.DAYS, statutory=True)
        assert (term.last_day, term.skipped) == (date(2026, 6, 8), ())


class TestLengths:
    @pytest.mark.parametrize(
        ("day", "length", "unit", "expected"),
        [
            (date(2026, 1, 31), 1, Unit.MONTHS, date(2026, 2, 28)),
            (date(2024, 2, 29), 1, Unit.YEARS, date(2025, 2, 28)),
            (date(2026, 11, 30), 3, Unit.MONTHS, date(2027, 2, 28)),
            (date(2026, 12, 15), 1, Unit.MONTHS, date(2027, 1, 15)),
            (date(2026, 1, 15), -1, Unit.MONTHS, date(2025, 12, 15)),
            (date(2026, 1, 15), 2, Unit.WEEKS, date(2026, 1, 29)),
            (date(2026, 1, 15), -15, Unit.DAYS, date(2025, 12, 31)),
        ],
    )
    def test_adding(self, day: date, length: int, unit: Unit, expected: date) -> None:
        assert add_length(day, length, unit) == expected

    @pytest.mark.parametrize("length", [0, -1])
    def test_a_term_has_a_length(self, length: int) -> None:
        with pytest.raises(ValueError, match="is no term"):
            end_of_term(date(2026, 1, 1), length, Unit.DAYS, statutory=True)
        with pytest.raises(ValueError, match="is no term"):
            proposed_term(date(2026, 1, 1), length, Unit.DAYS)


class TestWhatIsNotKnown:
    def test_decree_days_before_2023_are_not_known_and_the_term_says_so(self) -> None:
        assert objection_term(date(2022, 4, 14)).caveats == ("decrees_before_2023_unknown",)
        assert supplement_term(date(2022, 4, 14), 14).caveats == ("decrees_before_2023_unknown",)

    def test_nor_are_those_that_no_decree_has_named_yet(self) -> None:
        assert objection_term(date(2029, 4, 5)).caveats == ("decrees_after_2028_unknown",)

    @pytest.mark.parametrize("after", [date(2023, 1, 2), date(2028, 11, 1)])
    def test_within_the_known_years_nothing_is_doubtful(self, after: date) -> None:
        assert objection_term(after).caveats == ()

    def test_a_term_that_does_not_move_does_not_depend_on_decrees(self) -> None:
        assert decision_term(date(2021, 1, 4), 13).caveats == ()
