"""Dividing the ceiling, held against the specification and against what may never happen."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import oracle
from tests.workflows.rounds import TOY, a_round, application, rounds
from workflows.award import Allocation, AllocationOutcome, allocate
from workflows.rules import Distribution
from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

PARTIAL = AllocationOutcome.PARTIAL
GIVES = {AllocationOutcome.AWARD, PARTIAL}
Round = tuple[RoundSnapshot, list[ApplicationSnapshot], dict[str, bool]]


def divide(
    round_: RoundSnapshot,
    applications: list[ApplicationSnapshot],
    eligible: dict[str, bool] | None = None,
    ceiling_cents: int | None = None,
) -> tuple[Allocation, ...]:
    verdicts = eligible if eligible is not None else {one.reference: True for one in applications}
    ranking = rank(round_, applications, verdicts)
    return allocate(round_, applications, ranking, ceiling_cents, reference=TOY)


def told(allocations: tuple[Allocation, ...]) -> list[tuple[str, str, int, str | None]]:
    return [(one.reference, one.outcome.value, one.amount_cents, one.ground) for one in allocations]


@given(rounds())
def test_division_is_what_the_specification_says(case: Round) -> None:
    round_, applications, eligible = case
    expected = oracle.division(round_, applications, eligible)
    assert told(divide(round_, applications, eligible)) == [
        (name, *expected[name]) for name in sorted(expected)
    ]


@given(rounds())
def test_the_sum_never_exceeds_the_ceiling(case: Round) -> None:
    round_, applications, eligible = case
    given_amounts = [one.amount_cents for one in divide(round_, applications, eligible)]
    assert sum(given_amounts) <= round_.ceiling_cents
    assert min(given_amounts, default=0) >= 0


@pytest.mark.slow
@given(rounds((Distribution.TENDER, Distribution.FIRST_COME)))
def test_nobody_overtakes(case: Round) -> None:
    round_, applications, eligible = case
    by_reference = {one.reference: one for one in divide(round_, applications, eligible)}
    ranking = rank(round_, applications, eligible)
    in_order = [by_reference[one.reference] for one in ranking if one.fundable]
    met = [index for index, one in enumerate(in_order) if one.ground == "ceiling"]
    after = in_order[met[0] + 1 :] if met else []
    assert [one.amount_cents for one in after] == [0] * len(after)
    assert {one.outcome.value for one in after} <= {"reserve", "reject"}


@pytest.mark.slow
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(case: Round, chance: Random) -> None:
    round_, applications, eligible = case
    ranking = list(rank(round_, applications, eligible))
    expected = allocate(round_, applications, ranking, reference=TOY)
    shuffled = list(applications)
    chance.shuffle(shuffled)
    chance.shuffle(ranking)
    assert allocate(round_, shuffled, ranking, reference=TOY) == expected


@pytest.mark.slow
@given(rounds((Distribution.PROPORTIONAL,)))
def test_proportional_shares_add_up_and_are_within_a_cent(case: Round) -> None:
    round_, applications, eligible = case
    asked = {one.reference: one.requested_cents for one in applications}
    sharing = [
        one for one in divide(round_, applications, eligible) if one.outcome.value in {"award", "partial"}
    ]
    total = sum(asked[one.reference] for one in sharing)
    assert sum(one.amount_cents for one in sharing) == min(total, round_.ceiling_cents)
    for one in sharing:
        exact = Fraction(asked[one.reference]) * min(1, Fraction(round_.ceiling_cents, total or 1))
        assert abs(one.amount_cents - exact) < 1
        assert one.amount_cents <= asked[one.reference]


@pytest.mark.slow
@given(rounds())
def test_neither_the_number_of_awards_nor_the_region_is_passed(case: Round) -> None:
    round_, applications, eligible = case
    rules = round_.rules
    gets = {one.reference for one in divide(round_, applications, eligible) if one.outcome in GIVES}
    awarded = [one for one in applications if one.reference in gets]
    assert rules.max_awards is None or len(awarded) <= rules.max_awards
    if rules.one_award_per_region:
        assert not [
            (one.reference, other.reference)
            for one, other in combinations(awarded, 2)
            if oracle.clash(one.region, other.region)
        ]


@pytest.mark.slow
@given(rounds((Distribution.TENDER, Distribution.FIRST_COME)))
def test_in_turn_at_most_one_gets_a_part_and_never_less_than_the_least(case: Round) -> None:
    round_, applications, eligible = case
    asked = {one.reference: one.requested_cents for one in applications}
    parts = [one for one in divide(round_, applications, eligible) if one.outcome is PARTIAL]
    assert len(parts) <= (1 if round_.rules.partial_award else 0)
    for one in parts:
        assert round_.rules.min_partial_cents <= one.amount_cents < asked[one.reference]


@pytest.mark.slow
@given(rounds((Distribution.TENDER, Distribution.FIRST_COME)), st.integers(0, 500))
def test_more_money_takes_nothing_from_who_got_all(case: Round, more: int) -> None:
    round_, applications, eligible = case
    before = divide(round_, applications, eligible)
    after = {
        one.reference: one
        for one in divide(round_, applications, eligible, ceiling_cents=round_.ceiling_cents + more)
    }
    for one in before:
        if one.outcome is AllocationOutcome.AWARD:
            assert after[one.reference] == one


def test_a_partial_award_is_given_once_and_then_nobody_gets_money() -> None:
    round_ = a_round(250, partial_award=True)
    asked = [("A", 100), ("B", 200), ("C", 50), ("D", 0)]
    assert told(divide(round_, [application(name, requested_cents=cents) for name, cents in asked])) == [
        ("A", "award", 100, None),
        ("B", "partial", 150, "ceiling"),
        ("C", "reserve", 0, "ceiling"),
        ("D", "reserve", 0, "ceiling"),
    ]


def test_what_is_left_may_be_too_little_for_a_partial_award() -> None:
    applications = [application("A", requested_cents=100), application("B", requested_cents=200)]
    enough = a_round(250, partial_award=True, min_partial_cents=150)
    too_little = a_round(250, partial_award=True, min_partial_cents=151)
    none_left = a_round(100, partial_award=True)
    assert told(divide(enough, applications))[1] == ("B", "partial", 150, "ceiling")
    assert told(divide(too_little, applications))[1] == ("B", "reserve", 0, "ceiling")
    assert told(divide(none_left, applications))[1] == ("B", "reserve", 0, "ceiling")


def test_a_taken_region_is_tested_before_the_number_and_the_ceiling() -> None:
    round_ = a_round(100, one_award_per_region=True, max_awards=1)
    assert told(
        divide(
            round_,
            [
                application("A", requested_cents=100),
                application("B", region={"name": "Oud", "municipalities": ["GM0901", "GM0008"]}),
                application("C", region={"name": "Elders", "municipalities": ["GM0008"]}),
            ],
        )
    ) == [
        ("A", "award", 100, None),
        ("B", "reject", 0, "region_taken"),
        ("C", "reserve", 0, "max_awards"),
    ]


def test_another_ceiling_is_a_what_if() -> None:
    round_ = a_round(100)
    applications = [application("A", requested_cents=100), application("B", requested_cents=100)]
    assert told(divide(round_, applications, ceiling_cents=200))[1] == ("B", "award", 100, None)
    assert told(divide(round_, applications, ceiling_cents=0))[0] == ("A", "reserve", 0, "ceiling")


def test_cents_that_rounding_leaves_go_by_largest_remainder_and_then_by_order() -> None:
    round_ = a_round(100, distribution="proportional", tie_break=[])
    asked = [("A", 100), ("B", 100), ("C", 100)]
    assert told(divide(round_, [application(name, requested_cents=cents) for name, cents in asked])) == [
        ("A", "partial", 34, "ceiling"),
        ("B", "partial", 33, "ceiling"),
        ("C", "partial", 33, "ceiling"),
    ]
    uneven = [("A", 1), ("B", 100), ("C", 100)]
    amounts = [
        one.amount_cents
        for one in divide(round_, [application(name, requested_cents=cents) for name, cents in uneven])
    ]
    # 100/201 = 0.4975, 49.75 and 49.75: both cents left go to the larger remainders.
    assert amounts == [0, 50, 50]


def test_what_is_not_fundable_keeps_its_ground() -> None:
    (only,) = divide(a_round(), [application("A")], {"A": False})
    assert told((only,)) == [("A", "reject", 0, "not_eligible")]
