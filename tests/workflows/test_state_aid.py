"""State aid over three rolling years against the ceilings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.state_aid import Aid, AidStanding, Regulation, first_day, standings

TODAY = date(2026, 3, 10)
DE_MINIMIS, SGEI = Regulation.DE_MINIMIS, Regulation.SGEI


def of(found: tuple[AidStanding, ...], who: str, regulation: Regulation) -> AidStanding:
    (one,) = [one for one in found if (one.participant, one.regulation) == (who, regulation)]
    return one


@pytest.mark.parametrize(
    ("granted_on", "counts"),
    [
        (date(2026, 3, 10), True),
        (date(2023, 3, 10), True),
        (date(2023, 3, 9), False),
        (date(2026, 3, 11), False),
        (None, True),
    ],
)
def test_three_years_are_counted_back_from_the_day(granted_on: date | None, counts: bool) -> None:  # noqa: FBT001
    found = standings([Aid("lead", DE_MINIMIS, 100, granted_on)], on=TODAY, lead="lead")
    assert of(found, "lead", DE_MINIMIS).earlier_cents == (100 if counts else 0)


def test_a_leap_day_counts_back_to_the_last_of_february() -> None:
    assert first_day(date(2024, 2, 29)) == date(2021, 2, 28)


def test_what_is_asked_counts_for_the_lead_under_both_and_for_nobody_else() -> None:
    received = [
        Aid("lead", DE_MINIMIS, 25_000_000, TODAY),
        Aid("partner", SGEI, 75_000_001, TODAY),
        Aid("partner", SGEI, 1, TODAY),
    ]
    found = standings(received, on=TODAY, lead="lead", asked_cents=5_000_000)
    assert len(found) == 3
    assert of(found, "lead", DE_MINIMIS).total_cents == 30_000_000
    assert of(found, "lead", DE_MINIMIS).over_cents == 0  # the ceiling itself is allowed
    assert of(found, "lead", SGEI).total_cents == 5_000_000
    assert of(found, "partner", SGEI).over_cents == 2


def test_without_a_lead_only_those_with_aid_are_told() -> None:
    assert standings([], on=TODAY, asked_cents=1) == ()


AIDS = st.lists(
    st.builds(
        Aid,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(Regulation),
        st.integers(0, 10**12),
        st.dates(TODAY - timedelta(days=2000), TODAY),
    )
)


@given(received=AIDS, later=st.integers(0, 2000))
def test_no_cent_that_counts_is_lost_and_time_only_frees_room(received: list[Aid], later: int) -> None:
    def total(day: date) -> int:
        return sum(one.earlier_cents for one in standings(received, on=day, lead="a"))

    expected = sum(
        aid.amount_cents for aid in received if aid.granted_on and aid.granted_on >= first_day(TODAY)
    )
    assert total(TODAY) == expected
    assert total(TODAY + timedelta(days=later)) <= expected
