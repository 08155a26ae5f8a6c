"""Who is next on the reserve list: in order, in time, and never past somebody else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.rounds import TOY, rules
from workflows.reserve import Awarded, Place, Standing, Turn, next_of, parts_are_raised, standings
from workflows.snapshot import Region

DAY = date(2026, 6, 1)
UNTIL = date(2026, 9, 1)
NONE = Awarded(0)


def place(number: int, wants: int = 100, **values: object) -> Place:
    return Place(f"R{number}", number, number + 10, wants, **{"until": UNTIL, **values})


def part(rank: int, wants: int = 100, held: int = 40, **values: object) -> Place:
    return Place(f"P{rank}", None, rank, wants, held, **values)


def told(
    *places: Place, free: int, awarded: Awarded = NONE, today: date = DAY, **changes: object
) -> list[str]:
    found = found_for(*places, free=free, awarded=awarded, today=today, **changes)
    return [f"{one.place.reference} {one.turn}" for one in found]


def found_for(
    *places: Place, free: int, awarded: Awarded = NONE, today: date = DAY, **changes: object
) -> tuple[Standing, ...]:
    return standings(
        places, free_cents=free, rules=rules(**changes), awarded=awarded, today=today, reference=TOY
    )


def test_the_first_that_fits_is_next_and_the_others_wait() -> None:
    found = found_for(place(2), place(1), place(3), free=100)
    assert [(one.place.reference, one.turn.value, one.amount_cents) for one in found] == [
        ("R1", "next", 100),
        ("R2", "waiting", 0),
        ("R3", "waiting", 0),
    ]


def test_nobody_overtakes_who_does_not_fit() -> None:
    assert told(place(1, 200), place(2, 50), free=100) == ["R1 short", "R2 waiting"]
    assert next_of(found_for(place(1, 200), place(2, 50), free=100)) is None


def test_a_part_is_given_where_the_rules_allow_and_it_is_enough() -> None:
    found = next_of(found_for(place(1, 200), free=150, partial_award=True, min_partial_cents=150))
    assert found is not None
    assert found.amount_cents == 150
    assert told(place(1, 200), free=149, partial_award=True, min_partial_cents=150) == ["R1 short"]
    assert told(place(1, 200), free=0, partial_award=True) == ["R1 short"]


def test_who_has_a_part_goes_before_the_first_reserve_place_by_rank() -> None:
    found = found_for(place(1), part(3), part(2), free=60, partial_award=True, min_partial_cents=500)
    assert [one.place.reference for one in found] == ["P2", "P3", "R1"]
    assert (found[0].turn, found[0].amount_cents) == (Turn.NEXT, 100)
    # Whatever came free helps who has a part already, however little.
    (less, *_) = found_for(part(2), free=1, partial_award=True, min_partial_cents=500)
    assert (less.turn, less.amount_cents) == (Turn.NEXT, 41)


def test_the_last_day_counts_and_the_day_after_does_not() -> None:
    assert told(place(1), place(2, until=UNTIL + timedelta(days=1)), free=100, today=UNTIL) == [
        "R1 next",
        "R2 waiting",
    ]
    assert told(
        place(1), place(2, until=UNTIL + timedelta(days=1)), free=100, today=UNTIL + timedelta(days=1)
    ) == ["R1 lapsed", "R2 next"]


def test_a_part_is_raised_as_long_as_the_list_lasts() -> None:
    after = UNTIL + timedelta(days=1)
    assert told(part(1), place(1), free=60, today=UNTIL) == ["P1 next", "R1 waiting"]
    assert told(part(1), place(1), free=60, today=after) == ["P1 lapsed", "R1 lapsed"]
    assert told(part(1), free=60, today=after) == ["P1 next"]


def test_who_moves_holds_up_nobody_and_who_was_not_told_yet_does() -> None:
    assert told(place(1, moving=True), place(2), free=100) == ["R1 moving", "R2 next"]
    assert told(place(1, announced=False), place(2), free=100) == ["R1 not_announced", "R2 waiting"]


def test_the_maximum_of_awards_holds_and_a_part_counts_already() -> None:
    assert told(part(1), place(1), free=500, awarded=Awarded(1), max_awards=1) == [
        "P1 next",
        "R1 max_awards",
    ]
    assert told(place(1), free=500, awarded=Awarded(1), max_awards=2) == ["R1 next"]


def test_one_award_per_region_passes_over_and_goes_on() -> None:
    here, there = Region(municipalities=("GM0001",)), Region(municipalities=("GM0002",))
    both = (place(1, region=here), place(2, region=there))
    awarded = Awarded(1, (Region(municipalities=("GM0001", "GM0003")),))
    assert told(*both, free=100, awarded=awarded, one_award_per_region=True) == [
        "R1 region_taken",
        "R2 next",
    ]
    assert told(*both, free=100, awarded=awarded) == ["R1 next", "R2 waiting"]


@pytest.mark.parametrize(("distribution", "raised"), [("tender", True), ("proportional", False)])
def test_equal_shares_are_not_raised_one_by_one(distribution: str, *, raised: bool) -> None:
    assert parts_are_raised(rules(distribution=distribution)) is raised


PLACES = st.lists(
    st.tuples(st.integers(1, 300), st.booleans(), st.booleans(), st.sampled_from([DAY, UNTIL, None])),
    max_size=8,
)


@given(PLACES, st.integers(0, 600), st.booleans())
def test_at_most_one_is_next_and_gets_no_more_than_there_is(
    drawn: list[tuple[int, bool, bool, date | None]],
    free: int,
    partial: bool,  # noqa: FBT001  # hypothesis gives it so
) -> None:
    places = [
        place(number, wants, announced=told_, moving=moves, until=until)
        for number, (wants, told_, moves, until) in enumerate(drawn, start=1)
    ]
    found = found_for(*places, free=free, today=DAY + timedelta(days=1), partial_award=partial)
    upcoming = [one for one in found if one.turn is Turn.NEXT]
    assert len(upcoming) <= 1
    assert [one.place.number for one in found] == list(range(1, len(places) + 1))
    for one in upcoming:
        assert 0 < one.amount_cents <= free
        before = found[: found.index(one)]
        assert all(other.turn in {Turn.MOVING, Turn.LAPSED} for other in before)
