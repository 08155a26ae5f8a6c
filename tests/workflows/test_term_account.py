"""How a term is accounted for: the same end as the term itself, with every step that leads there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import term_account, terms
from workflows.suspension import Ground, Suspension, for_supplement
from workflows.term_account import Account, Begins
from workflows.terms import Unit

DAYS = st.dates(date(2019, 1, 1), date(2035, 12, 31))
THURSDAY = date(2026, 4, 2)


def test_the_objection_of_the_vector() -> None:
    account = term_account.objection(THURSDAY, printed=date(2026, 5, 18))
    assert account.nominal_without_suspension == date(2026, 5, 14)
    assert [reason for _day, reason in account.term.skipped] == [
        "ascension_day",
        "royal_decree",
        "saturday",
        "sunday",
    ]
    assert account.last_day == date(2026, 5, 18)
    assert account.holds


def test_a_printed_day_that_differs_is_told() -> None:
    account = term_account.objection(THURSDAY, printed=date(2026, 5, 15))
    assert not account.holds
    assert not account.set_by_letter


def test_an_appeal_runs_as_long_as_an_objection() -> None:
    appeal, objection = term_account.appeal(THURSDAY), term_account.objection(THURSDAY)
    assert appeal.last_day == objection.last_day
    assert appeal.articles == ("Awb 8:1", *objection.articles)


def test_a_decision_that_was_suspended_and_delayed() -> None:
    stood_still = for_supplement(date(2026, 4, 1), supplied_on=date(2026, 4, 11))
    account = term_account.decision(
        Begins.CLOSED,
        date(2026, 3, 30),
        13,
        suspensions=[stood_still],
        today=date(2026, 5, 1),
        delayed_to=date(2026, 8, 3),
        printed=date(2026, 8, 3),
    )
    assert account.nominal_without_suspension == date(2026, 6, 29)
    assert account.term.suspended_days == 9
    assert account.term.last_day == date(2026, 7, 8)
    assert account.last_day == date(2026, 8, 3)
    assert account.articles == ("Awb 4:13(1)", "Atw 4", "Awb 4:15(1)(a)", "Awb 4:14")
    assert account.holds


@pytest.mark.parametrize(
    ("account", "set_by_letter"),
    [
        (term_account.supplement(THURSDAY, 14), True),
        (term_account.rebuttal(THURSDAY, 10), True),
        (term_account.heard(THURSDAY, 14), True),
        (term_account.reserve(THURSDAY, 6), True),
        (term_account.not_processed(THURSDAY, supplied=True), False),
        (term_account.payment(THURSDAY, 6), False),
    ],
)
def test_which_terms_a_letter_sets(account: Account, *, set_by_letter: bool) -> None:
    assert account.set_by_letter is set_by_letter
    # An act that moves the end is never applied to what a letter sets.
    assert not (set_by_letter and account.term.moves)


@given(DAYS)
def test_the_steps_lead_from_the_event_to_the_last_day(day: date) -> None:
    for account in (
        term_account.objection(day),
        term_account.payment(day, 6),
        term_account.not_processed(day, supplied=False),
        term_account.supplement(day, 14),
        term_account.heard(day, 10),
        term_account.reserve(day, 6),
        term_account.decision(Begins.RECEIVED, day, 22, today=day),
    ):
        term = account.term
        assert term.first_day == account.event_day + timedelta(days=1)
        assert account.nominal_without_suspension == term.nominal_last_day
        passed = [one for one, _reason in term.skipped]
        assert passed == [term.nominal_last_day + timedelta(days=n) for n in range(len(passed))]
        assert account.last_day == term.nominal_last_day + timedelta(days=len(passed))


@given(DAYS, st.integers(0, 40))
def test_what_stood_still_lies_between_the_two_nominal_days(day: date, days: int) -> None:
    asked_on = day + timedelta(days=3)
    suspension = for_supplement(asked_on, supplied_on=asked_on + timedelta(days=days))
    account = term_account.decision(
        Begins.CLOSED, day, 13, suspensions=[suspension], today=day + timedelta(days=400)
    )
    later = terms.add_length(account.nominal_without_suspension, account.term.suspended_days or 0, Unit.DAYS)
    assert later == account.term.nominal_last_day


def test_a_suspension_past_the_day_that_a_letter_of_delay_named_moves_the_end_on() -> None:
    """A day that the office named earlier cannot make its term shorter than the law does (Awb 4:15)."""
    closed = date(2026, 2, 18)
    told = term_account.decision(Begins.CLOSED, closed, 13, today=closed, delayed_to=date(2026, 5, 25))
    assert (told.term.last_day, told.last_day) == (date(2026, 5, 20), date(2026, 5, 25))
    waited = Suspension(Ground.SUPPLEMENT, date(2026, 3, 11), date(2026, 3, 25))
    longer = term_account.decision(
        Begins.CLOSED, closed, 13, suspensions=(waited,), today=closed, delayed_to=date(2026, 5, 25)
    )
    assert (longer.last_day, longer.delayed_to) == (date(2026, 6, 3), None)
    assert "Awb 4:14" not in longer.articles
